/** Values of exposure, background, psf and energy dispersion that mean nothing. */
import { describe, expect, it } from "vitest";
import { npred, npredSignal, simulate } from "../../src/api/datasets.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import { fitMask } from "../../src/datasets/facets.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { calibration } from "../../src/models/calibration.js";
import { skyModel } from "../../src/models/create.js";
import { updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { nPix } from "../../src/sky/pixels.js";
import type { SkyMap } from "../../src/sky/types.js";
import { storedDataset } from "./stored.js";

const cube = storedDataset<MapDataset>("cube");
const spatial = createSubmodel("point", { lon_0: 83.77, lat_0: 21.93 }, { kind: "spatial" });
const spectral = createSubmodel("pl", { amplitude: 4e-12, index: 2.2 });
const models: Models = {
  components: [skyModel({ name: "src", spectral, spatial }), fovBackground("cube")],
};

/** Other values of some bins. */
function changed(map: SkyMap, values: (i: number, x: number) => number): SkyMap {
  return { ...map, data: map.data.map((x, i) => values(i, x)) };
}
const statOf = (dataset: MapDataset) => {
  const joint = compileJoint([dataset], models);
  return joint.objective.value(joint.start);
};
/** Values in a bin of the outer axis of a map. */
const rowOf = ({ geom, data }: SkyMap) => data.length / (geom.axes.at(-1)!.nodes.length - 1);
const row = (map: SkyMap, t: number, value: number) =>
  changed(map, (i, x) => (Math.floor(i / rowOf(map)) === t ? value : x));

describe("background", () => {
  const inFit = Array.from(fitMask(cube).keys()).filter((i) => fitMask(cube)[i] === 1);
  const three = new Set(inFit.slice(0, 3));

  it("below 0 counts as 0, and it is said", () => {
    const negative = { ...cube, background: changed(cube.background!, (i, x) => (three.has(i) ? -0.2 : x)) };
    const zero = { ...cube, background: changed(cube.background!, (i, x) => (three.has(i) ? 0 : x)) };
    expect(statOf(negative)).toBe(statOf(zero));
    expect(npred(negative, models).data).toEqual(npred(zero, models).data);
    expect(fit([negative], models).warnings).toEqual([
      'dataset "cube": the background is negative in 3 bins of the fit, where it counts as 0',
    ]);
    expect(fit([zero], models).warnings).toEqual([]);
  });

  it("of a map without a model for it is held, and it is said where nobody asked for it", () => {
    const source = models.components.slice(0, 1);
    const said = (all: Models) => fit([cube], all).warnings;
    expect(said({ components: source })).toEqual([
      expect.stringMatching(/^dataset "cube" has a background and no model for it, so it is held as it is; add/),
    ]);
    const frozen = updateParameters(models, { "cube-bkg.norm": { frozen: true } });
    const norm = calibration(["cube"], { background_norm: { value: 1, frozen: false } });
    const none = { ...cube, background: changed(cube.background!, () => 0) };
    expect(said(frozen)).toEqual([]);
    expect(said({ components: source, calibration: [norm] })).toEqual([]);
    expect(fit([none], { components: source }).warnings).toEqual([]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "that is %s is refused in the fit, and means nothing outside",
    (bad) => {
      const at = (used: boolean) => {
        const i = fitMask(cube).findIndex((m) => (m === 1) === used);
        return { ...cube, background: changed(cube.background!, (k, x) => (k === i ? bad : x)) };
      };
      expect(() => statOf(at(true))).toThrow(
        new RegExp(
          `dataset "cube": the background is ${bad} in energy bin \\d+ \\(.* TeV\\), pixel \\d+, which is in the fit`,
        ),
      );
      if (fitMask(cube).includes(0)) expect(statOf(at(false))).toBe(statOf(cube));
    },
  );
});

describe("exposure", () => {
  it("that is NaN counts as not seen, and it is said", () => {
    const n = nPix(cube.exposure!.geom);
    const with_ = (value: number) => ({ ...cube, exposure: changed(cube.exposure!, (i, x) => (i < n ? value : x)) });
    expect(statOf(with_(Number.NaN))).toBe(statOf(with_(0)));
    expect(fit([with_(Number.NaN)], models).warnings).toEqual([
      `dataset "cube": the exposure is NaN in ${n} of ${cube.exposure!.data.length} bins, which count as not seen`,
    ]);
  });

  it.each([-1e9, Number.POSITIVE_INFINITY])("of %s is refused", (bad) => {
    const exposure = changed(cube.exposure!, (i, x) => (i === 7 ? bad : x));
    expect(() => statOf({ ...cube, exposure })).toThrow(
      /the exposure is (-1000000000|Infinity) in energy_true bin 0 .*, pixel 7/,
    );
  });
});

describe("psf and energy dispersion", () => {
  const t = 3;
  it.each([
    ["psf", Number.NaN],
    ["psf", -1],
    ["psf", Number.POSITIVE_INFINITY],
    ["edisp", Number.NaN],
    ["edisp", -1],
  ] as const)("%s of %s is refused at an energy that is seen, and means nothing at others", (what, bad) => {
    const given = cube[what]!;
    const broken = { ...cube, [what]: { ...given, map: row(given.map, t, bad) } };
    expect(() => statOf(broken)).toThrow(
      new RegExp(
        `dataset "cube": the ${what} is ${bad} in energy_true bin ${t} \\(.* TeV\\), where the instrument sees`,
      ),
    );
    const blind = { ...cube, exposure: row(cube.exposure!, t, 0) };
    const zero = { ...blind, [what]: { ...given, map: row(given.map, t, 0) } };
    // mixed from other pixels: rounding
    expect(statOf({ ...broken, exposure: blind.exposure }) / statOf(zero)).toBeCloseTo(1, 13);
  });
});

it("a psf of zeros at an energy that is seen is said, as no source comes through there", () => {
  const empty = { ...cube, psf: { ...cube.psf!, map: row(cube.psf!.map, 3, 0) } };
  const said = (dataset: MapDataset) => fit([dataset], models).warnings;
  expect(said(empty)).toEqual([
    expect.stringMatching(
      /^dataset "cube": the psf is 0 in energy_true bin 3 \(.* TeV\), where the instrument sees: sources add nothing there$/,
    ),
  ]);
  expect(said({ ...empty, exposure: row(cube.exposure!, 3, 0) })).toEqual([]);
});

it("a model without a value is seen in predictions, and refused in simulations", () => {
  const huge = updateParameters(models, { "src.amplitude": 1e300, "src.index": -200 });
  expect(npredSignal(cube, huge).data.some((x) => !Number.isFinite(x))).toBe(true);
  expect(() => simulate(cube, huge, 1)).toThrow(
    /simulation of dataset "cube": the models predict (NaN|Infinity) counts in bin/,
  );
});

it("a source that changes with time is refused where a dataset has no good time intervals", () => {
  const { gti: _, ...timeless } = cube;
  const temporal = createSubmodel("gauss", {}, { kind: "temporal" });
  const pulse = { components: [skyModel({ name: "src", spectral, spatial, temporal })] };
  expect(() => npredSignal(timeless, pulse)).toThrow(
    /dataset "cube" and model "src": the source changes with time \(GaussianTemporalModel\), but the dataset has no good time intervals/,
  );
  const constant = {
    components: [
      skyModel({ name: "src", spectral, spatial, temporal: createSubmodel("const", {}, { kind: "temporal" }) }),
    ],
  };
  expect(npredSignal(timeless, constant).data).toEqual(
    npredSignal(timeless, { components: models.components.slice(0, 1) }).data,
  );
});
