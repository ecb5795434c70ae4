/** The simulated region: files that open, a fit that finds what the counts were drawn from. */
import { describe, expect, it } from "vitest";
import { fit } from "../../src/api/fit.js";
import { readDatasets } from "../../src/api/io.js";
import { createSubmodel } from "../../src/api/models.js";
import { writeRegion } from "../../src/instruments/index.js";
import { simulateRegion } from "../../src/instruments/region.js";
import { memoryFiles } from "../../src/io/files.js";
import { readMap } from "../../src/io/map-fits.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";

const region = simulateRegion();

describe("the simulated region", () => {
  it("has the same files each time, which hold what was drawn", async () => {
    const files = memoryFiles({});
    const paths = await writeRegion(files, "r");
    expect(paths).toHaveLength(7);
    const { datasets } = await readDatasets("r/datasets.yaml", files);
    expect((datasets[0] as typeof region.dataset).counts!.data).toEqual(region.dataset.counts!.data);
    const galactic = readMap(await files.read("r/galactic.fits"), { where: "galactic.fits" });
    expect(galactic.data).toEqual(region.galactic.data);
    const again = memoryFiles({});
    await writeRegion(again, "r");
    for (const path of paths) expect(await again.read(path), path).toEqual(await files.read(path));
  });

  it("is fitted with the norms that the counts were drawn from, within their errors", () => {
    const { truth, catalogue, galactic, isotropic, dataset } = region;
    const sources = catalogue.map(({ name, lon, lat, pivot, fluxDensity }, i) =>
      skyModel({
        name,
        spectral: createSubmodel("pl", {
          index: { value: truth[i]!.index, frozen: true },
          amplitude: { value: fluxDensity, unit: "cm-2 s-1 GeV-1" },
          reference: { value: pivot, unit: "GeV" },
        }),
        spatial: createSubmodel("point", {
          lon_0: { value: lon, frozen: true },
          lat_0: { value: lat, frozen: true },
        }),
      }),
    );
    const table = {
      energy: { data: [...isotropic.energy], unit: "TeV" },
      values: { data: [...isotropic.dnde], unit: "cm-2 s-1 TeV-1" },
    };
    const models: Models = {
      components: [
        ...sources,
        skyModel({
          name: "galactic",
          spectral: createSubmodel("pl-norm", {}),
          spatial: createSubmodel(
            "TemplateSpatialModel",
            {},
            { extra: { normalize: false, filename: "g.fits" }, resources: { map: galactic } },
          ),
        }),
        skyModel({
          name: "isotropic",
          spectral: createSubmodel("TemplateSpectralModel", {}, { extra: table }),
          spatial: createSubmodel("const", {}, { kind: "spatial" }),
        }),
      ],
    };
    const result = fit([dataset], models);
    expect(result.success, result.message).toBe(true);
    const values = result.parameters.filter((p) => p.name === "amplitude");
    expect(values).toHaveLength(20);
    const pulls = values.map((p, i) => (p.value - truth[i]!.fluxDensity) / p.error);
    const mean = pulls.reduce((a, b) => a + b, 0) / 20;
    const width = Math.sqrt(pulls.reduce((a, b) => a + b * b, 0) / 20);
    // of 20: 0 +- 0.22 and 1 +- 0.16
    expect(Math.abs(mean)).toBeLessThan(0.7);
    expect(Math.abs(width - 1)).toBeLessThan(0.5);
    const norm = result.parameters.find((p) => p.name === "norm")!;
    expect(Math.abs(norm.value - 1) / norm.error).toBeLessThan(3);
  });
});
