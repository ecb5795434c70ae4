import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readModelsWithFiles, writeDatasets } from "../../src/api/io.js";
import { memoryFiles } from "../../src/io/files.js";
import { readPhaseCurve, writePhaseCurve } from "../../src/io/phase-curve.js";
import { phaseCurveTemporal } from "../../src/models/temporal/phase-curve.js";
import type { SkyModel } from "../../src/models/types.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/phase_curve.json", import.meta.url), "utf8"));
const curveOf = (name: string) => ({
  phase: Float64Array.from(oracle.tables[name].phase),
  values: Float64Array.from(oracle.tables[name].values),
});
const find = () => phaseCurveTemporal;
const bound = (name: string, normalize: boolean) =>
  phaseCurveTemporal.bind!({ find, extra: { normalize }, resources: { curve: curveOf(name) } });

describe("TemplatePhaseCurveTemporalModel", () => {
  for (const row of oracle.rows) {
    const { table, normalize, f0, f1, f2, from, to, mean } = row;
    it(`has the mean of Gammapy: ${table}, normalize ${normalize}, ${f0} Hz over ${((to - from) * 86400).toFixed(3)} s`, () => {
      const p = Float64Array.of(oracle.reference, oracle.phase, f0, f1, f2);
      // MJD keeps a microsecond: 2e-5 of the phase at 30 Hz, of an interval of 5 turns
      const digits = f0 > 1 ? 4 : 9;
      expect(bound(table, normalize).mean(from, to, p) / mean).toBeCloseTo(1, digits);
    });
  }

  it("has the derivatives of its mean", () => {
    const { mean, derivatives } = bound("inner", true);
    const p = Float64Array.of(oracle.reference, 0.3, 2e-4, 1e-11, 1e-18);
    const [from, to] = [oracle.reference + 0.31, oracle.reference + 0.47];
    const [g, h] = [new Float64Array(5), new Float64Array(25)];
    expect(derivatives!(from, to, p, g, h)).toBe(mean(from, to, p));
    const steps = [1e-4, 1e-4, 1e-8, 1e-12, 1e-17];
    const at = (changes: readonly (readonly [number, number])[]) => {
      const q = p.slice();
      for (const [k, sign] of changes) q[k]! += sign * steps[k]!;
      return mean(from, to, q);
    };
    for (let k = 0; k < 5; k++) {
      // differences of a quadratic are exact but for rounding: 1e-16 over the step's change
      const slope = (at([[k, 1]]) - at([[k, -1]])) / (2 * steps[k]!);
      expect(g[k]! / slope).toBeCloseTo(1, 5);
      for (let l = 0; l < 5; l++) {
        const across =
          (at([
            [k, 1],
            [l, 1],
          ]) -
            at([
              [k, 1],
              [l, -1],
            ]) -
            at([
              [k, -1],
              [l, 1],
            ]) +
            at([
              [k, -1],
              [l, -1],
            ])) /
          (4 * steps[k]! * steps[l]!);
        const size = Math.sqrt(Math.abs(h[6 * k]! * h[6 * l]!));
        expect(Math.abs(h[5 * k + l]! - across) / size, `${k} ${l}`).toBeLessThan(1e-2);
      }
    }
  });

  it("is kept in a file, whose phases rise from 0 to 1", () => {
    const curve = curveOf("inner");
    expect(readPhaseCurve(writePhaseCurve(curve))).toEqual(curve);
    const turned = { ...curve, phase: curve.phase.slice().reverse() };
    expect(() => readPhaseCurve(writePhaseCurve(turned))).toThrow(
      /row 2: PHASE is 0\.6, expected 0 to 1, and more than/,
    );
    expect(() => phaseCurveTemporal.bind!({ find, extra: { normalize: "yes" }, resources: { curve } })).toThrow(
      /normalize/,
    );
  });
});

it("is read from models.yaml with its file, and written beside it", async () => {
  const yaml = `components:
- name: pulsar
  type: SkyModel
  spectral: {type: pl}
  temporal:
    type: TemplatePhaseCurveTemporalModel
    filename: curve.fits
    normalize: false
    parameters:
    - {name: f0, value: 11.2, unit: s-1}
    - {name: t_ref, value: 55000.5, unit: d}
`;
  const curve = curveOf("whole");
  const files = memoryFiles({ "m.yaml": new TextEncoder().encode(yaml), "curve.fits": writePhaseCurve(curve) });
  const { models } = await readModelsWithFiles(yaml, "m.yaml", files);
  const [{ temporal }] = models.components as [SkyModel];
  expect(temporal!.resources).toEqual({ curve });
  expect(temporal!.parameters.map(({ value }) => value)).toEqual([55000.5, 0, 11.2, 0, 0]);
  const out = memoryFiles();
  await writeDatasets({ datasets: [], models }, out, { folder: "", prefix: "" });
  expect([...out.entries.keys()].sort()).toEqual(["curve.fits", "datasets.yaml", "models.yaml"]);
  expect(new TextDecoder().decode(out.entries.get("models.yaml"))).toContain("normalize: false");
});
