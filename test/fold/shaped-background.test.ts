/** A background with a spatial part: its values are factors of the background map, beside Gammapy 2.1. */
import { describe, expect, it } from "vitest";
import { npredBackground } from "../../src/api/datasets.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import type { Models, Submodel } from "../../src/models/types.js";
import { axisFromEnergyBounds } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { check } from "../datasets/check-derivatives.js";
import expected from "../oracle/shaped_background.json" with { type: "json" };

const center = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;
const energy = axisFromEnergyBounds(1, 10, 2);
const geom = wcsGeom({ center, binsz: 0.2, npix: [6, 5], proj: "TAN", axes: [energy] });
const values = (value: (r: number, x: number, y: number) => number) =>
  Float64Array.from({ length: 60 }, (_, k) => value(Math.floor(k / 30), k % 6, Math.floor(k / 6) % 5));
const dataset: MapDataset = {
  type: "MapDataset",
  name: "map",
  counts: { geom, unit: "", data: values((r, x, y) => (3 * x + y + r) % 5) },
  background: { geom, unit: "", data: values((r, x, y) => (1 + r) * (1 + x + 2 * y)) },
};
const factors = {
  geom: wcsGeom({ center, binsz: 0.2, npix: [12, 12], proj: "TAN" }),
  unit: "",
  data: Float64Array.from({ length: 144 }, (_, k) => 1 + 0.1 * k),
};
const spatial = (type: string, parameters: Record<string, number>) =>
  createSubmodel(type, parameters, { kind: "spatial" });
const SHAPES: Record<keyof typeof expected, Submodel> = {
  const: spatial("const", { value: 1.7 }),
  gauss: spatial("gauss", { lon_0: 83.5, lat_0: 22.1, sigma: 0.8, e: 0.4, phi: 30 }),
  template: createSubmodel(
    "TemplateSpatialModel",
    {},
    { extra: { normalize: false, filename: "factors.fits" }, resources: { map: factors } },
  ),
};
const models = (shape: Submodel, free: boolean): Models => ({
  components: [
    fovBackground("map", createSubmodel("pl-norm", { norm: { value: 1.2 }, tilt: { value: 0.3, frozen: !free } }), {
      ...shape,
      parameters: shape.parameters.map((p) => ({ ...p, frozen: !free || p.name === "norm" })),
    }),
  ],
});

describe("a background with a spatial part", () => {
  it.each(Object.keys(SHAPES) as (keyof typeof expected)[])("is the map times %s, without its unit", (name) => {
    const found = npredBackground(dataset, models(SHAPES[name], false)).data;
    found.forEach((x, k) => {
      expect(x / expected[name][k]!).toBeCloseTo(1, 11);
    });
  });

  it("is fitted by place and extent, with exact derivatives", () => {
    const free = models(SHAPES.gauss, true);
    expect(check(dataset, free).term.n).toBe(7);
    npredBackground(dataset, free).data.forEach((x, k) => {
      expect(x / expected.gauss[k]!).toBeCloseTo(1, 11);
    });
  });

  it("is refused with a point, which is no factor", () => {
    expect(() => npredBackground(dataset, models(spatial("point", { lon_0: 83.6, lat_0: 22 }), false))).toThrow(
      'model "map-bkg": found the spatial model PointSpatialModel',
    );
  });
});
