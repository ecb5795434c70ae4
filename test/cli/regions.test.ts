/** Files of regions in every command that takes them. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Folder, fermi, gammats, temporaryFolder } from "./run.js";

const ds9 =
  "# Region file format: DS9\nglobal color=green\nfk5\ncircle(83.633,22.0145,1) # text={Crab}\n-circle(84.0,22.3,0.2)\n";
const analysis = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];

let folder: Folder;
let file: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  file = folder.path("crab.reg");
  await writeFile(file, ds9);
});
afterAll(() => folder.remove());

describe("files of regions", () => {
  it("are described, and converted to CASA's format and back", async () => {
    const info = await gammats(["info", file, "--json"]);
    expect(info.json()[0]).toMatchObject({ kind: "regions", n_regions: 1 });
    expect((await gammats(["info", file])).stdout).toContain("difference");
    expect((await gammats(["validate", file])).status).toBe(0);
    const [crtf, back] = [folder.path("crab.crtf"), folder.path("back.reg")];
    expect((await gammats(["convert", file, "--out", crtf])).status).toBe(0);
    expect(await readFile(crtf, "utf8")).toContain("-circle[[84deg, 22.3deg], 0.2deg], coord=J2000");
    await gammats(["convert", crtf, "--out", back]);
    expect(await readFile(back, "utf8")).toContain("circle(83.633,22.0145,1)\n-circle(84,22.3,0.2)");
    const wrong = await gammats(["convert", file, "--out", folder.path("crab.fits")]);
    expect(wrong.stderr).toContain(".reg (DS9) or .crtf (CASA)");
  });

  it("say which pixels of maps are fitted", async () => {
    const fit = async (...more: string[]) =>
      (await gammats(["fit", ...analysis, ...more, "--json"])).json().datasets[0];
    const all = await fit();
    const [inside, outside] = [await fit("--within", file), await fit("--exclude", file)];
    expect(inside.counts + outside.counts).toBe(all.counts);
    expect(inside.n_fit_bins + outside.n_fit_bins).toBe(all.n_fit_bins);
    expect(inside.counts).toBeGreaterThan(0.5 * all.counts);
    const text = await fit(
      "--within",
      "Fermi-LAT=fk5;circle(83.633,22.0145,1)",
      "--exclude",
      "fk5;circle(84.0,22.3,0.2)",
    );
    expect(text.counts).toBe(inside.counts);
  });

  it("are refused where they leave nothing, or name no map", async () => {
    const far = await gammats(["fit", ...analysis, "--within", "icrs;circle(10,20,1)"]);
    expect(far.stderr).toContain('no pixel of dataset "Fermi-LAT" is left');
    const pixels = await gammats(["fit", ...analysis, "--within", "image;circle(10,20,1)"]);
    expect(pixels.stderr).toContain("save the regions in DS9 with the coordinates fk5");
    const models = await gammats(["fit", ...analysis, "--exclude", analysis[1]!]);
    expect(models.stderr).toContain("expected a file of regions");
  });

  it("are drawn on maps", async () => {
    const picture = async (...more: string[]) => {
      await gammats(["plot", ...analysis, ...more, "--out", folder.path("pictures"), "--overwrite"]);
      return readFile(folder.path("pictures/maps-Fermi-LAT.svg"), "utf8");
    };
    const dashed = (svg: string) => svg.split('stroke-dasharray="3 3"').length;
    const lines = (svg: string) => svg.split('stroke-width="1.4"').length;
    const [plain, drawn] = [await picture(), await picture("--regions", file)];
    // a circle and what is taken out of it on three images
    expect(lines(drawn) - lines(plain)).toBe(6);
    expect(dashed(drawn) - dashed(plain)).toBe(3);
  });

  it("give spectra of maps, which are fitted to the same source", async () => {
    const out = folder.path("spectra");
    const { json, status } = await gammats([
      "extract",
      ...analysis,
      "--region",
      "fk5;circle(83.633,22.0145,0.5)",
      "--out",
      out,
      "--json",
    ]);
    expect(status).toBe(0);
    const [spectrum] = json().datasets;
    expect(spectrum).toMatchObject({ name: "Fermi-LAT", type: "SpectrumDataset", counts_off: null });
    const files = ["extracted_datasets.yaml", "extracted_models.yaml"].map((name) => `${out}/${name}`);
    const amplitude = async (given: readonly string[]) => {
      const { success, parameters } = (await gammats(["fit", ...given, "--json"])).json();
      expect(success).toBe(true);
      return parameters.find((p: { name: string }) => p.name === "amplitude");
    };
    const [map, region] = [await amplitude(analysis), await amplitude(files)];
    // most of its counts are the same
    expect(Math.abs(map.value - region.value)).toBeLessThan(0.5 * map.error);
    const missing = await gammats(["extract", ...analysis]);
    expect(missing.stderr).toContain("--region");
  });
});
