/** XSPEC's table models on the command line, with energies and fluxes of the example's spectra. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTableModel } from "../../src/io/table-model/write.js";
import type { TableModel } from "../../src/models/types.js";
import { gammats, spectra, temporaryFolder } from "./run.js";

const EDGES = Float64Array.from({ length: 181 }, (_, i) => 0.1 * 10 ** (i / 60));
const INDICES = Float64Array.of(1.5, 2, 2.5, 3, 3.5);
const limits = { initial: 2.2, delta: 0.01, minimum: 1, bottom: 1.5, top: 3.5, maximum: 4 };

/** Photons of power laws of 1e-11 cm-2 s-1 TeV-1 at 1 TeV, by index, in fine bins; or these as factors on one of index 0. */
function powerLaws(isAdditive: boolean): TableModel {
  const integral = (g: number, a: number, b: number) => (b ** (1 - g) - a ** (1 - g)) / (1 - g);
  const spectra = Array.from(INDICES).flatMap((g) =>
    Array.from(EDGES.slice(1), (b, i) => integral(g, EDGES[i]!, b) * (isAdditive ? 1e-11 : 1 / (b - EDGES[i]!))),
  );
  return {
    name: "power laws",
    isAdditive,
    energy: EDGES,
    parameters: [{ name: "photon index", method: "linear", ...limits, values: INDICES }],
    hasRedshift: false,
    spectra: Float64Array.from(spectra),
    additions: [],
  };
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const run = [`${spectra}/pha_obs23523.fits`, `${spectra}/pha_obs23526.fits`];
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(folder.path("laws.fits"), writeTableModel(powerLaws(true)));
  await writeFile(folder.path("factors.mod"), writeTableModel(powerLaws(false)));
});
afterAll(() => folder.remove());

type Fitted = {
  readonly success: boolean;
  readonly message: string;
  readonly total_stat: number;
  readonly parameters: readonly {
    readonly name: string;
    readonly value: number;
    readonly error: number;
    readonly min: number | null;
    readonly errn?: number;
    readonly errp?: number;
  }[];
};
const fit = async (text: string, ...more: string[]): Promise<Fitted> => {
  const found = await gammats(["fit", ...run, "--model", text, "--json", ...more]);
  expect(found.status, found.said).toBe(0);
  return found.json();
};

describe("table models on the command line", () => {
  it("are fitted as the spectra that they are made of, and written beside the models", async () => {
    const law = await fit("pl(reference=1 TeV frozen)");
    const out = folder.path("fitted");
    const table = await fit(
      `atable(${relative(".", folder.path("laws.fits"))})`,
      "--out",
      out,
      "--minos",
      "photon_index",
    );
    // the index of the power law, 2.49, is beside a value of the table
    expect(table.message).toContain("photon_index is 2.5, one of the values that its table has");
    const factor = await fit(`const * mtable("${folder.path("factors.mod")}")`);
    const value = ({ parameters }: Fitted, name: string) => parameters.find((p) => p.name === name)!;
    expect(law.success && table.success && factor.success).toBe(true);
    // between indices half a unit apart fluxes are straight lines: a chord of up to (0.25 ln E)^2 / 2
    for (const fitted of [table, factor]) {
      expect(Math.abs(fitted.total_stat - law.total_stat)).toBeLessThan(0.3);
      const { value: index, error, min } = value(fitted, "photon_index");
      expect(Math.abs(index - value(law, "index").value)).toBeLessThan(0.3 * error);
      expect(min).toBe(1.5);
    }
    const { errn, errp } = value(table, "photon_index");
    expect(Math.abs((errn! + errp!) / 2 / value(table, "photon_index").error - 1)).toBeLessThan(1e-3);
    expect(value(table, "norm").value / (value(law, "amplitude").value / 1e-11)).toBeCloseTo(1, 1);
    expect(await readdir(out)).toContain("laws.fits");
    expect(await readFile(`${out}/models.yaml`, "utf8")).toContain("filename: laws.fits");
    const again = (await gammats(["fit", `${out}/datasets.yaml`, `${out}/models.yaml`, "--json"])).json() as Fitted;
    expect(again.total_stat).toBeCloseTo(table.total_stat, 6);
  }, 60_000);

  it("say where they end", async () => {
    const cut = {
      ...powerLaws(true),
      energy: EDGES.slice(0, 61),
      spectra: powerLaws(true).spectra.filter((_, i) => i % 180 < 60),
    };
    await writeFile(folder.path("short.fits"), writeTableModel(cut));
    const { stderr } = await gammats(["fit", ...run, "--model", `atable(${folder.path("short.fits")})`]);
    expect(stderr).toMatch(/its table is given from 0\.1 to 1 TeV, and needed from .* beyond which it counts as 0/);
  });

  it("are known to info, validate, plot and models", async () => {
    const [laws, factors] = [folder.path("laws.fits"), folder.path("factors.mod")];
    const info = await gammats(["info", laws, factors]);
    expect(info.stdout).toContain(
      "power laws: photons cm-2 s-1 (atable) in 180 bins from 100000000 to 100000000000 keV, 0 outside",
    );
    expect(info.stdout).toContain("factors (mtable), or depths of them (etable) in 180 bins");
    const { parameters, n_spectra } = (await gammats(["info", laws, "--json"])).json()[0];
    expect([parameters[0].name, parameters[0].values, n_spectra]).toEqual(["photon index", [...INDICES], 5]);
    expect((await gammats(["validate", laws, factors])).stdout).toContain("2 files, no problems");
    for (const file of [laws, factors]) {
      const svg = folder.path("table.svg");
      expect((await gammats(["plot", file, "--out", svg, "--overwrite"])).status).toBe(0);
      expect(await readFile(svg, "utf8")).toContain("Energy [keV]");
    }
    expect((await gammats(["models", "mtable"])).stdout).toContain('--model "pl * mtable(table.fits)"');
    const wrong = await gammats(["fit", ...run, laws]);
    expect(wrong.status).toBe(2);
    expect(wrong.said).toContain('a model names it: --model "atable(FILE)"');
    const other = await gammats(["fit", ...run, "--model", `pl * mtable(${laws})`]);
    expect(other.said).toContain("found ADDMODEL T, a flux, expected a factor; take atable");
  });
});
