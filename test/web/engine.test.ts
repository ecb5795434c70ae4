import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fit } from "../../src/api/fit.js";
import { readDatasets } from "../../src/api/io.js";
import { hasCode } from "../../src/errors.js";
import { memoryFiles } from "../../src/io/files.js";
import { readFluxPoints } from "../../src/io/flux-points/read.js";
import { analyseCrab, exampleFolder, readCrab } from "../../src/node/crab.js";
import { nodeFiles } from "../../src/node/files.js";
import { createEngine } from "../../web/src/engine.js";
import type { NamedBytes } from "../../web/src/types.js";
import { absorptionFile, blazarYaml } from "../io/absorption-file.js";

async function exampleFiles(...wanted: string[]): Promise<NamedBytes[]> {
  const folder = exampleFolder();
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => /\.(fits|yaml)$/.test(name) && wanted.every((part) => name.includes(part)));
  return Promise.all(files.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const));
}

describe("the engine of the page", () => {
  it("opens the example in any order and fits it as gammats crab does", async () => {
    const engine = createEngine();
    const files = (await exampleFiles()).reverse();
    const view = await engine.open(files, { stack: "HESS" });
    expect(view.datasets.map((d) => d.type).sort()).toEqual([
      "FluxPointsDataset",
      "MapDataset",
      "SpectrumDatasetOnOff",
    ]);
    expect(view.fit).toBeUndefined();
    const fitted = await engine.fit("newton");
    const { result } = analyseCrab(await readCrab(exampleFolder(), nodeFiles()));
    expect(fitted.totalStat).toBeCloseTo(result.totalStat, 8);
    const alpha = fitted.parameters.find((p) => p.id === "Crab Nebula.alpha")!;
    const expected = result.parameters.find((p) => p.id === "Crab Nebula.alpha")!;
    expect([alpha.value / expected.value, alpha.error / expected.error]).toEqual([
      expect.closeTo(1, 9),
      expect.closeTo(1, 7),
    ]);
    const hess = fitted.datasets.find((d) => d.name === "HESS")!;
    expect(Math.abs(hess.npred / hess.counts - 1)).toBeLessThan(0.05);
    expect(structuredClone(fitted)).toEqual(fitted);
  });

  it("calls a spectrum a fit that was fitted, and no other", async () => {
    const engine = createEngine();
    const opened = await engine.open(await exampleFiles(), { stack: "HESS" });
    expect(opened.sed).not.toContain("Crab Nebula, fit");
    expect((await engine.fit("newton")).sed).toContain("Crab Nebula, fit");
    const changed = await engine.change({ "Crab Nebula.alpha": 1.9 });
    expect(changed.sed).not.toContain("Crab Nebula, fit");
    // with errors of an earlier fit, which the files hold
    const { result } = analyseCrab(await readCrab(exampleFolder(), nodeFiles()));
    const again = await engine.open(await exampleFiles(), { stack: "HESS", models: result.models });
    expect(again.sed).toContain("Crab Nebula, as read");
    expect(again.sed).not.toContain("Crab Nebula, fit");
    // a new engine, after Stop, takes up what was shown
    const stopped = createEngine();
    const { models, origin } = await engine.fit("newton");
    const taken = await stopped.open(await exampleFiles(), { stack: "HESS", models, origin });
    expect(taken.sed).toContain("Crab Nebula, fit");
    const moved = await engine.change({ "Crab Nebula.alpha": 1.9 });
    const { sed } = await stopped.open(await exampleFiles(), {
      stack: "HESS",
      models: moved.models,
      origin: moved.origin,
    });
    expect(sed).not.toMatch(/Crab Nebula, (fit|as read)/);
  });

  it("moves one parameter, the others as they are or fitted again", async () => {
    const engine = createEngine();
    await engine.open(await exampleFiles(), { stack: "HESS" });
    const best = await engine.fit("newton");
    const { value, error } = best.parameters.find((p) => p.id === "Crab Nebula.beta")!;
    const plain = await engine.slide("Crab Nebula.beta", value + error, false);
    const refitted = await engine.slide("Crab Nebula.beta", value + error, true);
    // one error away a profile has risen by one, as far as it is a parabola; a slice rises by 1 / (1 - rho^2)
    expect(refitted.totalStat - best.totalStat).toBeGreaterThan(0.9);
    expect(refitted.totalStat - best.totalStat).toBeLessThan(1.1);
    expect(plain.totalStat - best.totalStat).toBeGreaterThan(5);
    expect(refitted.values["Crab Nebula.alpha"]).not.toBe(plain.values["Crab Nebula.alpha"]);
    expect(refitted.sed).toContain("<svg");
    // let go and taken up again: the others still follow
    await engine.change(refitted.values);
    const further = await engine.slide("Crab Nebula.beta", value + 2 * error, true);
    expect(further.totalStat - best.totalStat).toBeGreaterThan(3.6);
    expect(further.totalStat - best.totalStat).toBeLessThan(4.4);
    await expect(engine.slide("Crab Nebula.reference", 1, false)).rejects.toThrow(/frozen/);
  });

  it("finds the table of absorption among the files, whatever folder the YAML gives it", async () => {
    const engine = createEngine();
    const yaml = new TextEncoder().encode(blazarYaml("/home/them/ebl/z.fits"));
    const table = absorptionFile(
      [0.2, 0.4],
      [
        [0.9, 0.4],
        [0.8, 0.1],
      ],
    );
    const files = [...(await exampleFiles("joint-crab")), ["models.yaml", yaml], ["z.fits", table]] as const;
    await engine.open(files, { stack: "HESS" });
    const { fit, parameters, sed } = await engine.fit("newton");
    expect(fit!.success).toBe(true);
    expect(parameters.map(({ id, frozen }) => [id, frozen])).toEqual([
      ["blazar.index", false],
      ["blazar.amplitude", false],
      ["blazar.reference", true],
      ["blazar.redshift", true],
      ["blazar.alpha_norm", true],
    ]);
    expect(sed).toContain("blazar");
    await expect(engine.open(files.slice(0, -1), {})).rejects.toThrow(/z\.fits/);
  });

  it("takes spectra without models, from OGIP files in one heap", async () => {
    const engine = createEngine();
    const view = await engine.open(await exampleFiles("joint-crab"));
    expect(view.datasets).toHaveLength(2);
    expect(view.notes.join()).toContain("power law");
    expect(view.canStack).toBe(true);
    const stacked = await engine.stack("HESS");
    expect(stacked.datasets.map((d) => d.name)).toEqual(["HESS"]);
    expect((await engine.fit("newton")).fit!.success).toBe(true);
  });

  it("takes a map without models: a point source in its middle and its background", async () => {
    const engine = createEngine();
    const view = await engine.open(await exampleFiles("fermi", ".fits"));
    expect(view.parameters.filter((p) => !p.frozen).map((p) => p.id.split(".")[1])).toEqual([
      "index",
      "amplitude",
      "norm",
    ]);
    const fitted = await engine.fit("newton");
    expect(fitted.fit!.success).toBe(true);
    // the map is galactic, around the Crab pulsar
    const at = ["lon_0", "lat_0"].map((name) => fitted.parameters.find((p) => p.id === `source.${name}`)!.value);
    expect(at).toEqual([expect.closeTo(184.56, 1), expect.closeTo(-5.78, 1)]);
  });

  it("names what is missing, and what it was given", async () => {
    const engine = createEngine();
    const fermi = await exampleFiles("fermi");
    const without = fermi.filter(([name]) => !name.endsWith(".fits"));
    await expect(engine.open(without)).rejects.toThrow(
      /no file "Fermi-LAT-3FHL_data_Fermi-LAT\.fits"[\s\S]*Open all files of an analysis together/,
    );
    const reason = await engine.open(without).catch((error) => error);
    expect(hasCode(reason, "missing-file")).toBe(true);
    const pha = (await exampleFiles("23523")).filter(([name]) => !name.includes("_arf"));
    await expect(engine.open(pha)).rejects.toThrow(/pha_obs23523_arf\.fits[\s\S]*together/);
    await expect(engine.open([["notes.txt", new TextEncoder().encode("hello there\n")]])).rejects.toThrow(
      /no dataset among the files: found notes\.txt \(a text that begins with "hello there"\)/,
    );
    const twice = [...fermi, ["other_models.yaml", fermi.find(([name]) => name.endsWith("models.yaml"))![1]] as const];
    await expect(engine.open(twice)).rejects.toThrow(/2 files could be the models\.yaml/);
    await expect(engine.fit("newton")).rejects.toThrow(/nothing is open/);
    await engine.open(fermi);
    await expect(engine.minos()).rejects.toThrow(/fit first/);
    await expect(engine.change({ "Crab Nebula.alpha": Number.NaN })).rejects.toThrow(/expected a number/);
  });

  it("writes files that are the same analysis again, with flux points", async () => {
    const engine = createEngine();
    await engine.open(await exampleFiles("fermi"));
    await engine.change({ "Crab Nebula.beta": { frozen: true } });
    const fitted = await engine.fit("newton");
    await engine.fluxPoints("Crab Nebula");
    const minos = await engine.minos();
    expect(minos.every((m) => m.errn > 0 && m.errp > 0)).toBe(true);
    expect(fitted.pictures).toEqual(["counts-Fermi-LAT", "maps-Fermi-LAT"]);
    for (const name of fitted.pictures) expect(await engine.picture(name)).toContain("Fermi-LAT</title>");
    const widthOf = (svg: string) => /<svg[^>]* width="(\d+)"/.exec(svg)![1];
    expect(widthOf(await engine.picture("maps-Fermi-LAT", 300))).toBe("300");
    expect(widthOf(await engine.picture("counts-Fermi-LAT"))).toBe("640");
    expect(widthOf(await engine.paper(350))).toBe("350");
    expect([widthOf(await engine.picture("spectrum", 400)), widthOf(await engine.picture("spectrum"))]).toEqual([
      "400",
      "640",
    ]);
    await expect(engine.picture("maps-HESS")).rejects.toThrow(/there is no picture "maps-HESS"/);
    const files = await engine.downloads();
    const names = files.map(([name]) => name);
    expect(names).toContain("fit-result.yaml");
    const again = await readDatasets("analysis_datasets.yaml", memoryFiles(Object.fromEntries(files)), {
      modelsPath: "analysis_models.yaml",
    });
    expect(fit(again.datasets, again.models!).totalStat).toBeCloseTo(fitted.totalStat, 8);
    const table = files.find(([name]) => name === "flux-points-Fermi-LAT.fits")![1];
    expect(readFluxPoints(table, { where: "table" }).norm.length).toBe(5);
  });
});
