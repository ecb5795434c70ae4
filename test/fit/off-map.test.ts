/** The place of a source where no data are is no result. */
import { describe, expect, it } from "vitest";
import { asimov } from "../../src/api/datasets.js";
import { fit } from "../../src/api/fit.js";
import { createSubmodel, updateParameters } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { skyModel } from "../../src/models/create.js";
import type { SkyModel } from "../../src/models/types.js";
import { image } from "./image.js";

/** Map of 21 x 21 pixels of 0.1 deg around (83.6, 22): its upper edge is at 23.05 deg. */
const EDGE = 23.05;

const source = (name: string, lat: number, amplitude: number, sigma?: number): SkyModel =>
  skyModel({
    name,
    spectral: createSubmodel("pl", {
      amplitude: { value: amplitude, min: 0 },
      index: { value: 2, frozen: true },
      reference: 1,
    }),
    spatial:
      sigma === undefined
        ? createSubmodel("PointSpatialModel", { lon_0: 83.6, lat_0: lat })
        : createSubmodel("GaussianSpatialModel", { lon_0: 83.6, lat_0: lat, sigma: { value: sigma, frozen: true } }),
  });
const seen = (...components: SkyModel[]): MapDataset => asimov(image("map"), { components });

describe("a source of free place", () => {
  it("that ends beside the map is no success, and is named", () => {
    const truth = source("far", EDGE + 0.3, 3e-10, 0.1);
    const found = fit([seen(truth)], { components: [truth] });
    expect(found.success).toBe(false);
    expect(found.message).toMatch(
      /Source "far" is at 83\.6, 23\.35 deg \(icrs\), where no dataset has pixels in the fit/,
    );
    expect(found.parameters.find((p) => p.id === "far.lat_0")!.errorStatus).toBe("not confirmed");
  });

  it("in pixels that a mask takes out of the fit is no success either", () => {
    const truth = source("hidden", 22.5, 3e-10, 0.05);
    const data = seen(truth);
    const { geom } = data.counts!;
    const maskFit = { geom, data: Uint8Array.from(data.counts!.data, (_, k) => (Math.floor(k / 21) >= 13 ? 0 : 1)) };
    const masked: MapDataset = { ...data, maskFit };
    const found = fit([masked], { components: [truth] });
    expect(found.success).toBe(false);
    expect(found.message).toMatch(/"hidden" is at/);
  });

  it("is a success on the map, and beside it as far as it is wide", () => {
    for (const [lat, sigma] of [
      [EDGE - 0.3, undefined],
      [EDGE + 0.2, 0.4],
    ] as const) {
      const truth = source("near", lat, 1e-9, sigma);
      const found = fit([seen(truth)], { components: [truth] });
      expect(found.message).toMatch(/^Optimization terminated successfully/);
      expect(found.success).toBe(true);
      expect(found.parameters.find((p) => p.id === "near.lat_0")!.value).toBeCloseTo(lat, 3);
    }
  });

  it("is measured by one of several datasets", () => {
    const truth = source("src", 22.5, 1e-9, 0.1);
    const { geom, data } = seen(truth).counts!;
    const maskFit = { geom, data: Uint8Array.from(data, (_, k) => (k < 200 ? 1 : 0)) };
    const south: MapDataset = { ...seen(truth), name: "south", maskFit };
    expect(fit([seen(truth), south], { components: [truth] }).success).toBe(true);
  });
});

describe("a source whose place is held", () => {
  const held = (model: SkyModel): SkyModel => ({
    ...model,
    spatial: {
      ...model.spatial!,
      parameters: model.spatial!.parameters.map((p) => ({ ...p, frozen: true })),
    },
  });
  // the first is about the background of the map
  const warned = (model: SkyModel) =>
    fit([seen(source("on it", 22, 3e-10))], { components: [model] }).warnings.slice(1);

  it("is named where it stands beside the map, unless all of it is held", () => {
    const beside = held(source("far", EDGE + 1, 3e-10));
    expect(warned(beside)).toEqual([
      expect.stringMatching(
        /^source "far" is held at 83\.6, 24\.05 deg \(icrs\), where no dataset has pixels in the fit/,
      ),
    ]);
    expect(warned(held(source("on it", 22, 3e-10)))).toEqual([]);
    const known = updateParameters(
      { components: [beside, source("on it", 22, 3e-10)] },
      { "far.amplitude": { frozen: true } },
    );
    expect(fit([seen(source("on it", 22, 3e-10))], known).warnings.slice(1)).toEqual([]);
  });
});
