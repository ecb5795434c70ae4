import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { npredSignal } from "../../src/api/datasets.js";
import { compileJoint } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { skyModel } from "../../src/models/create.js";
import type { Models, Submodel } from "../../src/models/types.js";
import { axisFromEdges } from "../../src/sky/axis.js";
import { type WcsGeomOptions, wcsGeom } from "../../src/sky/geom.js";
import { nPix } from "../../src/sky/pixels.js";

/** One bin of energy, no psf and perfect energies. */
function dataset(options: WcsGeomOptions, exposure: number, background: number): MapDataset {
  const map = (name: string, unit: string, value: number) => {
    const geom = wcsGeom({ ...options, axes: [axisFromEdges([1, 10], { name, interp: "log" })] });
    return { geom, unit, data: new Float64Array(nPix(geom)).fill(value) };
  };
  const counts = map("energy", "", 0);
  return {
    type: "MapDataset",
    name: "d",
    counts,
    exposure: map("energy_true", "cm2 s", exposure),
    background: map("energy", "", background),
  };
}

const source = (amplitude: number, spatial: Submodel): Models => ({
  components: [skyModel({ name: "m", spectral: createSubmodel("pl", { index: 2, amplitude }), spatial })],
});
const sum = (x: Float64Array) => x.reduce((a, b) => a + b, 0);

// 1e-12 cm-2 s-1 TeV-1 E^-2 has 0.9e-12 cm-2 s-1 in 1 to 10 TeV: 90 counts, which Gammapy 2.1 loses but for one pixel above 0.2 deg
it.each([0.1, 0.21, 0.5, 1])("a point without psf on pixels of %s deg is shared by the four around it", (binsz) => {
  const map = dataset({ npix: [7, 6], binsz, center: { lon: 0, lat: 0, frame: "icrs" } }, 1e14, 0);
  const at = { lon_0: 0.3 * binsz, lat_0: 0.7 * binsz };
  const { data } = npredSignal(map, source(1e-12, createSubmodel("PointSpatialModel", at, { frame: "icrs" })));
  const found = Array.from(data.filter((x) => x > 0));
  // 0.3 of a pixel beside a column, 0.2 above a row (rows lie half a pixel beside the centre of the map)
  const expected = [0.3 * 0.8, 0.7 * 0.8, 0.3 * 0.2, 0.7 * 0.2].map((share) => 90 * share);
  expect(found).toHaveLength(4);
  found.forEach((x, i) => {
    expect(Math.abs(x - expected[i]!)).toBeLessThan(1e-10);
  });
});

it("pixels of an all-sky map that lie off the sky see nothing of a source, and their background counts", () => {
  const map = dataset(
    { npix: [36, 18], binsz: 10, center: { lon: 0, lat: 0, frame: "galactic" }, proj: "AIT" },
    1e10,
    1,
  );
  const models = source(1e-10, createSubmodel("ConstantSpatialModel"));
  const { data } = npredSignal(map, models);
  expect(data.every(Number.isFinite)).toBe(true);
  // the reference: the sum without its NaN, and -2 ln L without the pixels off the sky, which have 2 each for a background of 1 and no counts
  const { off_sky } = JSON.parse(readFileSync(new URL("../oracle/differences.json", import.meta.url), "utf8"));
  expect(sum(data)).toBeCloseTo(off_sky.sum, 10);
  const joint = compileJoint([map], models);
  expect(joint.objective.value(joint.start)).toBeCloseTo(off_sky.stat + 2 * off_sky.nan, 8);
});
