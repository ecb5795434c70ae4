import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readModelsWithFiles } from "../../src/api/io.js";
import { dnde, flux } from "../../src/api/models.js";
import { memoryFiles } from "../../src/io/files.js";
import { openBytes } from "../../src/io/formats/open.js";
import { identity } from "../../src/io/formats/recognise.js";
import { standardRegistry } from "../../src/io/registry.js";
import { readTableModel } from "../../src/io/table-model/read.js";
import { writeTableModel } from "../../src/io/table-model/write.js";
import { encodeAnalysis } from "../../src/io/yaml/analysis.js";
import type { SkyModel } from "../../src/models/types.js";
import oracle from "../oracle/table_models.json" with { type: "json" };
import { changedTable, tableOf } from "./table-model-files.js";

const where = "t.fits";
const read = (bytes: Uint8Array) => readTableModel(bytes, { where });
const file = (tag: keyof typeof oracle.files) => new Uint8Array(gunzipSync(Buffer.from(oracle.files[tag], "base64")));

describe("files of table models", () => {
  it("of astropy hold what was written: grids, limits, additional spectra, energies in eV, arrays of variable length", () => {
    const plasma = read(file("atable"));
    expect(plasma).toMatchObject({ name: "plasma", isAdditive: true, hasRedshift: true });
    expect("below" in plasma || "above" in plasma).toBe(false);
    expect(plasma.parameters.map(({ name, method, values }) => [name, method, [...values]])).toEqual([
      ["kT", "linear", [0.5, 1, 2, 5]],
      ["log xi (cgs)", "log", [1, 10, 1000]],
      ["flag", "linear", [0, 1]],
      ["Fe", "additional", []],
      ["O", "additional", []],
    ]);
    const { initial, delta, minimum, bottom, top, maximum } = plasma.parameters[0]!;
    expect([initial, delta, minimum, bottom, top, maximum]).toEqual([1.3, 0.01, 0.1, 0.5, 4, 5].map(Math.fround));
    expect([plasma.spectra.length, ...plasma.additions.map((a) => a.length)]).toEqual([960, 960, 960]);
    const warm = read(file("mtable"));
    expect([warm.below, warm.above]).toEqual([0.25, undefined]);
    // float32 times 1000 for eV
    expect(warm.energy[0]! / (Math.fround(0.4) * 1e-9)).toBeCloseTo(1, 14);
  });

  it("are the same after being written and read", () => {
    for (const isAdditive of [true, false]) {
      const table = tableOf(isAdditive, [1e-9, 2e-9, 4e-9, 5e-9]);
      const { energy, ...rest } = read(writeTableModel(table));
      const { energy: given, ...expected } = table;
      expect(rest).toEqual(expected);
      energy.forEach((e, i) => {
        expect(Math.abs(e / given[i]! - 1)).toBeLessThan(1e-15);
      });
    }
  });

  it("are put in the order of the grid by PARAMVAL", () => {
    expect([...read(changedTable()).spectra]).toEqual([1, 2, 3, 4]);
    expect([...read(changedTable({ places: [3, 1] })).spectra]).toEqual([3, 4, 1, 2]);
  });

  it("say what is wrong with them", () => {
    const cases: readonly (readonly [Parameters<typeof changedTable>[0], RegExp])[] = [
      [{ primary: { ESCALE: true } }, /t\.fits: ESCALE: found T, expected F/],
      [{ primary: { NXFLTEXP: 3 } }, /NXFLTEXP: found 3, expected one spectrum/],
      [{ primary: { MODLUNIT: "erg/cm^2/s" } }, /MODLUNIT: found erg.*expected photons/],
      [{ primary: { LOELIMIT: 0.5 } }, /LOELIMIT: found 0\.5, expected 0/],
      [{ primary: { REDSHIFT: "perhaps" } }, /REDSHIFT: found PERHAPS, expected T or F/],
      [{ low: [1, 2.5] }, /ENERGIES, row 2: found ENERG_LO 2\.5 keV after ENERG_HI 2 keV, expected bins without gaps/],
      [{ low: [2, 1], high: [4, 2] }, /ENERGIES, row 1: .*expected energies that increase/],
      [{ places: [1, 2] }, /SPECTRA, row 2: PARAMVAL: found kT = 2, expected a VALUE/],
      [{ places: [1, 1] }, /row 2: PARAMVAL: found the values of row 1/],
      [{ places: [1, 3, 3], spectra: [1, 2, 3, 4, 5, 6] }, /found 3 rows of 1 parameters, expected 2 rows of 1/],
      [{ spectra: [1, 2, 3, Number.NaN] }, /column INTPSPEC, row 2: found NaN, expected finite numbers/],
      [{ spectra: [1, 2] }, /SPECTRA holds 2 numbers in 2 rows, expected 2 in each row/],
      [{ method: 2 }, /PARAMETERS, row 1 \(kT\): METHOD: found 2/],
      [{ initial: 0.5 }, /row 1 \(kT\): found INITIAL 0\.5, and VALUE from 1 to 3/],
      [{ initial: 12 }, /found INITIAL 12 and limits 0 to 9/],
      [{ values: [3, 1], places: [3, 1] }, /found VALUE 2 is 1, expected finite values that increase/],
      [{ method: 1, values: [0, 3], places: [0, 3] }, /found VALUE 0 with METHOD 1/],
      [{ count: 5 }, /found NUMBVALS 5, and 2 in VALUE/],
      [{ nAdded: 1 }, /no column "ADDSP001"/],
    ];
    for (const [changes, message] of cases) expect(() => read(changedTable(changes)), `${message}`).toThrow(message);
    expect(() => readTableModel(file("atable"), { where, maxBytes: 1000 })).toThrow(/memory are needed/);
  });

  it("are told from tables of absorption", () => {
    const named = (bytes: Uint8Array) => identity(openBytes(bytes, where), standardRegistry.formats);
    expect(named(file("etable"))).toBe("table model (XSPEC: atable, mtable, etable)");
    const folder = process.env.GAMMAPY_DATA;
    const ebl = `${folder}/ebl/ebl_dominguez11.fits.gz`;
    if (folder !== undefined && existsSync(ebl))
      expect(named(new Uint8Array(gunzipSync(readFileSync(ebl))))).toMatch(/^table of absorption/);
  });
});

const yaml = (name: string) => `components:
- name: nebula
  type: SkyModel
  spectral:
    type: CompoundSpectralModel
    model1: {type: TableSpectralModel, filename: ${name}, parameters: [{name: kT, value: 3.0}, {name: norm, value: 2.0}]}
    operator: mul
    model2: {type: mtable, filename: factor.fits}
`;

describe("a models.yaml that names table models", () => {
  it("is read with them and written beside them", async () => {
    const energies = [1e-9, 2e-9, 4e-9, 5e-9];
    const bytes = {
      additive: writeTableModel(tableOf(true, energies)),
      factor: writeTableModel(tableOf(false, energies)),
    };
    const files = memoryFiles({ "d/additive.fits": bytes.additive, "d/factor.fits": bytes.factor });
    const { models } = await readModelsWithFiles(yaml("additive.fits"), "d/m.yaml", files);
    const { spectral } = models.components[0] as SkyModel;
    expect(spectral.parameters.map(({ name, value }) => [name, value])).toEqual([
      ...[
        ["kT", 3],
        ["flag", 0.5],
        ["Fe", 1],
        ["redshift", 0],
        ["norm", 2],
      ],
      ...[
        ["kT_2", 1.5],
        ["flag_2", 0.5],
        ["Fe_2", 1],
        ["redshift_2", 0],
      ],
    ]);
    const written = encodeAnalysis({ datasets: [], models }, { prefix: "x", registry: standardRegistry });
    expect([...written.keys()].sort()).toEqual(["additive.fits", "factor.fits", "x_datasets.yaml", "x_models.yaml"]);
    const text = new TextDecoder().decode(written.get("x_models.yaml"));
    expect(text).toContain("filename: additive.fits");
    const again = memoryFiles(Object.fromEntries([...written].map(([name, content]) => [`e/${name}`, content])));
    const back = (await readModelsWithFiles(text, "e/x_models.yaml", again)).models.components[0] as SkyModel;
    const grid = [0.5e-9, 1.5e-9, 3e-9, 4.5e-9, 6e-9];
    expect([...dnde(back.spectral, grid)]).toEqual([...dnde(spectral, grid)]);
    expect(flux(back.spectral, [0.9e-9], [4.9e-9])[0]! / flux(spectral, [0.9e-9], [4.9e-9])[0]!).toBeCloseTo(1, 13);
  });

  it("says which file is missing, and which is no table model", async () => {
    const factor = writeTableModel(tableOf(false, [1e-9, 2e-9]));
    const files = memoryFiles({ "d/factor.fits": factor, "d/other.fits": new TextEncoder().encode("no FITS") });
    await expect(readModelsWithFiles(yaml("nothing.fits"), "d/m.yaml", files)).rejects.toThrow(
      /no file "nothing.fits"/,
    );
    await expect(readModelsWithFiles(yaml("other.fits"), "d/m.yaml", files)).rejects.toThrow(/other\.fits/);
    await expect(readModelsWithFiles(yaml("factor.fits"), "d/m.yaml", files)).rejects.toThrow(
      /found ADDMODEL F, a factor, expected a flux/,
    );
  });
});
