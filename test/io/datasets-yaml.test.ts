import { describe, expect, it } from "vitest";
import { readDatasets, writeDatasets } from "../../src/api/io.js";
import type { FluxPointsDataset, OnOffDataset } from "../../src/datasets/types.js";
import { FormatError } from "../../src/errors.js";
import { memoryFiles } from "../../src/io/files.js";
import { readFluxPointsDataset } from "../../src/io/flux-points/read.js";
import { writeMapDataset } from "../../src/io/map-dataset.js";
import { writeOgip } from "../../src/io/ogip/write.js";
import { standardRegistry } from "../../src/io/registry.js";
import { cube, spectrum } from "./samples.js";

const encode = (text: string) => new TextEncoder().encode(text);
const files = (yaml: string, more: Record<string, Uint8Array> = {}, env: Record<string, string> = {}) =>
  memoryFiles({ "d/x_datasets.yaml": encode(yaml), "d/cube.fits": writeMapDataset(cube()), ...more }, env);
const read = (yaml: string, options = {}, more = {}, env = {}) =>
  readDatasets("d/x_datasets.yaml", files(yaml, more, env), options);
const entry = "datasets:\n- name: Fermi\n  type: MapDataset\n  filename: cube.fits\n";

function points(): FluxPointsDataset {
  const text =
    "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: e_ref, unit: TeV, datatype: float64}\n# - {name: dnde, unit: cm-2 s-1 TeV-1, datatype: float64}\n# schema: astropy-2.0\ne_ref dnde\n1 1e-12\n3 2e-13\n";
  return readFluxPointsDataset(encode(text), { where: "p.ecsv", name: "HAWC 2019" });
}

const models = `components:
- name: Crab Nebula
  type: SkyModel
  spectral:
    type: PowerLawSpectralModel
    parameters:
    - {name: index, value: 2.5}
    - {name: amplitude, value: 1.0e-12, unit: cm-2 s-1 TeV-1}
    - {name: reference, value: 1.0, unit: TeV}
- name: background
  type: BackgroundModel
  parameters:
  - {name: norm, value: 0.95, min: 0.0}
  - {name: tilt, value: 0.0, frozen: true}
  - {name: reference, value: 1.0, unit: TeV, frozen: true}
`;

describe("datasets.yaml", () => {
  it("names datasets and finds files beside it or by an environment variable", async () => {
    const { datasets } = await read(entry);
    expect(datasets[0]).toEqual({ ...cube(), name: "Fermi" });
    const named = await read(entry.replace("cube.fits", "$DATA/cube.fits"), {}, {}, { DATA: "d" });
    expect(named.datasets.length).toBe(1);
    await expect(read(entry.replace("cube.fits", "$DATA/cube.fits"))).rejects.toThrow(
      /d\/x_datasets\.yaml:4 datasets\[0\]\.filename: the path "\$DATA\/cube\.fits" needs the environment variable DATA/,
    );
  });

  it("of version 0.17 brings the models of each dataset", async () => {
    const old = `${entry}  likelihood: cash\n  models:\n  - Crab Nebula\n  background: background\n- name: spectrum\n  type: SpectrumDatasetOnOff\n  likelihood: wstat\n  models: []\n  filename: s.fits\n`;
    const more = { "d/s.fits": writeMapDataset(spectrum()), "d/m.yaml": encode(models) };
    const analysis = await read(old, { modelsPath: "d/m.yaml" }, more);
    expect(analysis.models?.components.map((m) => [m.type, m.name, m.datasetsNames])).toEqual([
      ["SkyModel", "Crab Nebula", ["Fermi"]],
      ["FoVBackgroundModel", "Fermi-bkg", ["Fermi"]],
    ]);
  });

  it("is written with its data, and read back", async () => {
    const store = memoryFiles();
    const datasets = [cube(), spectrum(), points()];
    const written = await writeDatasets({ datasets }, store, { folder: "out", prefix: "x" });
    expect(written).toEqual(
      ["cube.fits", "pha_obsspectrum.fits", "HAWC_2019.fits", "x_datasets.yaml"].map((n) => `out/${n}`),
    );
    const found = await readDatasets("out/x_datasets.yaml", store);
    expect(found.warnings).toEqual([]);
    expect(found.datasets[0]).toEqual(cube());
    expect(found.datasets.map((d) => [d.name, d.type])).toEqual(datasets.map((d) => [d.name, d.type]));
    await expect(writeDatasets({ datasets }, store, { folder: "out", prefix: "x" })).rejects.toThrow(
      /out\/cube\.fits exists already/,
    );
    const ogip = await writeDatasets({ datasets }, store, { folder: "o", prefix: "x", spectra: "ogip" });
    expect(ogip.length).toBe(7);
    const again = await readDatasets("o/x_datasets.yaml", store);
    expect((again.datasets[1] as OnOffDataset).maskFit).toMatchObject({ data: Uint8Array.of(1, 1, 0) });
  });

  it("quotes names that YAML would take for numbers", async () => {
    const store = memoryFiles();
    await writeDatasets({ datasets: [{ ...cube(), name: "23523" }] }, store, { folder: "out", prefix: "x" });
    expect(new TextDecoder().decode(store.entries.get("out/x_datasets.yaml"))).toContain("name: '23523'");
  });

  it("brings back names with bars, line ends and blanks around them", async () => {
    const names = ["a|b", "a\nb: c", " a ", "a\r\nb # c"];
    const store = memoryFiles();
    const datasets = names.map((name) => ({ ...cube(), name }));
    await writeDatasets({ datasets: [datasets[0]!, datasets[1]!] }, store, { folder: "o", prefix: "x" });
    await writeDatasets({ datasets: [datasets[2]!, datasets[3]!] }, store, { folder: "p", prefix: "x" });
    for (const [folder, expected] of [
      ["o", names.slice(0, 2)],
      ["p", names.slice(2)],
    ] as const) {
      const found = await readDatasets(`${folder}/x_datasets.yaml`, store);
      expect(found.datasets.map(({ name }) => name)).toEqual(expected);
    }
  });

  it("keeps comments and metadata, and warns of a wrong checksum", async () => {
    const yaml = `# mine\n${entry.replace("Fermi\n", "Fermi # the sky\n")}metadata:\n  creator: Gammapy 2.1\nchecksum: 0123\n`;
    const analysis = await read(yaml);
    expect(analysis.warnings[0]).toMatch(/x_datasets\.yaml:8: the checksum does not fit/);
    const store = memoryFiles();
    await writeDatasets(analysis, store, { folder: "out", prefix: "x", text: analysis.text });
    const text = new TextDecoder().decode(store.entries.get("out/x_datasets.yaml"));
    expect(text).toMatch(/^# mine\n/);
    expect(text).toContain("# the sky");
    expect(text).toContain("creator: Gammapy 2.1");
    expect(text).toMatch(/^checksum: (?!0123)/m);
    expect((await readDatasets("out/x_datasets.yaml", store)).warnings).toEqual([]);
  });

  it("warns of files that were changed after they were written", async () => {
    const whole = writeMapDataset(cube());
    expect((await read(entry, {}, { "d/cube.fits": whole })).warnings).toEqual([]);
    const changed = whole.slice();
    // in the pixels of the last image
    changed[changed.length - 2880] = changed[changed.length - 2880]! ^ 1;
    const { datasets, warnings } = await read(entry, {}, { "d/cube.fits": changed });
    expect(datasets.length).toBe(1);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^d\/cube\.fits: HDU \d+ .*: the data have changed since they were written: .*DATASUM says/,
      ),
    ]);
    const { "s.fits": pha, ...others } = writeOgip(spectrum(), { name: "s" });
    const arf = others["s_arf.fits"]!.slice();
    // the last bit of an area
    arf[arf.length - 2880 + 11] = arf[arf.length - 2880 + 11]! ^ 1;
    const all = Object.entries({ ...others, "s.fits": pha!, "s_arf.fits": arf });
    const ogip = Object.fromEntries(all.map(([name, bytes]) => [`d/${name}`, bytes]));
    const text = "datasets:\n- name: s\n  type: SpectrumDatasetOnOff\n  filename: s.fits\n";
    expect((await read(text, {}, ogip)).warnings).toEqual([expect.stringMatching(/^d\/s_arf\.fits: HDU 1 /)]);
  });

  it("lists every problem with file and line", async () => {
    const yaml = `datasets:
- name: a
  type: MapDatset
  filename: cube.fits
- name: b
  type: MapDataset
  filname: cube.fits
- name: c
  type: SpectrumDatasetOnOff
  filename: cube.fits
- name: d
  type: MapDataset
  filename: nowhere.fits
- {name: e, type: MapDataset, filename: x_datasets.yaml}
- {name: f, type: MapDataset, filename: cube.fits}
- {name: f, type: MapDataset, filename: cube.fits}
- {name: g, type: MapDataset, filename: broken.fits}
extra: 1
`;
    const broken = { "d/broken.fits": writeMapDataset(cube()).slice(0, 4000) };
    const { problems, datasets } = await read(yaml, { keepGoing: true }, broken);
    const expected = [
      /x_datasets\.yaml:18: unknown key "extra"/,
      /:3 datasets\[0\]: unknown dataset type "MapDatset"; did you mean "MapDataset"\?/,
      /:7 datasets\[1\]: unknown key "filname"; did you mean "filename"\?/,
      /:5 datasets\[1\]: the key "filename" is missing/,
      /:10 datasets\[2\]: d\/cube\.fits holds a MapDataset, expected a SpectrumDatasetOnOff/,
      /:13 datasets\[3\]\.filename: no file "nowhere\.fits"/,
      /:14 datasets\[4\]\.filename: the file "x_datasets\.yaml" is the YAML file itself/,
      /:16 datasets\[6\]: the name "f" is taken by datasets\[5\]/,
      /d\/broken\.fits: HDU 1/,
    ];
    for (const pattern of expected)
      expect(
        problems.some((p) => pattern.test(p)),
        String(pattern),
      ).toBe(true);
    expect(problems.length).toBe(expected.length);
    expect(datasets.length).toBe(2);
    const error: FormatError = await read(yaml, {}, broken).catch((reason) => reason);
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(/9 problems/);
    expect([error.code, error.problems!.map((p) => p.message)]).toEqual(["several", problems]);
    const at = (line: number) => error.problems!.find(({ where }) => where?.startsWith(`d/x_datasets.yaml:${line} `))!;
    expect(at(13)).toMatchObject({ code: "missing-file", found: "nowhere.fits" });
    expect(at(3).code).toBe("unknown-name");
    expect(error.problems!.find(({ where }) => where?.startsWith("d/broken.fits"))!.code).toBe("damaged");
  });

  it("reports a missing models file and a model that no dataset names", async () => {
    await expect(read(entry, { modelsPath: "d/none.yaml" })).rejects.toThrow(/d\/none\.yaml/);
    const old = entry.replace("MapDataset\n", "MapDataset\n  models: [Other]\n  background: background\n");
    const result = read(old, { modelsPath: "d/m.yaml" }, { "d/m.yaml": encode(models) });
    await expect(result).rejects.toThrow(/no model "Other".*\n.*no dataset names the model "Crab Nebula"/s);
  });

  it("is told from files of other formats, whose bytes are never printed", async () => {
    const fits = writeMapDataset(cube());
    const given = (name: string, bytes: Uint8Array, registry?: typeof standardRegistry) =>
      readDatasets(name, memoryFiles({ [name]: bytes }), { registry }).catch((error) => error.message);
    const expected = 'expected a datasets.yaml (list "datasets")';
    expect(await given("x.fits", fits)).toBe(`x.fits: found dataset of maps or region spectra (Gammapy), ${expected}`);
    expect(await given("x.fits", fits.slice(0, 4000))).toBe(`x.fits: found FITS that is damaged, ${expected}`);
    expect(await given("x.bin", Uint8Array.of(0, 1, 255))).toBe(
      `x.bin: found a binary file (first bytes 00 01 ff), ${expected}`,
    );
    expect(await given("x.json", encode('{"a": 1}'))).toBe(`x.json: found JSON, ${expected}`);
    expect(await given("x.txt", encode("hello there\n"))).toBe(
      `x.txt: found a text that begins with "hello there", ${expected}`,
    );
    expect(await given("config.yaml", encode("general: {}\ndatasets:\n  type: 1d\n"), standardRegistry)).toBe(
      `config.yaml: found configuration of an analysis (Gammapy's Analysis), ${expected}; reduce event files as it says: gammats analyse FOLDER --config config.yaml; or give the datasets.yaml and models.yaml that the analysis wrote`,
    );
    expect(await given("x.yaml", encode(`datasets: ${"long ".repeat(9999)}\n`))).toMatch(
      /^x\.yaml:1 datasets: found "long .{100,120} \.\.\., expected a list$/,
    );
    const models = read(entry, { modelsPath: "d/cube.fits" });
    await expect(models).rejects.toThrow(
      'd/cube.fits: found dataset of maps or region spectra (Gammapy), expected a models.yaml (list "components")',
    );
  });

  it("names the format of a data file that is another than the type says", async () => {
    const more = { "d/pha.fits": writeOgip(spectrum(), { name: "s" })["s.fits"]! };
    await expect(read(entry.replace("cube.fits", "pha.fits"), {}, more)).rejects.toThrow(
      "d/pha.fits: found counts spectrum (OGIP PHA), expected a MapDataset: dataset of maps or region spectra (Gammapy)",
    );
  });

  it("takes what datasets are written in from the option, where they can be", async () => {
    const write = (spectra: string) =>
      writeDatasets({ datasets: [cube(), spectrum()] }, memoryFiles(), { folder: "", prefix: "x", spectra });
    expect(await write("gadf")).toEqual(["cube.fits", "pha_obsspectrum.fits", "x_datasets.yaml"]);
    expect((await write("ogip-pha")).length).toBe(6);
    await expect(write("xspec")).rejects.toThrow(
      'dataset "cube": there is no format of datasets "xspec"; there are gadf, ogip, flux-points',
    );
  });
});
