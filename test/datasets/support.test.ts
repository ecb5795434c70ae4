import { describe, expect, it } from "vitest";
import { compileDataset } from "../../src/api/datasets.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { allParameters, updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { nPix } from "../../src/sky/pixels.js";
import type { WcsGeom } from "../../src/sky/types.js";
import { at, atSlow, check, free, frozen, models, source, type Values } from "./check-derivatives.js";
import { slowStat } from "./slow-stat.js";
import { storedDataset } from "./stored.js";

/** The cube with a psf of two pixels' radius, so that most bins see the background alone. */
function narrow(): MapDataset {
  const cube = storedDataset<MapDataset>("cube");
  const { map } = cube.psf!;
  const n = nPix(map.geom);
  const nRad = map.geom.axes[0]!.nodes.length - 1;
  const data = map.data.map((_, k) => (Math.floor(k / n) % nRad < 5 ? 1 : 0));
  return { ...cube, psf: { ...cube.psf, map: { ...map, data } } };
}

const dataset = narrow();
const [nx, ny] = (dataset.counts!.geom as WcsGeom).npix;
const index = (r: number, y: number, x: number) => (r * ny + y) * nx + x;
const place = (dlon: number, dlat: number): [string, Values] => {
  const { lon_0, lat_0 } = at(dlon, dlat);
  return [
    "point",
    { lon_0: { value: lon_0 as number, frozen: true }, lat_0: { value: lat_0 as number, frozen: true } },
  ];
};
const power = (amplitude: number): [string, Values] => ["pl", { index: 2.1, amplitude }];
const background = (norm: number) =>
  free(models(fovBackground("cube", createSubmodel("pl-norm", { norm, tilt: 0.1 }))), "cube-bkg.tilt").components[0]!;
const point = (name: string, amplitude: number, dlon: number, dlat: number) =>
  source(name, power(amplitude), place(dlon, dlat));

function both(data: MapDataset, all: Models): void {
  check(data, all);
  atSlow(data, all);
}

/** Bins with counts that no source reaches, as the rows say. */
function bare(all: Models): number {
  const { components, mask } = compileDataset(dataset, all);
  let count = 0;
  mask!.forEach((pixels, r) => {
    for (const pixel of pixels) {
      if (dataset.counts!.data[r * nx * ny + pixel] === 0) continue;
      const sum = components!.slice(0, -1).reduce((s, c) => {
        const k = c.columns(r).length;
        const row = new Float64Array(k);
        c.rows(r, Int32Array.of(pixel), row, k, 0);
        return s + row.reduce((a, b) => a + Math.abs(b), 0);
      }, 0);
      if (sum === 0) count++;
    }
  });
  return count;
}

describe("bins that not every model reaches", () => {
  it("a source in the middle, at the edge and in the corner", () => {
    for (const [dlon, dlat] of [
      [0.02, 0.01],
      [0.38, 0],
      [0.45, -0.45],
    ] as const) {
      const all = models(point("src", 3e-12, dlon, dlat), background(1.2));
      expect(bare(all)).toBeGreaterThan(50);
      both(dataset, all);
    }
  });
  it("a source off the map", () => {
    const all = models(point("src", 3e-12, 2, 0), background(1.2));
    atSlow(dataset, all);
  });
  it("sources apart, together and frozen", () => {
    const all = models(
      point("one", 3e-12, 0.3, 0.2),
      point("two", 2e-12, -0.3, -0.2),
      point("near two", 1e-12, -0.26, -0.18),
      point("still", 4e-12, 0.27, 0.22),
      background(1.2),
    );
    both(dataset, frozen(all, "still.amplitude", "still.index"));
  });
  it("a source over a frozen background, and a background under a frozen source", () => {
    const all = models(point("src", 3e-12, 0.1, 0), background(0.9));
    both(dataset, frozen(all, "cube-bkg.norm", "cube-bkg.tilt"));
    both(dataset, frozen(all, "src.index", "src.amplitude"));
  });
  it("counts where the background is zero, with and without a source", () => {
    const b = (dataset as { background: { data: Float64Array } }).background;
    const data = b.data.slice();
    const counts = dataset.counts!.data.slice();
    for (let r = 0; r < 3; r++) {
      for (const [y, x] of [
        [1, 1],
        [Math.floor(ny / 2), Math.floor(nx / 2)],
      ] as const) {
        data[index(r, y, x)] = 0;
        counts[index(r, y, x)] = 2;
      }
    }
    const holes = {
      ...dataset,
      background: { ...dataset.background!, data },
      counts: { ...dataset.counts!, data: counts },
    };
    both(holes, models(point("src", 3e-12, 0, 0), background(1.2)));
  });
  it("a negative background, whose bins are clipped where no source is above it", () => {
    both(dataset, models(point("src", 3e-12, 0.1, 0), background(-0.3)));
    atSlow(dataset, models(background(-0.3)));
  });
  it("a negative source beside a positive one", () => {
    both(dataset, models(point("minus", -2e-11, 0.1, 0), point("src", 3e-12, 0.02, 0.02), background(1.1)));
  });
  it("a negative source at energies where others have the background alone", () => {
    const { map } = dataset.edisp!;
    const n = nPix(map.geom);
    const nReco = map.geom.axes[0]!.nodes.length - 1;
    // nothing is reconstructed in the first energy bin, nor in the last
    const seen = (k: number) => [0, nReco - 1].every((r) => Math.floor(k / n) % nReco !== r);
    const data = map.data.map((x, k) => (seen(k) ? x : 0));
    const limited = { ...dataset, edisp: { map: { ...map, data } } };
    const all = models(point("minus", -2e-11, 0.1, 0), background(1.1));
    both(limited, all);
    // and then a positive one
    const { term, parameters } = compileDataset(limited, all);
    const at = (of: Models) =>
      Float64Array.from(parameters, (q) => allParameters(of)[q.entry]!.parameter.value * q.factor);
    for (const amplitude of [-2e-11, 3e-12]) {
      const other = updateParameters(all, { "minus.amplitude": amplitude });
      expect(term.value(at(other)) / slowStat(limited, other)).toBeCloseTo(1, 11);
    }
  });
  it("takes other counts, also after it has clipped", () => {
    const all = models(point("src", 3e-12, 0.1, 0), background(1.1));
    const minus = updateParameters(all, { "src.amplitude": -2e-11 });
    const { term, data, parameters } = compileDataset(dataset, all);
    const at = (of: Models) =>
      Float64Array.from(parameters, (q) => allParameters(of)[q.entry]!.parameter.value * q.factor);
    term.value(at(minus));
    data.set(data.measured.map((n) => (n + 1) % 3));
    const other = data.dataset(data.measured.map((n) => (n + 1) % 3)) as MapDataset;
    for (const of of [all, minus]) expect(term.value(at(of)) / slowStat(other, of)).toBeCloseTo(1, 11);
    expect(dataset.counts!.data).toEqual(storedDataset("cube").counts!.data);
  });
  it("a negative source that has left its pixel", () => {
    const moving = models(source("src", power(-2e-11), ["point", at(0.1, 0)]), background(1.1));
    const { term, parameters } = compileDataset(dataset, moving);
    const x = (of: Models) =>
      Float64Array.from(parameters, (q) => allParameters(of)[q.entry]!.parameter.value * q.factor);
    term.value(x(moving));
    const moved = updateParameters(moving, { "src.lat_0": 22.01 + 0.11 });
    expect(term.value(x(moved)) / slowStat(dataset, moved)).toBeCloseTo(1, 11);
  });
});
