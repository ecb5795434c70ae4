/** Sources on a map of few pixels: counts by the formula, sums over the mask, and derivatives. */
import { describe, expect, it } from "vitest";
import { compileDataset, npredSignal } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import type { Component, MaskPixels } from "../../src/fold/types.js";
import { skyModel } from "../../src/models/create.js";
import type { Models, Submodel } from "../../src/models/types.js";
import { separation } from "../../src/sky/frames.js";
import { pixToSky } from "../../src/sky/wcs.js";
import { check, OF_POINTS } from "../datasets/check-derivatives.js";
import { fillColumns } from "./rows.js";
import { countsByHand, image, placeOf, pointShare, powerLawFlux, type Seen, type TinyOptions, tiny } from "./tiny.js";

const INDEX = 2.3;
const AMPLITUDE = 4e-11;
const flux = powerLawFlux(INDEX, AMPLITUDE);

/** A power law of that shape, all of it free or the place and size frozen. */
function models(spatial: Submodel, isFree: boolean): Models {
  const parameters = spatial.parameters.map((p) => ({ ...p, frozen: !isFree || p.name === "e" || p.name === "phi" }));
  const spectral = createSubmodel("pl", { index: INDEX, amplitude: AMPLITUDE });
  return { components: [skyModel({ name: "src", spectral, spatial: { ...spatial, parameters } })] };
}

const point = (x: number, y: number) => {
  const { lon, lat } = placeOf(x, y);
  return createSubmodel("point", { lon_0: lon, lat_0: lat }, { kind: "spatial" });
};
const gauss = (x: number, y: number, sigma: number) => {
  const { lon, lat } = placeOf(x, y);
  return createSubmodel("gauss", { lon_0: lon, lat_0: lat, sigma }, { kind: "spatial" });
};

/** sr, of a pixel of the tangential plane: its area there, seen from the centre of the sphere at the angle of its place. */
function solidAngle(x: number, y: number): number {
  const { crpix } = image().wcs;
  const step = (0.1 * Math.PI) / 180;
  const r2 = ((x + 1 - crpix[0]) ** 2 + (y + 1 - crpix[1]) ** 2) * step ** 2;
  return step ** 2 / (1 + r2) ** 1.5;
}

/** Brightness of a round Gaussian on the sphere at the middles of n x n parts of a pixel, times its solid angle. Its sampling is Gammapy's: ceil(pixel / (sigma / 3)). */
function gaussShare(x: number, y: number, sigma: number, n: number): (u: number, v: number) => number {
  const { lon, lat } = placeOf(x, y);
  const a = 1 - Math.cos((sigma * Math.PI) / 180);
  const norm = 1 / (4 * Math.PI * a * (1 - Math.exp(-1 / a)));
  return (u, v) => {
    let sum = 0;
    for (let k = 0; k < n * n; k++) {
      const [i, j] = [((k % n) + 0.5) / n - 0.5, (Math.floor(k / n) + 0.5) / n - 0.5];
      const [l, b] = pixToSky(image().wcs, u + i, v + j) as unknown as [number, number];
      sum += norm * Math.exp((-0.5 * (1 - Math.cos((separation(lon, lat, l, b) * Math.PI) / 180))) / a);
    }
    return (sum / n ** 2) * solidAngle(u, v);
  };
}

const instruments: Readonly<Record<string, TinyOptions>> = {
  "without psf and energy dispersion": {},
  "with one psf": { psf: [1, 1] },
  "with one energy dispersion": { edisp: [1, 1] },
  "with psf and energy dispersion that differ from place to place": { psf: [2, 2], edisp: [2, 2] },
  "with a row of psfs and a column of energy dispersions": { psf: [2, 1], edisp: [1, 2] },
};

/** Relative to the largest count: rounding of sums of some hundred products, and of transforms. */
const ROUNDING = 1e-12;

function expectCounts(found: ArrayLike<number>, expected: Float64Array, tolerance = ROUNDING): void {
  const peak = Math.max(...expected.map(Math.abs));
  expect(peak).toBeGreaterThan(0);
  expected.forEach((x, k) => {
    expect(Math.abs(found[k]! - x), `bin ${k}: ${found[k]}, by hand ${x}`).toBeLessThan(tolerance * peak);
  });
}

/** Rows times fluxes of a component in all bins, after a step from where it was compiled. */
function countsOf(dataset: MapDataset, from: Models, to: Float64Array): Float64Array {
  const { term, components } = compileDataset(dataset, from);
  term.hessian(to, new Float64Array(term.n), new Float64Array(term.n ** 2));
  return fillColumns(components![0]!, dataset);
}

describe.each(Object.entries(instruments))("an instrument %s", (_, options) => {
  const places = { "on the map": [2.3, 1.6], "at a corner": [-0.3, 4.2], "beside the map": [6.2, 2.4] } as const;
  it.each(Object.entries(places))("sees a point %s by the formula, frozen and free", (_name, [x, y]) => {
    const dataset = tiny(options);
    const seen: Seen = { flux, position: placeOf(x, y), share: pointShare(x, y) };
    const expected = countsByHand(dataset, seen);
    if (options.psf === undefined && x > 6) expect(Math.max(...expected)).toBe(0);
    else expectCounts(npredSignal(dataset, models(point(x, y), false)).data, expected);
    // from elsewhere
    const { lon, lat } = placeOf(x, y);
    const moved = countsOf(dataset, models(point(3.4, 2.7), true), Float64Array.of(INDEX, AMPLITUDE, lon, lat));
    if (Math.max(...expected) > 0) expectCounts(moved, expected);
    else expect(Math.max(...moved)).toBe(0);
  });

  // wide enough for one sample a pixel, and for three; neither between two numbers of samples
  it.each([
    [0.45, 1],
    [0.11, 3],
  ])("sees a Gaussian of %s deg by the formula, frozen and free", (sigma, samples) => {
    const dataset = tiny(options);
    const [x, y] = [2.3, 1.6];
    const expected = countsByHand(dataset, {
      flux,
      position: placeOf(x, y),
      share: gaussShare(x, y, sigma, samples),
    });
    // sampled out to 5 sigma: what lies beyond is 4e-6
    expectCounts(npredSignal(dataset, models(gauss(x, y, sigma), false)).data, expected, 1e-5);
    const { lon, lat } = placeOf(x, y);
    const start = models(gauss(3.4, 2.7, 1.3 * sigma), true);
    const moved = countsOf(dataset, start, Float64Array.of(INDEX, AMPLITUDE, lon, lat, sigma));
    expectCounts(moved, expected, 1e-5);
  });

  it("sees what has no place on the map and as far beside it as the psf brings in, frozen and free", () => {
    const dataset = tiny(options);
    // responses of the middle of their maps
    const expected = countsByHand(dataset, {
      flux,
      position: placeOf(2.5, 2),
      share: (u, v) => 3 * solidAngle(u, v),
    });
    const constant = createSubmodel("const", { value: 3 }, { kind: "spatial" });
    // areas of pixels by their middles: their size of 0.0017 squared is left
    expectCounts(npredSignal(dataset, models(constant, false)).data, expected, 3e-6);
    const start = models({ ...constant, parameters: constant.parameters.map((p) => ({ ...p, value: 2 })) }, true);
    expectCounts(countsOf(dataset, start, Float64Array.of(INDEX, AMPLITUDE, 3)), expected, 3e-6);
    expect(check(dataset, start).term.n).toBe(3);
  });

  it("has exact derivatives of a point, by both coordinates and by one", () => {
    const all = models(point(2.3, 1.6), true);
    expect(check(tiny(options), all, OF_POINTS).term.n).toBe(4);
    const [model] = all.components as [Models["components"][number] & { spatial: Submodel }];
    for (const name of ["lon_0", "lat_0"]) {
      const parameters = model.spatial.parameters.map((p) => ({ ...p, frozen: p.name === name }));
      const one = { ...model, spatial: { ...model.spatial, parameters } } as Models["components"][number];
      expect(check(tiny(options), { components: [one] }, OF_POINTS).term.n).toBe(3);
    }
  });

  it("has exact derivatives of a Gaussian", () => {
    expect(check(tiny(options), models(gauss(2.3, 1.6, 0.17), true)).term.n).toBe(5);
    expect(check(tiny(options), models(gauss(6.1, 4.4, 0.17), true)).term.n).toBe(5);
  });

  it.each([
    ["point", point(2.3, 1.6)],
    ["point at the edge", point(5.4, 4.2)],
    ["Gaussian", gauss(2.3, 1.6, 0.17)],
    ["Gaussian at the edge", gauss(5.4, 4.2, 0.17)],
  ])("has the sums of the rows of a %s over a mask as totals", (_name, spatial) => {
    for (const isFree of [false, true]) {
      const all = models(spatial, isFree);
      const { term, components, mask } = compileDataset(tiny(options), all);
      const start = [INDEX, AMPLITUDE, ...spatial.parameters.map((p) => p.value)].slice(0, term.n);
      term.hessian(Float64Array.from(start), new Float64Array(term.n), new Float64Array(term.n ** 2));
      const [component] = components!;
      expectTotals(component!, mask!);
      // each bin pixels of its own, and none in the last
      expectTotals(component!, [mask![0]!.filter((k) => k % 3 > 0), new Int32Array(0)]);
    }
  });
});

describe("rows", () => {
  it.each([
    ["point", point(2.3, 1.6)],
    ["Gaussian", gauss(2.3, 1.6, 0.17)],
  ])("of a %s are written where they belong, and nowhere else", (_, spatial) => {
    for (const isFree of [false, true]) {
      const { term, components } = compileDataset(tiny({ psf: [2, 2], edisp: [2, 2] }), models(spatial, isFree));
      const start = [INDEX, AMPLITUDE, ...spatial.parameters.map((p) => p.value)].slice(0, term.n);
      term.hessian(Float64Array.from(start), new Float64Array(term.n), new Float64Array(term.n ** 2));
      const component = components![0]!;
      const chosen = Int32Array.of(9, 3, 15);
      const k = component.columns(1).length;
      const plain = new Float64Array(3 * k);
      component.rows(1, chosen, plain, k, 0);
      // rows of other components before and after, and a pixel more
      const stride = k + 5;
      const out = new Float64Array(4 * stride).fill(-7);
      component.rows(1, chosen, out, stride, 2);
      const expected = Float64Array.from(out, (_x, i) => {
        const [row, column] = [Math.floor(i / stride), (i % stride) - 2];
        return row < 3 && column >= 0 && column < k ? plain[row * k + column]! : -7;
      });
      expect(out).toEqual(expected);
    }
  });
});

/** Of the columns that have rows; no flux comes to the others. */
function expectTotals(component: Component, mask: MaskPixels): void {
  const { size } = component.vector;
  const expected = new Float64Array(size);
  const scale = new Float64Array(size);
  mask.forEach((pixels, r) => {
    const columns = component.columns(r);
    const rows = new Float64Array(pixels.length * columns.length);
    component.rows(r, pixels, rows, columns.length, 0);
    rows.forEach((x, i) => {
      expected[columns[i % columns.length]!]! += x;
      scale[columns[i % columns.length]!]! += Math.abs(x);
    });
  });
  const totals = new Float64Array(size).fill(Number.NaN);
  component.totals!(mask, totals);
  expect(scale.some((x) => x > 0)).toBe(true);
  for (const k of new Set(mask.flatMap((pixels, r) => (pixels.length === 0 ? [] : [...component.columns(r)])))) {
    expect(Math.abs(totals[k]! - expected[k]!), `column ${k}`).toBeLessThanOrEqual(ROUNDING * scale[k]!);
  }
}
