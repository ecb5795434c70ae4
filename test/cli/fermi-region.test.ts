import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gammapyData } from "../environment.js";
import { type Folder, gammats, temporaryFolder } from "./run.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/fermi_region.json", import.meta.url), "utf8"));

describe.runIf(gammapyData)("the galactic centre of the 3FHL", () => {
  let folder: Folder;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder.remove());
  const gc = `${gammapyData}/fermi-3fhl-gc/fermi-3fhl-gc`;

  it("is fitted from files of the Fermi tools, a catalogue and diffuse emission as by Gammapy 2.1", async () => {
    const models = folder.path("models.yaml");
    const catalogue = `${gammapyData}/catalogs/fermi/gll_psch_v13.fit.gz`;
    const near = ["--near", "0 0 galactic", "--radius", "4.9", "--free-radius", "3"];
    await gammats(["catalog", catalogue, ...near, "--out", models]);
    const diffuse = `galactic = template(file=${gammapyData}/fermi-3fhl-gc/gll_iem_v06_gc.fits.gz, normalize=false)`;
    const isotropic = `isotropic = template(file=${gammapyData}/fermi_3fhl/iso_P8R2_SOURCE_V6_v06.txt) * pl-norm`;
    const texts = [
      "--model",
      "galactic = pl-norm",
      "--shape",
      diffuse,
      "--model",
      isotropic,
      "--shape",
      "isotropic = const",
    ];
    const cubes = ["counts", "exposure", "psf"].map((name) => `${gc}-${name}-cube.fits.gz`);
    const first = await gammats(["fit", ...cubes, models, ...texts, "--out", folder.path("fitted")]);
    expect(first.stderr).toContain("does not reach 32000 of 80000 pixels in the fit");
    // Gammapy loses at the edges of the map what a psf brings in from outside: it has isotropic emission without one
    const [from, to] = ["models.yaml", "without-psf.yaml"].map((name) => folder.path(`fitted/${name}`)) as [
      string,
      string,
    ];
    const head = "  - name: isotropic\n    type: SkyModel\n";
    const text = readFileSync(from, "utf8");
    expect(text).toContain(head);
    await writeFile(to, text.replace(head, `${head}    apply_irf: {exposure: true, psf: false, edisp: true}\n`));
    const fit = ["fit", folder.path("fitted/datasets.yaml"), to, "--json"];
    const { total_stat, success, parameters } = JSON.parse((await gammats(fit)).stdout);
    expect(success).toBe(true);
    // noise of the float32 transforms there, and disks that are sampled there and integrated here
    expect(Math.abs(total_stat - oracle.total_stat)).toBeLessThan(3e-6 * oracle.total_stat);
    const free = parameters.filter((p: { frozen: boolean }) => !p.frozen);
    expect(free.length).toBe(10);
    for (const { model, name, value, error } of free) {
      const [theirs, sigma] = oracle.parameters[`${model}.${name}`];
      // its search stops within a few hundredths of an error
      expect(Math.abs(value - theirs), `${model} ${name}`).toBeLessThan(0.05 * sigma);
      expect(Math.abs(error / sigma - 1), `error of ${model} ${name}`).toBeLessThan(0.01);
    }
  }, 120_000);
});
