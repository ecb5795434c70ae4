import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readModels, readModelsWithFiles, writeModels } from "../../src/api/io.js";
import { createSubmodel, dnde } from "../../src/api/models.js";
import { imageHdu, writeFits } from "../../src/fits/index.js";
import { readAbsorption, writeAbsorption } from "../../src/io/absorption.js";
import { memoryFiles, writeFiles } from "../../src/io/files.js";
import { standardRegistry } from "../../src/io/registry.js";
import { encodeAnalysis } from "../../src/io/yaml/analysis.js";
import { nodeFiles } from "../../src/node/files.js";
import { absorptionFile, blazarYaml } from "./absorption-file.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/models.json", import.meta.url), "utf8"));
const data = process.env.GAMMAPY_DATA;

describe("tables of absorption", () => {
  it("are read in order of redshift, each once, with the smallest float32 for zero", () => {
    const table = readAbsorption(
      absorptionFile(
        [0.5, 0.25, 0.5],
        [
          [0.5, 0],
          [0.75, 0.25],
          [0.1, 0.1],
        ],
      ),
    );
    expect([...table.energy].map((e) => e.toFixed(4))).toEqual(["3.1623", "31.6228"]);
    expect([...table.param]).toEqual([0.25, 0.5]);
    expect([...table.values]).toEqual([0.75, 0.25, 0.5, 2 ** -126]);
  });

  it("say what is wrong with them", () => {
    const read = (...args: Parameters<typeof absorptionFile>) =>
      readAbsorption(absorptionFile(...args), { where: "z.fits" });
    expect(() => read([0.1], [[1, 0.5, 0.2]])).toThrow(
      /z\.fits: SPECTRA holds 3 numbers in 1 rows, expected 2 in each row/,
    );
    expect(() => read([0.1], [[1, -0.5]])).toThrow(/SPECTRA, row 1: INTPSPEC is -0.5/);
    expect(() => read([0.1], [[1, 0.5]], [1e10, 1e9], [1e11, 1e10])).toThrow(
      /ENERGIES, row 2: .* expected more than in the row before/,
    );
    expect(() => readAbsorption(writeFits([imageHdu("PRIMARY", [], null)]), { where: "z.fits" })).toThrow(
      /no HDU "ENERGIES"/,
    );
  });
});

describe("a models.yaml that names a table", () => {
  const bytes = absorptionFile(
    [0.2, 0.4],
    [
      [0.9, 0.4],
      [0.8, 0.1],
    ],
  );
  const table = readAbsorption(bytes);

  it("finds it beside the YAML or, where the path is another machine's, in $GAMMAPY_DATA/ebl", async () => {
    for (const [name, path] of [
      ["z.fits", "d/z.fits"],
      ["/home/them/ebl/z.fits", "data/ebl/z.fits"],
    ]) {
      const files = memoryFiles({ [path!]: bytes }, { GAMMAPY_DATA: "data" });
      const { models } = await readModelsWithFiles(blazarYaml(name!), "d/models.yaml", files);
      expect(dnde(models.components[0]!.spectral, [10])[0]! / 10 ** -2.5 / 1e-12).toBeCloseTo(
        (0.9 * 0.8 * 0.4 * 0.1) ** 0.25,
        6,
      );
      // in place the name stays; anew it is written where it can be found, else the table is
      const inPlace = writeModels(models, { original: blazarYaml(name!) });
      expect(inPlace.replace(/checksum: \w+\n$/, "")).toBe(blazarYaml(name!));
      const text = writeModels(models);
      expect(text.includes("filename")).toBe(name!.startsWith("/"));
      const again = readModels(text, { resources: { "spectral-table": { [name!]: table } } }).models;
      expect(dnde(again.components[0]!.spectral, [0.5, 7, 90])).toEqual(
        dnde(models.components[0]!.spectral, [0.5, 7, 90]),
      );
    }
  });

  it("is written where it still finds it: the file beside it, or the table in it", async () => {
    for (const name of ["z.fits", "ebl/z.fits", "$GAMMAPY_DATA/ebl/z.fits"]) {
      const env = { GAMMAPY_DATA: "data" };
      const given = memoryFiles({ "d/z.fits": bytes, "d/ebl/z.fits": bytes, "data/ebl/z.fits": bytes }, env);
      const { models } = await readModelsWithFiles(blazarYaml(name), "d/models.yaml", given);
      const text = { models: blazarYaml(name) };
      const written = encodeAnalysis({ datasets: [], models }, { prefix: "x", text, registry: standardRegistry });
      expect(written.has("z.fits")).toBe(name === "z.fits");
      const others = Object.fromEntries([...written].map(([file, content]) => [`e/${file}`, content]));
      const files = memoryFiles({ ...others, "data/ebl/z.fits": bytes }, env);
      const yaml = new TextDecoder().decode(written.get("x_models.yaml"));
      const again = (await readModelsWithFiles(yaml, "e/x_models.yaml", files)).models.components[0]!;
      const ours = dnde(models.components[0]!.spectral, [0.5, 7, 90]);
      dnde(again.spectral, [0.5, 7, 90]).forEach((y, i) => {
        // energies go through keV and a square root
        expect(Math.abs(y / ours[i]! - 1)).toBeLessThan(1e-14);
      });
    }
  });

  it("is never written outside of the folder, whatever name it has", async () => {
    const filename = "../../elsewhere/x.fits";
    const files = memoryFiles({ [`a/b/${filename}`]: bytes });
    // a name that is also a model's once counted as a use of the table
    const text = blazarYaml(filename).replace("name: blazar", `name: ${filename}`);
    const { models } = await readModelsWithFiles(text, "a/b/m.yaml", files);
    for (const original of [undefined, text]) {
      const entries = encodeAnalysis(
        { datasets: [], models },
        { prefix: "p", registry: standardRegistry, ...(original && { text: { models: original } }) },
      );
      expect([...entries.keys()]).toEqual(["p_datasets.yaml", "p_models.yaml"]);
    }
    await expect(writeFiles(new Map([["../x", bytes]]), "out", files)).rejects.toThrow(
      /\.\.\/x: not written: the name leads out of the folder out/,
    );
  });

  it("says where it looked", async () => {
    const files = memoryFiles({}, { GAMMAPY_DATA: "data" });
    await expect(readModelsWithFiles(blazarYaml("z.fits"), "d/models.yaml", files)).rejects.toThrow(
      /no file "z.fits".*nor is there data\/ebl\/z.fits/,
    );
    await expect(readModelsWithFiles(blazarYaml("z.fits"), "d/models.yaml", memoryFiles({}))).rejects.toThrow(
      /set GAMMAPY_DATA/,
    );
    expect(() => readModels(blazarYaml("z.fits"))).toThrow(
      /the table "z.fits" was not read; give it as resources\["spectral-table"\]\["z.fits"\]/,
    );
  });
});

describe.runIf(process.env.GAMMATS_PYTHON !== undefined)("Gammapy", () => {
  it("opens the tables that we write", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gammats-"));
    const table = readAbsorption(
      absorptionFile(
        [0.2, 0.4],
        [
          [0.9, 0.4],
          [0.8, 0.1],
        ],
      ),
    );
    writeFileSync(join(folder, "z.fits"), writeAbsorption(table));
    const code = `import sys, astropy.units as u
from gammapy.modeling.models import EBLAbsorptionNormSpectralModel as M
print(*M.read(sys.argv[1], redshift=0.3)([0.5, 7, 90] * u.TeV).value)`;
    const theirs = execFileSync(process.env.GAMMATS_PYTHON!, ["-W", "ignore", "-c", code, join(folder, "z.fits")], {
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    const model = createSubmodel("EBLAbsorptionNormSpectralModel", { redshift: 0.3 }, { resources: { table } });
    const shares = theirs.trim().split(" ").map(Number);
    dnde(model, [0.5, 7, 90]).forEach((ours, i) => {
      expect(Math.abs(ours / shares[i]! - 1)).toBeLessThan(1e-12);
    });
  });
});

describe.runIf(data !== undefined)("the tables of $GAMMAPY_DATA/ebl", () => {
  it("let through what they do in Gammapy", async () => {
    expect(oracle.absorption.length).toBeGreaterThan(2);
    for (const { file, redshift, share } of oracle.absorption) {
      const table = readAbsorption(await nodeFiles().read(`${data}/ebl/${file}`), { where: file });
      const model = createSubmodel("EBLAbsorptionNormSpectralModel", { redshift }, { resources: { table } });
      dnde(model, oracle.energy).forEach((ours, i) => {
        // ln E, up to 25, is float32 there: 1e-6, times the slope of ln(share)
        const slope = Math.max(1, -5 * Math.log(share[i]));
        expect(Math.abs(ours - share[i])).toBeLessThanOrEqual(1e-6 * slope * share[i] + 1e-30);
      });
    }
  });
});
