import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDatasets, writeDatasets } from "../../src/api/io.js";
import type { FluxPoints, MapDataset, OnOffDataset, SedType } from "../../src/datasets/types.js";
import { readFluxPoints } from "../../src/io/flux-points/read.js";
import { writeFluxPoints } from "../../src/io/flux-points/write.js";
import { readMapDataset, writeMapDataset } from "../../src/io/map-dataset.js";
import { readMap } from "../../src/io/map-fits.js";
import { readOgip } from "../../src/io/ogip/read.js";
import { writeOgip } from "../../src/io/ogip/write.js";
import { allParameters } from "../../src/models/parameters.js";
import { ALL_SEDS, difference, floats, type PyDataset, sameDataset, samePoints } from "./compare.js";
import { disk, hasFitsverify, runPython } from "./disk.js";

const data = process.env.GAMMAPY_DATA;
const script = join(import.meta.dirname, "../oracle/io_gammapy.py");
/** Rounding of a unit conversion, and of the 15 digits of a header. */
const exact = { axes: 1e-12, data: 1e-12 };
const isOgip = (name: string) => /pha_obs\d|ogip/.test(name);
const SEDS: readonly SedType[] = ["dnde", "e2dnde", "flux", "eflux", "likelihood"];

describe.runIf(data && process.env.GAMMATS_PYTHON)("files of Gammapy", () => {
  let folder: string;
  let ours: string;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the script
  let dump: Record<string, any>;
  const path = (name: string) =>
    /^(joint-crab|fermi|hawc_crab|estimators)/.test(name) && name.includes("/")
      ? `${data}/${name}`
      : join(folder, name);
  const read = async (name: string): Promise<MapDataset | OnOffDataset> =>
    isOgip(name) ? readOgip(path(name), disk) : readMapDataset(await disk.read(path(name)), { where: path(name) });
  const points = async (name: string): Promise<FluxPoints> =>
    readFluxPoints(await disk.read(path(name)), { where: name });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gammats-io-"));
    ours = join(folder, "ours");
    runPython(script, "write", folder);
    dump = JSON.parse(await readFile(join(folder, "dump.json"), "utf8"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("datasets, real ones and Gammapy's, are read as Gammapy reads them", async () => {
    for (const [name, theirs] of Object.entries(dump.datasets as Record<string, PyDataset>)) {
      const dataset = await read(name);
      const fermi = name.startsWith("fermi-3fhl");
      sameDataset({ ...dataset, name: fermi ? "Fermi-LAT" : dataset.name }, theirs, exact, { ogip: isOgip(name) });
      if (theirs.livetime !== null) expect(dataset.livetime, name).toBeCloseTo(theirs.livetime, 6);
    }
  });

  it("regions", async () => {
    for (const [name, theirs] of Object.entries(dump.regions as Record<string, Record<string, number>>)) {
      const file = path(`region_${name}.fits`);
      const { geom } = readMap(await disk.read(file), { where: file });
      const region = geom.kind === "region" ? geom.regions[0]! : undefined;
      if (region === undefined || region.shape === "polygon" || region.shape === "difference")
        throw new Error("no region");
      expect(region.shape).toBe(name);
      const found = { lon: region.center.lon, lat: region.center.lat, ...region } as Record<string, unknown>;
      const names = { inner: "inner_radius", outer: "outer_radius" } as Record<string, string>;
      for (const key of ["lon", "lat", "radius", "inner", "outer", "width", "height", "angle"]) {
        const expected = theirs[names[key] ?? key];
        // The scale comes from a step of 1 arcsec in pixels of 0.1 deg, rounded to 1e-13.
        if (found[key] !== undefined && expected !== undefined)
          expect(found[key], `${name} ${key}`).toBeCloseTo(expected, 7);
      }
    }
  });

  it("flux points of all types, FITS and ECSV", async () => {
    for (const [name, theirs] of Object.entries(dump.fluxPoints as Record<string, PyDataset>)) {
      const likelihood = /likelihood|crab_hess_fp/.test(name);
      // Gammapy integrates a template through ref_dnde; the table says what ref_flux is.
      samePoints(await points(name), theirs, exact, likelihood ? ["dnde", "e2dnde"] : ALL_SEDS);
    }
  });

  it("datasets.yaml of Gammapy", async () => {
    const { datasets, warnings } = await readDatasets(path("all_datasets.yaml"), disk);
    expect(warnings).toEqual([]);
    expect(datasets.length).toBe(5);
    for (const [i, d] of datasets.entries()) {
      sameDataset(d, dump.analysis[i], exact, { maskFit: d.type !== "SpectrumDatasetOnOff" });
    }
    expect((datasets[3] as OnOffDataset).maskFit?.data.includes(1)).toBe(true);
  });

  it("what we write is read by Gammapy, passes fitsverify, and comes back", async () => {
    const maps: Record<string, string> = {};
    const expected: Record<string, MapDataset | OnOffDataset> = {};
    for (const name of Object.keys(dump.datasets)) {
      const dataset = await read(name);
      const stem = name.replace(/.*\//, "").replace(/\.fits$/, "");
      if (dataset.type === "SpectrumDatasetOnOff" && dataset.livetime !== undefined) {
        const files = writeOgip({ ...dataset, maskFit: dataset.maskSafe }, { name: `ogip_${stem}` });
        for (const [file, bytes] of Object.entries(files)) await disk.write(join(ours, file), bytes);
        maps[`ogip_${stem}.fits`] = dataset.type;
        expected[`ogip_${stem}.fits`] = dataset;
        const again = await readOgip(join(ours, `ogip_${stem}.fits`), disk);
        expect(again.maskFit?.data).toEqual(dataset.maskSafe?.data);
        expect(again.edisp?.map.data).toEqual(dataset.edisp?.map.data);
        expect(again.livetime).toBe(dataset.livetime);
      }
      const file = `${stem}.fits`;
      const bytes = writeMapDataset(dataset);
      await disk.write(join(ours, file), bytes);
      expect(readMapDataset(bytes, { where: file, name: dataset.name }).counts?.data).toEqual(dataset.counts?.data);
      maps[file] = dataset.type;
      expected[file] = dataset;
    }
    const tables: Record<string, FluxPoints> = {};
    for (const name of ["hawc_crab/HAWC19_flux_points.fits", "estimators/crab_hess_fp/crab_hess_fp.fits"]) {
      const table = await points(name);
      for (const sedType of SEDS) {
        for (const format of ["fits", "ecsv"] as const) {
          const file = `${name.includes("hawc") ? "hawc" : "crab"}_${sedType}.${format}`;
          await disk.write(join(ours, file), writeFluxPoints(table, { sedType, format }));
          tables[file] = table;
          const again = readFluxPoints(await disk.read(join(ours, file)), { where: file });
          expect(again.sedType).toBe(sedType);
          expect(Object.keys(again).sort()).toEqual(
            Object.keys({ ...table, meta: again.meta })
              .filter((k) => k !== "meta" || again.meta)
              .sort(),
          );
        }
      }
    }
    const all = await readDatasets(path("all_datasets.yaml"), disk);
    const fermi = `${data}/fermi-3fhl-crab/Fermi-LAT-3FHL`;
    const { models } = await readDatasets(`${fermi}_datasets.yaml`, disk, { modelsPath: `${fermi}_models.yaml` });
    const parameters = allParameters(models!);
    const n = parameters.length;
    // symmetric, each pair with a number of its own
    const pair = (i: number, j: number) => 1e-9 * (1 + n * Math.min(i, j) + Math.max(i, j));
    const matrix = Float64Array.from({ length: n ** 2 }, (_, k) => pair(Math.floor(k / n), k % n));
    const covariance = { names: parameters.map((p) => p.id), matrix };
    const analysis = { ...all, models: { ...models!, covariance } };
    const written = await writeDatasets(analysis, disk, { folder: ours, prefix: "all" });
    expect(written.slice(-3)).toEqual(
      ["all_datasets.yaml", "all_models_covariance.dat", "all_models.yaml"].map((n) => join(ours, n)),
    );
    const again = await readDatasets(join(ours, "all_datasets.yaml"), disk, {
      modelsPath: join(ours, "all_models.yaml"),
    });
    expect(again.models).toEqual(analysis.models);
    // the texts of Gammapy, edited: comments and metadata stay
    const text = {
      datasets: `# mine\n${all.text.datasets}`,
      models: `# mine\n${await readFile(`${fermi}_models.yaml`, "utf8")}`,
    };
    await writeDatasets(analysis, disk, { folder: join(ours, "edited"), prefix: "e", text });
    expect(await readFile(join(ours, "edited/e_models.yaml"), "utf8")).toMatch(/^# mine\n[\s\S]*\nchecksum: /);
    const more = [["edited/e_datasets.yaml", "edited/e_models.yaml"]];
    const list = {
      maps,
      fluxPoints: Object.keys(tables),
      datasets: "all_datasets.yaml",
      models: "all_models.yaml",
      more,
    };
    await writeFile(join(ours, "list.json"), JSON.stringify(list));
    runPython(script, "read", ours);
    const found = JSON.parse((await readFile(join(ours, "dump.json"), "utf8")).replace(/\bNaN\b/g, "null"));
    for (const [file, dataset] of Object.entries(expected))
      sameDataset(dataset, found.datasets[file], exact, {
        maskFit: !file.startsWith("ogip_"),
        ogip: file.startsWith("ogip_"),
      });
    for (const [file, table] of Object.entries(tables)) {
      const sed = ALL_SEDS.find((type) => file.includes(`_${type}.`));
      samePoints(table, found.fluxPoints[file], exact, sed ? [sed] : ["dnde", "e2dnde"]);
    }
    for (const [i, d] of all.datasets.entries()) {
      sameDataset(d, found.analysis[i], exact, { maskFit: d.type !== "SpectrumDatasetOnOff" });
    }
    expect(found.models).toEqual(["Crab Nebula", "Fermi-LAT-bkg"]);
    expect(found.parameters).toEqual(parameters.map((p) => p.parameter.value));
    // Gammapy scales the matrix back and forth: one unit in the last place.
    expect(difference(matrix, floats(found.covariance))).toBeLessThan(1e-15);
    if (!hasFitsverify) return;
    // PHA, ARF, RMF and background of spectra, maps, flux points
    const fitsFiles = (await readdir(ours, { recursive: true })).filter((name) => name.endsWith(".fits"));
    expect(fitsFiles.filter((name) => /_(arf|rmf|bkg)\.fits$/.test(name)).length).toBeGreaterThan(10);
    for (const file of fitsFiles) {
      const report = execFileSync("fitsverify", ["-q", join(ours, file)], { encoding: "utf8" });
      // warnings would make it another line
      expect(report.trim(), file).toMatch(/^verification OK/);
    }
  }, 240_000);
});
