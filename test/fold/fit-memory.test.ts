/** The memory that a fit asks for. */
import { describe, expect, it } from "vitest";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { fitMemory } from "../../src/fold/memory.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import { standardModels } from "../../src/models/registry.js";
import { gaussianSpatial } from "../../src/models/spatial/gaussian.js";
import type { Model, Submodel } from "../../src/models/types.js";
import { held, point, source, spatialOf } from "./made-sources.js";
import { tiny } from "./tiny.js";

describe("memory of a fit", () => {
  const registry = standardModels;
  const dataset = tiny();
  // counts are 0 in 12 of the 60 bins
  const filled = dataset.counts!.data.filter((x) => x > 0).length;
  const needs = (model: Model, data: MapDataset = dataset) =>
    Object.fromEntries(fitMemory(data, [model], registry).map(({ what, bytes }) => [what, bytes]));
  const sky = (spatial: Submodel) => source({ spatial });

  it("is that of bins, templates and rows", () => {
    expect(filled).toBe(48);
    expect(needs(fovBackground("tiny"))).toEqual({ "mask and counts in it": 13 * 60, 'rows of "tiny-bkg"': 8 * 48 });
    // a still point: 2 * 0.1 / 0.1 + 3 pixels across
    expect(needs(sky(point()))).toEqual({
      "mask and counts in it": 780,
      'templates of "src"': 8 * 3 * 25,
      'rows of "src"': 8 * 3 * 48,
    });
    // free: four images of all pixels
    expect(needs(sky(held(point(), "lat_0")))).toEqual({
      "mask and counts in it": 780,
      'templates of "src"': 8 * 3 * 30 * 4,
      'rows of "src"': 8 * 3 * 48 * 4,
    });
    const gauss = (...free: string[]) => held(spatialOf("gauss", { sigma: 0.01 }), ...free);
    // 2 * (0.05 + 0.1) / 0.1 + 3 = 6 pixels, of 6 x 5
    expect(needs(sky(gauss()))['templates of "src"']).toBeCloseTo(8 * 3 * 30, 8);
    // value, two slopes and four of mask and weights
    expect(needs(sky(gauss("lon_0", "lat_0")))).toMatchObject({
      'templates of "src"': expect.closeTo(8 * 3 * 30 * 7, 8),
      'rows of "src"': expect.closeTo(8 * 3 * 48 * 7, 8),
    });
    // the psf of 0.24 deg: 2.4 pixels on either side of the map, and in the width
    const blurred = tiny({ psf: [1, 1] });
    expect(needs(sky(gauss()), blurred)['templates of "src"']).toBeCloseTo(8 * 3 * (6 + 4.8) * (5 + 4.8), 8);
    expect(needs(sky(point()), blurred)['templates of "src"']).toBeCloseTo(8 * 3 * 9.8 * 9.8, 8);
    const constant = spatialOf("const", {});
    expect(needs(sky(constant))['templates of "src"']).toBe(8 * 3 * 30);
  });

  it("of a shape without an end is that of all pixels", () => {
    const own = extendRegistry(likelihoodRegistry, {
      spatial: [{ ...gaussianSpatial, type: "Endless", tag: "endless", global: true }],
    });
    const endless = held(createSubmodel("endless", { sigma: 1e-3 }, { kind: "spatial", registry: own }));
    const found = fitMemory(dataset, [sky(endless)], own).find(({ what }) => what.startsWith("templates"));
    expect(found!.bytes).toBe(8 * 3 * 30);
  });

  it("of rows that a still source does not reach is none", () => {
    const wide = { ...dataset, counts: { ...dataset.counts!, data: new Float64Array(60).fill(1) } };
    // 25 pixels of 2 energies
    expect(needs(sky(point()), wide)['rows of "src"']).toBe(8 * 3 * 50);
    const { counts: _, ...none } = dataset;
    expect(fitMemory(none, [source()], registry)).toEqual([]);
    const { exposure: __, ...blind } = dataset;
    expect(needs(sky(point()), blind)['templates of "src"']).toBe(0);
  });
});
