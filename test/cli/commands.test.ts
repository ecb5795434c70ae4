import { createHash } from "node:crypto";
import { access, cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeMap } from "../../src/io/map-fits.js";
import { standardModels } from "../../src/models/registry.js";
import { presets } from "../../src/models/text/presets.js";
import { crabDataFiles } from "../../src/node/crab-data.js";
import { wcsGeom } from "../../src/sky/index.js";
import { fermi, gammats, hawc, spectra, temporaryFolder } from "./run.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const analysis = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];

describe("gammats crab", () => {
  it("runs the embedded example: one document with fit, flux_points and files", async () => {
    const out = folder.path("crab");
    const { status, stderr, json } = await gammats(["crab", "--pdf", "--out", out, "--json"]);
    expect(status).toBe(0);
    expect(stderr).toContain("simulated example");
    const { data, fit, flux_points, files } = json();
    expect(data).toBe("example");
    expect(fit.success).toBe(true);
    expect(fit.datasets.map((d: { name: string }) => d.name)).toEqual(["Fermi-LAT", "HESS", "HAWC"]);
    expect([flux_points["Fermi-LAT"].length, flux_points.HESS.length]).toEqual([5, 6]);
    const names = files.map((file: string) => basename(file));
    for (const name of [
      "crab_10GeV_100TeV_datasets.yaml",
      "crab_10GeV_100TeV_models.yaml",
      "crab_10GeV_100TeV_models_covariance.dat",
      "fit-result.yaml",
      "flux-points-HESS.fits",
      "flux-points-HESS.ecsv",
      "crab-sed.svg",
      "crab-sed.png",
      "crab-sed.pdf",
      "counts-HESS.svg",
      "maps-Fermi-LAT.png",
    ]) {
      expect(names).toContain(name);
    }
    for (const file of files) await access(file);
    expect((await readdir(out)).sort()).toEqual(names.sort());
    // what it wrote is an analysis again, at its minimum
    const prefix = `${out}/crab_10GeV_100TeV`;
    const again = (await gammats(["fit", `${prefix}_datasets.yaml`, `${prefix}_models.yaml`, "--json"])).json();
    expect(again.total_stat).toBeCloseTo(fit.total_stat, 6);
    expect(again.nfev).toBeLessThanOrEqual(3);
    // and fit-result.yaml holds the covariance by name, inline
    const yaml = parse(await readFile(`${out}/fit-result.yaml`, "utf8"));
    expect(yaml.covariance["Crab Nebula.alpha"]["Crab Nebula.beta"]).toBeCloseTo(
      fit.covariance["Crab Nebula.alpha"]["Crab Nebula.beta"],
      15,
    );
    expect(yaml.total_stat).toBe(fit.total_stat);
  });
});

describe("gammats crab in $GAMMAPY_DATA", () => {
  it("takes either layout, and the example where a file is missing, saying so", async () => {
    const newer = folder.path("newer");
    await cp("examples/crab", newer, { recursive: true });
    await mkdir(`${newer}/hawc`);
    await rename(`${newer}/hawc_crab`, `${newer}/hawc/crab_flux`);
    const crab = () => gammats(["crab", "--out", folder.path("layout"), "--json"], { GAMMAPY_DATA: newer });
    const whole = await crab();
    expect([whole.status, whole.stderr, whole.json().data]).toEqual([0, `Crab: the files in ${newer}\n`, "real"]);
    await rm(`${newer}/joint-crab/spectra/hess/pha_obs23526.fits`);
    const lacking = await crab();
    expect(lacking.json().data).toBe("example");
    expect(lacking.stderr).toMatch(
      /not all files are in \$GAMMAPY_DATA; missing: \S+pha_obs23526\.fits\nCrab: the simulated/,
    );
  });
});

const data = process.env.GAMMAPY_DATA;
describe.runIf(data)("gammats crab on the real files", () => {
  it("reaches the numbers of the reference", async () => {
    const { status, json } = await gammats(["crab", "--out", folder.path("real"), "--json"], { GAMMAPY_DATA: data });
    expect(status).toBe(0);
    const { data: kind, fit, flux_points } = json();
    expect(kind).toBe("real");
    // numerics.md and the reference in float64, to its last digit
    expect(fit.total_stat).toBeCloseTo(-12697.22988, 5);
    const free = fit.parameters.filter((p: { frozen: boolean }) => !p.frozen);
    const expected = {
      amplitude: [3.973668e-3, 6.2832e-4],
      alpha: [1.263354, 0.036816],
      beta: [0.0613207, 0.0020302],
      norm: [1.305008, 0.076414],
    };
    for (const { name, value, error } of free) {
      const [v, e] = expected[name as keyof typeof expected] as [number, number];
      expect(Math.abs(value - v) / e, name).toBeLessThan(0.002);
      expect(Math.abs(error / e - 1), name).toBeLessThan(0.001);
    }
    const [lat, hess, points] = fit.datasets;
    expect([lat.counts, lat.counts_all, lat.n_fit_bins]).toEqual([2932, 3004, 8280]);
    expect([hess.counts, hess.n_fit_bins]).toEqual([250, 43]);
    expect(lat.stat).toBeCloseTo(-12737.6, 2);
    expect(hess.stat).toBeCloseTo(34.7575, 3);
    expect(points.stat).toBeCloseTo(5.614, 2);
    // taken at the minimum, the reference where its Migrad stopped: a part in 10^3 (Fermi-LAT's last point: 10 counts)
    const e2dnde = flux_points.HESS.map((p: { e2dnde: number }) => p.e2dnde);
    [4.6755e-11, 4.7364e-11, 3.798e-11, 2.5224e-11, 2.3164e-11].forEach((v, i) => {
      expect(Math.abs(e2dnde[i] / v - 1)).toBeLessThan(1e-3);
    });
    expect(flux_points.HESS[5].is_ul).toBe(true);
    expect(flux_points.HESS[5].e2dnde_ul / 1.3011e-11).toBeCloseTo(1, 3);
  });
});

describe("gammats fit", () => {
  it("gives the keys that are promised", async () => {
    const { status, json } = await gammats(["fit", ...analysis, "--json"]);
    expect(status).toBe(0);
    const document = json();
    expect(document).toMatchObject({ success: true, backend: "newton", message: expect.any(String) });
    expect(document.nfev).toBeGreaterThan(0);
    expect(Number.isFinite(document.total_stat)).toBe(true);
    expect(document.datasets[0]).toMatchObject({
      name: "Fermi-LAT",
      type: "MapDataset",
      stat: expect.any(Number),
      n_fit_bins: expect.any(Number),
      counts: expect.any(Number),
      npred: expect.any(Number),
    });
    expect(document.parameters[0]).toMatchObject({
      model: "Crab Nebula",
      name: "amplitude",
      value: expect.any(Number),
      error: expect.any(Number),
      unit: "cm-2 s-1 TeV-1",
      frozen: false,
    });
    expect(Object.keys(document.covariance)).toContain("Crab Nebula.alpha");
  });

  it("prints the result as the tutorial does", async () => {
    const { stdout } = await gammats(["fit", ...analysis]);
    expect(stdout).toMatch(/^OptimizeResult\n\n {8}backend {4}: newton\n {8}method {5}: .+\n {8}success {4}: True\n/);
    expect(stdout).toMatch(/\n {8}total stat : -?\d+\.\d\d\n\n/);
    expect(stdout).toMatch(/name +value +unit +min +max +frozen +error\n/);
    expect(stdout).toMatch(/ alpha \d\.\d{3}e[+-]\d\d .*nan +nan +False \d\.\d{3}e[+-]\d\d\n/);
  });

  it("sets, frees and freezes parameters, with units", async () => {
    const changed = await gammats([
      "fit",
      ...analysis,
      "--freeze",
      "Crab Nebula.alpha",
      "--set",
      "Crab Nebula.alpha=1.7",
      "--set",
      "Crab Nebula.reference=60 MeV",
      "--free",
      "Fermi-LAT-bkg.tilt",
      "--json",
    ]);
    expect(changed.status).toBe(0);
    const parameters = changed.json().parameters as { model: string; name: string; value: number; frozen: boolean }[];
    const of = (model: string, name: string) => parameters.find((p) => p.model === model && p.name === name)!;
    expect(of("Crab Nebula", "alpha")).toMatchObject({ value: 1.7, frozen: true });
    expect(of("Crab Nebula", "reference").value).toBeCloseTo(6e-5, 12);
    expect(of("Fermi-LAT-bkg", "tilt").frozen).toBe(false);
  });

  it("restricts the energies of one dataset", async () => {
    const bins = async (...more: string[]) =>
      (await gammats(["fit", ...analysis, "--json", ...more])).json().datasets[0].n_fit_bins;
    // 5 bins from 10 GeV to 2 TeV: two of them end below 100 GeV
    const [all, low] = [await bins(), await bins("--energy-range", "Fermi-LAT=10 GeV,100 GeV")];
    expect(low / all).toBeCloseTo(0.4, 1);
    expect(await bins("--energy-range", "10 GeV,100 GeV")).toBe(low);
    // the last edge is 2 TeV to the last digits of the file
    expect(await bins("--energy-range", "10 GeV,1.9999999 TeV")).toBe(all);
    const { said } = await gammats(["fit", ...analysis, "--energy-range", "Fermi-LAT=10 GeV,100 GeV"]);
    expect(said).toMatch(
      /--energy-range: dataset "Fermi-LAT": an end lies inside an energy bin, which is left out; used are 0.01 to 0.083255 TeV/,
    );
  });

  it.each(["minuit", "simplex"])("reaches the same minimum with %s", async (backend) => {
    const [a, b] = await Promise.all(
      ["newton", backend].map(async (name) =>
        (await gammats(["fit", ...analysis, "--backend", name, "--json"])).json(),
      ),
    );
    expect(b.backend).toBe(backend);
    expect(b.total_stat).toBeCloseTo(a.total_stat, 2);
  });

  it("ends with status 1 and words where the fit does not converge", async () => {
    const models = folder.path("flat_models.yaml");
    const text = await readFile(`${fermi}_models.yaml`, "utf8");
    // a second source of the same shape on top of the first: only the sum of their amplitudes is determined
    const { components } = parse(text);
    const copy = text
      .slice(text.indexOf("components:\n") + 12)
      .replace(/\n {0,2}- *(?:name: Fermi|type: FoV)[\s\S]*$/, "\n")
      .replace("Crab Nebula", "Crab Twin");
    expect(components[0].name).toBe("Crab Nebula");
    await writeFile(models, text.replace("components:\n", `components:\n${copy}`));
    const shapes = ["Crab Nebula.alpha", "Crab Nebula.beta", "Crab Twin.alpha", "Crab Twin.beta"];
    const freeze = shapes.flatMap((id) => ["--freeze", id]);
    const { status, stderr, json } = await gammats(["fit", analysis[0]!, models, "--json", ...freeze]);
    const { success, message } = json();
    expect([status, success]).toEqual([1, false]);
    expect(stderr).toContain("did not converge");
    expect(message).toMatch(/moving Crab (Twin|Nebula).amplitude by .* and Crab (Twin|Nebula).amplitude by/);
  });
});

describe("gammats flux-points", () => {
  it("prints and writes points that info reads back", async () => {
    const out = folder.path("points.ecsv");
    const range = ["--range", "10 GeV,2 TeV", "--bins", "5"];
    const { status, json } = await gammats(["flux-points", ...analysis, ...range, "--out", out, "--json"]);
    expect(status).toBe(0);
    const { flux_points, source } = json();
    expect(source).toBe("Crab Nebula");
    expect(flux_points).toHaveLength(5);
    const [info] = (await gammats(["info", out, "--json"])).json();
    expect(info.kind).toBe("flux-points");
    expect(info.flux_points[0].e2dnde).toBeCloseTo(flux_points[0].e2dnde, 18);
    const text = await gammats(["flux-points", ...analysis, "--edges", "10 GeV,100 GeV,2 TeV"]);
    // what --out writes, of two standard deviations
    expect(text.stdout).toMatch(/^Crab Nebula: 2 flux points from Fermi-LAT; limits at 95.45 %\n/);
    expect(text.stdout).toMatch(/ dnde \[cm-2 s-1 TeV-1\] +dnde_err/);
    const energy = ["flux-points", ...analysis, "--edges", "10 GeV,2 TeV", "--sed-type", "e2dnde"];
    expect((await gammats(energy)).stdout).toMatch(/ e2dnde \[erg cm-2 s-1\] +e2dnde_err/);
    expect((await gammats([...energy, "--format", "tex"])).stdout).toContain("Limit (95.45\\,\\%)");
  });

  it("says in every format why there is no value", async () => {
    const argv = ["flux-points", ...analysis, "--edges", "10 GeV,2 TeV,10 TeV,20 TeV"];
    const { status, stdout, json } = await gammats([...argv, "--json"]);
    expect(status, stdout).toBe(0);
    const [first, second] = json().flux_points;
    expect([first.remark, second.remark, second.counts]).toEqual([undefined, "no data in this interval", null]);
    for (const format of ["text", "csv", "tex"]) {
      const text = (await gammats([...argv, "--format", format])).stdout;
      expect(text, format).toContain("no data in this interval");
      expect(text, format).not.toContain("did not converge");
    }
    const none = await gammats(["flux-points", ...analysis, "--edges", "10 TeV,20 TeV"]);
    expect([none.status, none.stdout]).toEqual([2, ""]);
    expect(none.stderr).toContain("between 10 and 20 TeV; the data in the fit reach from 0.01 to 2 TeV");
  });

  it("of data and flux points names the data alone, and says so", async () => {
    const all = [...analysis, hawc, "--dataset", "Fermi-LAT", "--dataset", "HAWC19_flux_points"];
    const argv = [...all, "--source", "Crab Nebula", "--edges", "10 GeV,2 TeV"];
    const { stdout, stderr } = await gammats(["flux-points", ...argv]);
    expect(stderr).toContain('dataset "HAWC19_flux_points" is left out: it has no counts');
    expect(stdout).toMatch(/^Crab Nebula: 1 flux point from Fermi-LAT\b(?!.*HAWC)/);
    expect((await gammats(["flux-points", ...argv, "--json"])).json().datasets).toEqual(["Fermi-LAT"]);
    const map = await gammats(["ts-map", ...analysis, hawc, "--edges", "100 GeV,2 TeV"]);
    expect(map.stderr).toContain('dataset "HAWC19_flux_points" is left out: it has no counts on a map');
  });
});

describe("gammats info", () => {
  it("recognises every kind of file", async () => {
    const files = [
      hawc,
      `${spectra}/pha_obs23523.fits`,
      `${spectra}/pha_obs23523_arf.fits`,
      ...analysis,
      "package.json",
    ];
    const { status, json } = await gammats(["info", ...files, "--json"]);
    expect(status).toBe(0);
    expect(json().map((d: { kind: string }) => d.kind)).toEqual([
      "flux-points",
      "ogip-pha",
      "ogip-arf",
      "datasets-yaml",
      "models-yaml",
      "json",
    ]);
    const text = await gammats(["info", ...files]);
    expect(text.stdout).toContain("SpectrumDatasetOnOff");
    expect(text.stdout).toMatch(/HDU +name +kind/);
    expect(text.stdout).toContain("LogParabolaSpectralModel");
  });
});

describe("maps of any unit", () => {
  it("are described and found right", async () => {
    const path = folder.path("flux-map.fits");
    const geom = wcsGeom({ center: { lon: 83.6, lat: 22, frame: "icrs" }, binsz: 0.1, npix: [3, 2] });
    await writeFile(path, writeMap({ geom, unit: "cm-2 s-1", data: Float64Array.of(1, 2, 3, 4, 5, Number.NaN) }));
    const { stdout } = await gammats(["info", path]);
    expect(stdout).toMatch(/3 x 2 pixels, unit cm-2 s-1\n.*values 1 to 5, sum 15, 1 pixels without a value/);
    expect((await gammats(["validate", path])).status).toBe(0);
  });
});

describe("gammats stack", () => {
  it.each(["gadf", "ogip"])("adds two runs up, written as %s", async (format) => {
    const out = folder.path(`stacked-${format}.fits`);
    const runs = [23523, 23526].map((run) => `${spectra}/pha_obs${run}.fits`);
    const { status, json } = await gammats([
      "stack",
      ...runs,
      "--name",
      "HESS",
      "--out",
      out,
      "--format",
      format,
      "--json",
    ]);
    expect(status).toBe(0);
    const { counts, livetime, stacked } = json();
    expect(stacked).toEqual(["23523", "23526"]);
    const [info] = (await gammats(["info", out, "--json"])).json();
    expect(info.datasets[0].counts).toBe(counts);
    expect(info.datasets[0].livetime).toBeCloseTo(livetime, 6);
  });
});

describe("gammats simulate", () => {
  it("writes the embedded example again, byte for byte", async () => {
    const out = folder.path("example");
    const { status, json } = await gammats(["simulate", "--example", "crab", "--out", out, "--json"]);
    expect(status).toBe(0);
    for (const file of json().files as string[]) {
      const committed = `examples/crab/${file.slice(out.length + 1)}`;
      expect((await readFile(file)).equals(await readFile(committed)), committed).toBe(true);
    }
  });

  it("draws the same counts from the same seed, and others from another", async () => {
    const counts = async (seed: string, name: string) =>
      (await gammats(["simulate", ...analysis, "--seed", seed, "--out", folder.path(name), "--json"])).json()
        .datasets[0].counts;
    expect(await counts("7", "toy1")).toBe(await counts("7", "toy2"));
    const read = (name: string) => readFile(folder.path(`${name}/Fermi-LAT.fits`));
    expect((await read("toy1")).equals(await read("toy2"))).toBe(true);
    await counts("8", "toy3");
    expect((await read("toy1")).equals(await read("toy3"))).toBe(false);
  });
});

describe("gammats convert", () => {
  it("writes models, flux points and spectra in another form", async () => {
    const models = folder.path("new_models.yaml");
    expect((await gammats(["convert", analysis[1]!, "--out", models])).status).toBe(0);
    expect(parse(await readFile(models, "utf8")).components[0].name).toBe("Crab Nebula");
    const ecsv = folder.path("hawc.ecsv");
    expect((await gammats(["convert", hawc, "--out", ecsv, "--sed-type", "e2dnde"])).status).toBe(0);
    expect(await readFile(ecsv, "utf8")).toContain("e2dnde");
    const gadf = folder.path("run.fits");
    expect((await gammats(["convert", `${spectra}/pha_obs23523.fits`, "--out", gadf])).status).toBe(0);
    expect((await gammats(["info", gadf, "--json"])).json()[0].kind).toBe("map-dataset");
  });

  it("converts a whole analysis", async () => {
    const out = folder.path("whole/new_datasets.yaml");
    const { status, json } = await gammats(["convert", ...analysis, "--out", out, "--json"]);
    expect(status).toBe(0);
    expect(json().files.map((file: string) => basename(file))).toContain("new_models.yaml");
    const { status: second } = await gammats(["fit", out, folder.path("whole/new_models.yaml")]);
    expect(second).toBe(0);
  });
});

describe("gammats validate", () => {
  it("finds nothing wrong with the example", async () => {
    const { status, stdout } = await gammats(["validate", ...analysis, hawc, `${spectra}/pha_obs23523.fits`]);
    expect([status, stdout]).toEqual([0, "4 files, no problems\n"]);
  });

  it("names every problem with its line", async () => {
    const models = folder.path("bad_models.yaml");
    const text = await readFile(`${fermi}_models.yaml`, "utf8");
    await writeFile(models, text.replace("LogParabolaSpectralModel", "LogParabolaModel").replace("lat_0", "lat0"));
    const { status, json } = await gammats(["validate", models, folder.path("none.fits"), "--json"]);
    expect(status).toBe(2);
    const { problems } = json();
    expect(problems.length).toBeGreaterThanOrEqual(3);
    expect(problems.join("\n")).toMatch(/bad_models\.yaml:\d+.*LogParabolaSpectralModel/);
    expect(problems.join("\n")).toMatch(/bad_models\.yaml:\d+.*lat0.*did you mean "lat_0"/);
    expect(problems.join("\n")).toMatch(/none\.fits: no such file/);
  });
});

describe("gammats validate of datasets with their models", () => {
  // what files say together is checked by the code that a fit runs
  it.each([
    ["    apply_irf: {exposure: false}", /problem: model "far": found apply_irf with exposure: false/],
    ["    temporal: {type: ConstantTemporalModel}\n    covariance: none.dat", /problem: .*unknown key "covariance"/],
    ["", /^2 files, no problems/],
  ])("says what a fit refuses or notes: %s", async (extra, said) => {
    const models = folder.path("far_models.yaml");
    await writeFile(
      models,
      `components:
  - name: far
    type: SkyModel
    spectral: {type: PowerLawSpectralModel, parameters: [{name: amplitude, value: 1.0e-11, unit: cm-2 s-1 TeV-1}]}
    spatial: {type: PointSpatialModel, frame: icrs, parameters: [{name: lon_0, value: 266}, {name: lat_0, value: -22}]}
${extra}
`,
    );
    const files = [`${spectra}/pha_obs23523.fits`, models];
    const { status, stdout } = await gammats(["validate", ...files]);
    expect(stdout).toMatch(said);
    expect(status === 0).toBe((await gammats(["fit", ...files, "--freeze", "far.index"])).status !== 2);
  });
});

describe("a covariance that models.yaml names and that is not there", () => {
  it("stops no fit, and is said", async () => {
    const models = folder.path("lone_models.yaml");
    const text = await readFile(analysis[1]!, "utf8");
    await writeFile(models, text.replace(/^covariance:.*$/m, "").concat("\ncovariance: none.dat\n"));
    const { status, stderr } = await gammats(["fit", analysis[0]!, models]);
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/covariance: no file "none\.dat" .*; the models are read without it/),
    ]);
    const { stdout } = await gammats(["validate", analysis[0]!, models]);
    expect(stdout).toMatch(/^warning: .*none\.dat.*\n2 files, no problems/);
  });
});

describe("gammats models", () => {
  it("lists all declarations, and one with its parameters", async () => {
    const all = (await gammats(["models", "--json"])).json();
    const count = Object.values(standardModels).reduce((sum, list) => sum + list.length, 0);
    expect(all).toHaveLength(count + presets.length);
    const { stdout } = await gammats(["models", "lp"]);
    expect(stdout).toContain("LogParabolaSpectralModel");
    expect(stdout).toMatch(/^alpha +2 /m);
  });
});

describe("gammats plot", () => {
  it("draws spectra with flux points, and datasets", async () => {
    const svg = folder.path("sed.svg");
    expect((await gammats(["plot", analysis[1]!, hawc, "--out", svg])).status).toBe(0);
    expect(await readFile(svg, "utf8")).toMatch(/^<svg[\s\S]*HAWC19<[\s\S]*<\/svg>\s*$/);
    const pictures = folder.path("pictures");
    const { json } = await gammats(["plot", ...analysis, "--out", pictures, "--format", "png", "--json"]);
    expect(json().files.map((file: string) => basename(file))).toEqual(["counts-Fermi-LAT.png", "maps-Fermi-LAT.png"]);
    const wrong = await gammats(["plot", hawc, "--out", folder.path("sed.gif")]);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("ends in .svg, .png or .pdf")]);
  });

  it("prints what the reader of a single file notes", async () => {
    const table = folder.path("marked.ecsv");
    const head = [
      "e_ref, unit: TeV",
      "dnde, unit: TeV-1 s-1 cm-2",
      "dnde_err, unit: TeV-1 s-1 cm-2",
      "dnde_ul, unit: TeV-1 s-1 cm-2",
    ];
    const columns = head.map((c) => `# - {name: ${c}, datatype: float64}`).join("\n");
    const rows = "1 3e-12 1e-13 -1\n2 1e-12 1e-13 -1";
    await writeFile(table, `# %ECSV 1.0\n# ---\n# datatype:\n${columns}\ne_ref dnde dnde_err dnde_ul\n${rows}\n`);
    const { status, stderr } = await gammats(["plot", table, "--out", folder.path("marked.svg")]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/dnde_ul: limits of 0 or less in 2 rows .* are taken for none/);
  });
});

describe("gammats download", () => {
  it("lists files, sizes and SHA-256", async () => {
    const { json } = await gammats(["download", "--list", "--json"]);
    const { url, files } = json();
    expect(url).toMatch(/gammapy-data/);
    expect(files).toEqual(crabDataFiles);
    const text = await gammats(["download", "--list"]);
    expect(text.stdout).toContain("CC BY-NC-SA");
  });

  it.runIf(data)("fetches them from another address", async () => {
    const server = createServer(async (request, response) => {
      response.end(await readFile(`${data}${decodeURIComponent(request.url!)}`).catch(() => undefined));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const out = folder.path("data");
    const { status, json } = await gammats(["download", "--out", out, "--json"], { GAMMATS_DATA_URL: url });
    server.close();
    expect(status).toBe(0);
    expect(json().files).toHaveLength(crabDataFiles.length);
    const first = crabDataFiles[0]!;
    const bytes = await readFile(`${out}/${first.path}`);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(first.sha256);
  });
});
