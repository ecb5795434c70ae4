/** Psfs whose energies are not those of the data: of cut data, coarser ones, ones that end before. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { npredSignal } from "../../src/api/datasets.js";
import { compileJoint } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import { sliceByEnergy } from "../../src/datasets/slice.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { readMapDataset } from "../../src/io/map-dataset.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { axisEdges } from "../../src/sky/axis.js";
import type { MapAxis } from "../../src/sky/types.js";
import { slowStat } from "../datasets/slow-stat.js";

const file = gunzipSync(readFileSync("test/fold/reco-psf.fits.gz"));
const dataset = readMapDataset(file, { where: "reco-psf.fits" }) as MapDataset;
const edges = axisEdges(dataset.counts!.geom.axes[0]!);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (x, k) => Math.abs(x - b[k]!)));
const point = skyModel({
  name: "point",
  spectral: createSubmodel("pl", { index: 2.2, amplitude: 4e-12 }),
  spatial: createSubmodel("point", { lon_0: 83.63, lat_0: 22.01 }, { kind: "spatial" }),
});
const gauss = skyModel({
  name: "gauss",
  spectral: createSubmodel("ecpl", { index: 1.8, amplitude: 6e-12, lambda_: 0.1 }),
  spatial: createSubmodel("gauss", { lon_0: 83.4, lat_0: 21.8, sigma: 0.12 }, { kind: "spatial" }),
});
const models: Models = { components: [point, gauss] };

/** A psf in true energy: at each of the energies of `axis` that of bin r of the psf in reconstructed energy. */
function inTrueEnergy(data: MapDataset, r: number, axis: MapAxis): MapDataset {
  const { map } = data.psf!;
  const n = map.data.length / 3;
  const values = new Float64Array(n * (axisEdges(axis).length - 1));
  for (let at = 0; at < values.length; at += n) values.set(map.data.subarray(r * n, (r + 1) * n), at);
  return { ...data, psf: { map: { ...map, geom: { ...map.geom, axes: [map.geom.axes[0]!, axis] }, data: values } } };
}

it("a map cut in energy is predicted as the whole map is there", () => {
  const whole = npredSignal(dataset, models).data;
  const n = whole.length / 3;
  for (const [from, to] of [
    [0, 1],
    [1, 2],
    [1, 3],
    [2, 3],
  ] as const) {
    const cut = sliceByEnergy(dataset, edges[from]!, edges[to]!)!;
    expect(farthest(npredSignal(cut, models).data, whole.subarray(from * n, to * n))).toBeLessThan(1e-12);
  }
});

it("the likelihood and its derivatives are those of maps of one energy bin each, with the psf of this bin in true energy", () => {
  const { exposure } = dataset;
  const axis = exposure!.geom.axes[0]!;
  const n = exposure!.data.length / 5;
  // the same across the map, so that it may count before or after the psf
  const data = exposure!.data.map((_, k) => 1e12 * (1 + Math.floor(k / n)));
  const whole: MapDataset = { ...dataset, exposure: { ...exposure!, data } };
  const parts = [0, 1, 2].map((r) => {
    const cut = sliceByEnergy(inTrueEnergy(whole, r, axis), edges[r]!, edges[r + 1]!)!;
    return { ...cut, name: `bin ${r}` };
  });
  const [one, sum] = [compileJoint([whole], models), compileJoint(parts, models)];
  const k = one.parameters.length;
  const [g, expected] = [new Float64Array(k), new Float64Array(k)];
  const [h, hExpected] = [new Float64Array(k * k), new Float64Array(k * k)];
  for (const shift of [0, 1, -1]) {
    const x = one.start.map((value, i) => value * (1 + 3e-4 * shift * ((i % 3) - 1)));
    const value = one.objective.hessian(x, g, h);
    // sums of another order
    expect(value / sum.objective.hessian(x, expected, hExpected)).toBeCloseTo(1, 10);
    const size = x.map((_, a) => Math.sqrt(Math.abs(hExpected[a * k + a]!)));
    g.forEach((slope, a) => {
      expect(Math.abs(slope - expected[a]!)).toBeLessThan(1e-7 * (Math.abs(slope) + size[a]!));
    });
    h.forEach((y, i) => {
      expect(Math.abs(y - hExpected[i]!)).toBeLessThan(1e-6 * size[Math.floor(i / k)]! * size[i % k]!);
    });
  }
  expect(slowStat(whole, models) / one.objective.value(one.start)).toBeCloseTo(1, 9);
});

it.each([1, 2, 3])("a psf of %i energies, where the exposure has five, loses nothing of a source", (count) => {
  const axis: MapAxis = {
    ...dataset.exposure!.geom.axes[0]!,
    nodes: Float64Array.from({ length: count + 1 }, (_, k) => 0.7 * (50 / 0.7) ** (k / count)),
  };
  const { psf: _, ...sharp } = {
    ...dataset,
    exposure: { ...dataset.exposure!, data: dataset.exposure!.data.map(() => 1e12) },
  };
  const blurred = inTrueEnergy({ ...sharp, psf: dataset.psf! }, 2, axis);
  const components = [point];
  // a width of 0.11 deg in the middle of 2 x 1.6 deg
  expect(sum(npredSignal(blurred, { components }).data) / sum(npredSignal(sharp, { components }).data)).toBeCloseTo(
    1,
    9,
  );
});

it("a psf that ends before the energies that are seen is said, and that of its edge is taken", () => {
  const nodes = Float64Array.of(2, 4, 8);
  const short = inTrueEnergy(dataset, 1, { ...dataset.exposure!.geom.axes[0]!, nodes });
  const warnings = compileJoint([short], models).terms.flatMap((term) => term.warnings ?? []);
  expect(warnings.join()).toMatch(/psf ends before energy_true bin 0/);
});
