import { describe, expect, it } from "vitest";
import { compileDataset } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { UnsupportedError } from "../../src/errors.js";
import { createResponses, type Responses } from "../../src/fold/response.js";
import type { Component, MaskPixels } from "../../src/fold/types.js";
import { skyModel } from "../../src/models/create.js";
import { axisCenters, pixelCenters } from "../../src/sky/index.js";
import type { WcsGeom } from "../../src/sky/types.js";
import { storedDataset } from "./stored.js";

// sums of the same products in another order, or through transforms: rounding alone, with the largest row as the scale
const TOLERANCE = 1e-12;

const dataset = storedDataset<MapDataset>("cube");
const geom = dataset.counts!.geom as WcsGeom;
const { lon, lat } = pixelCenters(geom);
const middle = Math.floor(lon.length / 2) + 1;
const free = (value: number) => ({ value, frozen: false });
const frozen = (value: number) => ({ value, frozen: true });
const place = { lon_0: free(lon[middle]! + 0.013), lat_0: free(lat[middle]! - 0.021) };

/** Some pixels: few enough to be folded one by one. */
const few = Int32Array.of(middle - 2, middle, middle + geom.npix[0]);

type Values = Record<string, { value: number; frozen: boolean }>;

function compiled(spatial: string, values: Values, of = dataset, responses?: Responses) {
  const source = skyModel({
    name: "source",
    spectral: createSubmodel("PowerLawSpectralModel"),
    spatial: createSubmodel(spatial, { ...place, ...values }, { frame: geom.wcs.frame }),
  });
  const { term, components, mask } = compileDataset(of, { components: [source] }, { responses });
  const start = [2, 1e-12, ...[place.lon_0, place.lat_0, ...Object.values(values)].map((p) => p.value)];
  const p = Float64Array.from(start.slice(0, term.n));
  term.hessian(p, new Float64Array(term.n), new Float64Array(term.n ** 2));
  return { component: components!.find((c) => c.name === "source")!, mask: mask! };
}

function rows(component: Component, r: number, pixels: Int32Array): Float64Array {
  const k = component.columns(r).length;
  const out = new Float64Array(pixels.length * k).fill(Number.NaN);
  component.rows(r, pixels, out, k, 0);
  return out;
}

describe.each([
  ["PointSpatialModel", {}],
  ["GaussianSpatialModel", { sigma: free(0.06) }],
  ["GaussianSpatialModel", { sigma: free(0.3) }],
  ["DiskSpatialModel", { r_0: free(0.2) }],
  ["ShellSpatialModel", { radius: free(0.2), width: free(0.1) }],
  ["GeneralizedGaussianSpatialModel", { r_0: free(0.1), eta: free(0.6) }],
])("a free %s %o", (spatial, values) => {
  const { component, mask } = compiled(spatial, values);
  const nEnergy = axisCenters(geom.axes[0]!).length;
  const all = Int32Array.from(lon, (_, i) => i);

  it("has the same rows at few pixels as at all of them", () => {
    const some = Array.from({ length: nEnergy }, (_, r) => rows(component, r, few));
    // so many that they go through templates
    for (let again = 0; again < 50; again++) rows(component, 0, all);
    for (let r = 0; r < nEnergy; r++) {
      const k = component.columns(r).length;
      const whole = rows(component, r, all);
      const scale = Array.from({ length: k }, (_, c) =>
        Math.max(...Array.from(all, (i) => Math.abs(whole[i * k + c]!))),
      );
      few.forEach((pixel, i) => {
        for (let c = 0; c < k; c++) {
          expect(Math.abs(some[r]![i * k + c]! - whole[pixel * k + c]!)).toBeLessThanOrEqual(TOLERANCE * scale[c]!);
        }
      });
    }
  });

  it("has the sums of its rows over the mask as totals", () => expectTotals(component, mask));
});

describe.each([
  ["PointSpatialModel", {}],
  ["GaussianSpatialModel", { sigma: frozen(0.06) }],
  ["DiskSpatialModel", { r_0: frozen(0.2) }],
  ["ShellSpatialModel", { radius: frozen(0.2), width: frozen(0.1) }],
])("a frozen %s %o", (spatial, values: Values) => {
  const { lon_0, lat_0 } = place;
  const at = { lon_0: frozen(lon_0.value), lat_0: frozen(lat_0.value), ...values };

  it("has the sums of its rows over the mask as totals", () => {
    const { component, mask } = compiled(spatial, at);
    expectTotals(component, mask);
    // every bin its own pixels, and some bins none
    expectTotals(
      component,
      mask.map((pixels, r) => (r % 3 === 0 ? new Int32Array(0) : pixels.filter((pixel) => pixel % (r + 2) > 0))),
    );
    expectTotals(
      component,
      mask.map(() => few),
    );
  });

  it("is folded once for a dataset, and anew where anything is another", () => {
    const own = { ...dataset };
    const responses = createResponses();
    const templates = () => responses.held().find((h) => h.owner.startsWith("templates"))?.entries ?? 0;
    const fold = (change: Values = {}) => compiled(spatial, { ...at, ...change }, own, responses);
    const { component } = fold();
    expect(templates()).toBe(1);
    expect(rows(fold().component, 1, few)).toEqual(rows(component, 1, few));
    expect(templates()).toBe(1);
    fold({ lat_0: frozen(lat_0.value + 0.001) });
    expect(templates()).toBe(2);
  });
});

function expectTotals(component: Component, mask: MaskPixels): void {
  const size = component.vector.size;
  const [sums, magnitudes] = [new Float64Array(size), new Float64Array(size)];
  mask.forEach((pixels, r) => {
    const columns = component.columns(r);
    rows(component, r, pixels).forEach((value, i) => {
      sums[columns[i % columns.length]!]! += value;
      magnitudes[columns[i % columns.length]!]! += Math.abs(value);
    });
  });
  // columns without rows are summed with weights of one; second derivatives are up to 1e4 deg-2 times the value, at an edge of 0.01 deg or 5 widths of 0.06 deg
  const { hidden } = component;
  if (hidden !== undefined) {
    hidden.clear();
    mask.forEach((pixels, r) => {
      hidden.add(r, pixels, new Float64Array(pixels.length).fill(1));
    });
    hidden.addTo(sums, 0, 1);
    const first = Math.max(...mask.flatMap((_, r) => Array.from(component.columns(r)))) + 1;
    const nTrue = axisCenters(dataset.exposure!.geom.axes[0]!).length;
    for (let k = first; k < size; k++) magnitudes[k] = 1e4 * magnitudes[k % nTrue]!;
  }
  const totals = new Float64Array(size);
  component.totals!(mask, totals);
  expect(magnitudes.some((m) => m > 0)).toBe(true);
  totals.forEach((total, k) => {
    expect(Math.abs(total - sums[k]!)).toBeLessThanOrEqual(TOLERANCE * magnitudes[k]!);
  });
}

describe("a source without exposure", () => {
  it("is refused: a flux is no number of counts", () => {
    const source = skyModel({ name: "source", spectral: createSubmodel("pl"), spatial: createSubmodel("point") });
    const applyIrf = { exposure: false, psf: true, edisp: true };
    expect(() => compileDataset(dataset, { components: [{ ...source, applyIrf }] })).toThrow(UnsupportedError);
  });
});
