/** A template map that is turned against the map of the data is seen out to its corners. */
import { expect, it } from "vitest";
import { npredSignal } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { skyModel } from "../../src/models/create.js";
import { axisFromEdges } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import type { WcsGeom } from "../../src/sky/types.js";

const center = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;
const axis = (name: string) => axisFromEdges([1, 10], { name, unit: "TeV", interp: "log" });
const image = (binsz: number, n: number, ...axes: ReturnType<typeof axis>[]) =>
  wcsGeom({ center, binsz, npix: [n, n], proj: "TAN", axes });
const filled = (geom: WcsGeom, unit: string, value: number) => ({
  geom,
  unit,
  data: new Float64Array(geom.npix[0] * geom.npix[1]).fill(value),
});
const dataset: MapDataset = {
  type: "MapDataset",
  name: "map",
  counts: filled(image(0.1, 80, axis("energy")), "", 0),
  exposure: filled(image(0.1, 80, axis("energy_true")), "cm2 s", 1e12),
};

/** A square of 4 deg of one brightness, turned by an angle, deg. */
function turned(angle: number) {
  const geom = image(0.25, 16);
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const [a, b, d, e] = geom.wcs.cd;
  const cd = [a * c - b * s, a * s + b * c, d * c - e * s, d * s + e * c] as const;
  return filled({ ...geom, wcs: { ...geom.wcs, cd } }, "sr-1", 1);
}

const counts = (angle: number) => {
  const spatial = createSubmodel(
    "TemplateSpatialModel",
    {},
    { extra: { filename: "square.fits" }, resources: { map: turned(angle) } },
  );
  const spectral = createSubmodel("pl", { index: 2, amplitude: 1e-12 });
  const { data } = npredSignal(dataset, { components: [skyModel({ name: "square", spectral, spatial })] });
  return data.reduce((sum, x) => sum + x, 0);
};

it.each([0, 29, 45])("turned by %s deg it counts in full", (angle) => {
  // flux between 1 and 10 TeV, 0.9e-12; 2 %: pixels on the edge are in or out by their centres. A window of the square's side loses 13 % at 45 deg.
  expect(counts(angle) / 0.9).toBeGreaterThan(0.98);
  expect(counts(angle) / 0.9).toBeLessThan(1.02);
});
