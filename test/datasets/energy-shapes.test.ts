/** Shapes that differ with energy, frozen and free. */
import { describe, expect, it } from "vitest";
import { compileDataset, npredSignal } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import { standardRegistry } from "../../src/io/registry.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { skyModel } from "../../src/models/create.js";
import type { SpatialDeclaration } from "../../src/models/declaration.js";
import { updateParameters } from "../../src/models/parameters.js";
import { gaussianSpatial } from "../../src/models/spatial/gaussian.js";
import type { Models } from "../../src/models/types.js";
import { axisCenters } from "../../src/sky/axis.js";
import { nPix } from "../../src/sky/pixels.js";
import { at, check } from "./check-derivatives.js";
import { storedDataset } from "./stored.js";

/** A Gaussian whose width is sigma (E / TeV)^-slope; its place has names of its own. */
function shrinking(slope: number): SpatialDeclaration {
  const scaled = (p: Float64Array, energy: number) => {
    const q = p.slice();
    q[2]! *= energy ** -slope;
    return q;
  };
  const { lon_0, lat_0, ...others } = gaussianSpatial.parameters;
  return {
    ...gaussianSpatial,
    type: "ShrinkingSpatialModel",
    tag: "shrinking",
    parameters: { l: lon_0!, b: lat_0!, ...others },
    position: ["l", "b"],
    energyDependent: true,
    evaluate: (lon, lat, p, energy) => gaussianSpatial.evaluate(lon, lat, scaled(p, energy!)),
    derivatives(lon, lat, p, g, h, energy) {
      const value = gaussianSpatial.derivatives!(lon, lat, scaled(p, energy!), g, h);
      const factor = energy! ** -slope;
      g[2]! *= factor;
      for (let i = 0; i < 5; i++) {
        h[10 + i]! *= factor;
        h[5 * i + 2]! *= factor;
      }
      return value;
    },
  };
}

const using = (slope: number) => ({ registry: extendRegistry(standardRegistry, { spatial: [shrinking(slope)] }) });
const spectral = createSubmodel("pl", { index: 2.1, amplitude: 3e-12 });
const { lon_0: l, lat_0: b } = at(0.12, -0.07);
function shrinkingModels(slope: number, sigma: number): Models {
  const spatial = createSubmodel("shrinking", { l: l!, b: b!, sigma }, using(slope));
  return { components: [skyModel({ name: "src", spectral, spatial })] };
}
const frozen = (models: Models) =>
  updateParameters(models, Object.fromEntries(["l", "b", "sigma"].map((name) => [`src.${name}`, { frozen: true }])));

const cube = storedDataset("cube");

describe("a shape that differs with energy", () => {
  it("is folded at the centre of each bin of true energy", () => {
    const found = npredSignal(cube, frozen(shrinkingModels(0.1, 0.5)), using(0.1)).data;
    // bin by bin: the Gaussian of that width with the exposure of that bin alone
    const energies = axisCenters(cube.exposure!.geom.axes[0]!);
    const n = cube.exposure!.data.length / energies.length;
    const expected = new Float64Array(found.length);
    energies.forEach((energy, t) => {
      const data = cube.exposure!.data.map((x, k) => (Math.floor(k / n) === t ? x : 0));
      const dataset = { ...cube, exposure: { ...cube.exposure!, data } };
      const spatial = createSubmodel("GaussianSpatialModel", { lon_0: l!, lat_0: b!, sigma: 0.5 * energy ** -0.1 });
      const one = npredSignal(dataset, { components: [skyModel({ name: "src", spectral, spatial })] }).data;
      one.forEach((x, k) => {
        expected[k]! += x;
      });
    });
    const peak = Math.max(...expected);
    expect(peak).toBeGreaterThan(0.1);
    // so wide that no pixel is divided and no window cuts: sums by transforms in another order
    found.forEach((x, k) => {
      expect(Math.abs(x - expected[k]!)).toBeLessThan(1e-13 * peak);
    });
  });

  it("has the counts and derivatives of the same shape at all energies where it does not differ", () => {
    const compiled = compileDataset(cube, shrinkingModels(0, 0.172), using(0)).term;
    const plain = compileDataset(cube, {
      components: [
        skyModel({
          name: "src",
          spectral,
          spatial: createSubmodel("GaussianSpatialModel", { lon_0: l!, lat_0: b!, sigma: 0.172 }),
        }),
      ],
    }).term;
    const p = Float64Array.of(2.1, 3e-12, l as number, b as number, 0.172);
    const [g, h, g0, h0] = [5, 25, 5, 25].map((n) => new Float64Array(n)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    expect(compiled.n).toBe(5);
    const [value, expected] = [compiled.hessian(p, g, h), plain.hessian(p, g0, h0)];
    // one sums directly, one by transforms
    expect(Math.abs(value / expected - 1)).toBeLessThan(1e-11);
    const size = (i: number) => Math.sqrt(Math.abs(h0[i * 6]!));
    for (let i = 0; i < 5; i++) {
      expect(Math.abs(g[i]! - g0[i]!)).toBeLessThan(1e-9 * size(i));
      for (let j = 0; j < 5; j++)
        expect(Math.abs(h[i * 5 + j]! - h0[i * 5 + j]!)).toBeLessThan(1e-9 * size(i) * size(j));
    }
  });

  it("has exact derivatives of its counts", () => {
    const { map } = cube.psf!;
    const n = nPix(map.geom);
    // psf of the first pixel everywhere, as its change with the place is no part of the derivatives
    const data = map.data.map((_, k) => map.data[Math.floor(k / n) * n]!);
    const smooth = { ...cube, psf: { ...cube.psf, map: { ...map, data } } };
    for (const dataset of [smooth, storedDataset("bare")]) {
      expect(check(dataset, shrinkingModels(0.3, 0.172), using(0.3)).term.n).toBe(5);
    }
  });
});
