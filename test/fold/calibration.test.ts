/** Nuisance parameters of a dataset, against sums by hand. */
import { describe, expect, it } from "vitest";
import { compileDataset, npred, npredBackground, npredSignal } from "../../src/api/datasets.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import { calibration } from "../../src/models/calibration.js";
import type { Models } from "../../src/models/types.js";
import { axisCenters } from "../../src/sky/axis.js";
import { check } from "../datasets/check-derivatives.js";
import { byHand, expectNear, INDEX, source, type Values } from "./made-sources.js";
import { energy, tiny } from "./tiny.js";

describe("a calibration", () => {
  const dataset = tiny({ edisp: [1, 1] });
  const calibrated = (values: Values, model = source()): Models => ({
    components: [model, fovBackground("tiny", createSubmodel("pl-norm", { norm: 1.2, tilt: 0.3 }))],
    calibration: [calibration(["other"], { area_norm: 7 }), calibration(["tiny"], values)],
  });
  /** Of a power law at E / (1 + z): A E^-index (1 + z)^index / (1 + z). */
  const z = 0.07;
  const shift = (1 + z) ** (INDEX - 1);
  const free = (value: number) => ({ value, frozen: false });

  it.each([
    ["frozen", (value: number) => ({ value, frozen: true })],
    ["free", free],
  ] as const)("that is %s changes area, energies and background", (_, as) => {
    const models = calibrated({ area_norm: as(1.1), energy_scale: as(z), background_norm: as(1.3) });
    expectNear(
      npredSignal(dataset, models).data,
      byHand(dataset, () => 1.1 * shift),
      1e-11,
    );
    const centers = axisCenters(energy);
    const expected = dataset.background!.data.map((b, k) => 1.3 * b * 1.2 * centers[Math.floor(k / 30)]! ** -0.3);
    expectNear(npredBackground(dataset, models).data, expected, 1e-13);
  });

  it("has exact derivatives, each alone and all together", () => {
    const [area, scale, background] = [
      { area_norm: free(1.1) },
      { energy_scale: free(z) },
      { background_norm: free(1.3) },
    ];
    for (const [values, n] of [
      [area, 5 - 1],
      [scale, 5 - 1],
      [background, 5 - 1],
      [{ ...area, ...scale, ...background }, 6],
    ] as [Values, number][]) {
      expect(check(dataset, calibrated(values)).term.n).toBe(n);
    }
    // a background without a model of its own
    const alone = { components: [source()], calibration: [calibration(["tiny"], background)] };
    expect(check(dataset, alone).term.n).toBe(3);
    expectNear(
      npredBackground(dataset, alone).data,
      dataset.background!.data.map((b) => 1.3 * b),
      1e-14,
    );
    const frozen = { components: [source()], calibration: [calibration(["tiny"], { background_norm: 0.4 })] };
    expectNear(
      npredBackground(dataset, frozen).data,
      dataset.background!.data.map((b) => 0.4 * b),
      1e-14,
    );
  });

  it("of a background is refused where there is none", () => {
    const { background: _, ...bare } = dataset;
    const models = (values: Values) => ({ components: [source()], calibration: [calibration(["tiny"], values, "c")] });
    const message =
      '"c.background_norm" on dataset "tiny": the dataset has no background that it could scale; freeze it at 1, or give this dataset a calibration of its own';
    expect(() => npred(bare, models({ background_norm: 1.2 }))).toThrow(message);
    expect(() => compileDataset(bare, models({ background_norm: free(1) }))).toThrow(message);
    expect(npred(bare, models({ area_norm: 2 })).data.some((x) => x > 0)).toBe(true);
  });
});
