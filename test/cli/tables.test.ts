/** Numbers out: `--format`, `--out`, `--table`, `--unit` of every command with a table. */

import { execFileSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/declarations/index.js";
import { readFits } from "../../src/fits/index.js";
import { fitsNames } from "../../src/io/table/write.js";
import { exampleFolder } from "../../src/node/crab.js";
import { made3fgl } from "../catalogues/made.js";
import { python } from "../environment.js";
import { hasFitsverify } from "../io/disk.js";
import { checkTex } from "../io/tex.js";
import { jointInFolder } from "./joint.js";
import { writeMadeRuns } from "./made-runs.js";
import { type Folder, fermi, gammats, hawc } from "./run.js";

let folder: Folder;
let joint: [string, string];
beforeAll(async () => {
  ({ folder, joint } = await jointInFolder());
  await gammats(["fit", ...joint, "--minos", "alpha", "--out", folder.path("fitted")]);
  await writeMadeRuns(folder.path("runs"));
  await writeFile(folder.path("3fgl.fits"), made3fgl());
  await gammats(["ts-map", ...small, "--remove", "Crab Nebula", "--out", folder.path("ts")]);
});
afterAll(() => folder.remove());

const small = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];

/** A line for each command with tables, and each of its tables. */
const lines = (): Readonly<Record<string, readonly string[]>> => ({
  fit: ["fit", ...joint, "--minos", "alpha"],
  datasets: ["fit", ...joint, "--table", "datasets"],
  covariance: ["fit", ...joint, "--table", "covariance"],
  correlation: ["fit", ...joint, "--table", "correlation"],
  info: ["info", folder.path("fitted/fit-result.yaml")],
  "info, models": ["info", `${fermi}_models.yaml`],
  "info, flux points": ["info", hawc],
  "info, datasets": ["info", joint[0]],
  "info, HDUs": ["info", hawc, "--table", "hdus"],
  "info, peaks": ["info", folder.path("ts/ts-map.fits"), "--table", "peaks"],
  "info, maps": ["info", folder.path("ts/ts-map.fits")],
  "info, events": ["info", folder.path("runs/run_23523.fits")],
  "info, axes": ["info", folder.path("runs/run_23523.fits"), "--table", "axes"],
  "info, columns": ["info", folder.path("runs/run_23523.fits"), "--table", "columns"],
  "info, observations": ["info", folder.path("runs")],
  "info, targets": ["info", folder.path("runs"), "--table", "targets"],
  "flux-points": ["flux-points", ...small, "--range", "10 GeV,2 TeV", "--bins", "3"],
  flux: ["flux", folder.path("fitted"), "--range", "1 TeV,10 TeV"],
  curve: ["flux", folder.path("fitted"), "--range", "1 TeV,10 TeV", "--curve", "--points", "5"],
  "ts-map": ["ts-map", ...small, "--remove", "Crab Nebula"],
  "light-curve": ["light-curve", ...joint, "--dataset", "HESS", "--edges", "1 TeV,3 TeV,10 TeV"],
  variability: ["light-curve", ...joint, "--dataset", "HESS", "--table", "variability"],
  profile: ["profile", ...small, "alpha", "amplitude", "--points", "5"],
  contour: ["contour", ...small, "alpha", "beta", "--points", "6"],
  sample: ["sample", ...small, "--sampler", "ensemble", "--samples", "400"],
  quantiles: ["sample", ...small, "--sampler", "ensemble", "--samples", "400", "--table", "quantiles"],
  toys: ["toys", ...small, "4", "--workers", "1"],
  summary: ["toys", ...small, "4", "--workers", "1", "--table", "summary", "--minos", "alpha"],
  interval: ["interval", ...small, "alpha", "--calibrated", "2", "--values", "1.5,1.52", "--workers", "1"],
  test: ["test", ...small, "--hold", "Crab Nebula.beta=0"],
  compare: ["compare", ...small, folder.path("fitted/joint_models.yaml")],
  ratios: ["compare", ...small, folder.path("fitted/joint_models.yaml"), "--table", "ratios"],
  goodness: ["goodness", ...joint],
  models: ["models"],
  "models lp": ["models", "lp"],
  doctor: ["doctor"],
  crab: ["crab", "--example", "--out", "-"],
  "crab, flux points": ["crab", "--example", "--out", "-", "--table", "flux_points"],
  extract: ["extract", ...small, "--region", "icrs;circle(83.63,22.01,0.5)"],
  simulate: ["simulate", ...small, "--seed", "3"],
  download: ["download", "--list"],
  observations: ["observations", folder.path("runs")],
  reduce: ["reduce", folder.path("runs"), "--target", "83.63 22.01"],
  analyse: ["analyse", folder.path("runs"), "--target", "83.63 22.01", "--intervals", "gti"],
  theta2: ["theta2", folder.path("runs"), "--target", "83.63 22.01"],
  sensitivity: ["sensitivity", `${exampleFolder()}/joint-crab/spectra/hess/pha_obs23523.fits`],
  "excess-map": ["excess-map", ...small, "--dataset", "Fermi-LAT", "--remove", "Crab Nebula", "--radius", "0.3"],
  events: ["events", folder.path("runs"), "--models", small[1]!],
  catalog: ["catalog", folder.path("3fgl.fits")],
});

it("the lines name every command with tables", () => {
  const named = new Set(Object.values(lines()).map(([command]) => command));
  expect([...named].sort()).toEqual(commands.flatMap(({ name, tables }) => (tables ? [name] : [])).sort());
});

describe("every table", () => {
  it("goes to stdout in each format; what is missing has a reason", { timeout: 600_000 }, async () => {
    for (const [name, line] of Object.entries(lines())) {
      const run = async (format: string) => {
        const { stdout, stderr } = await gammats([...line, "--format", format]);
        expect(stdout, `${name} as ${format}: ${stderr}`).not.toBe("");
        return stdout;
      };
      const { columns, rows } = JSON.parse(await run("json"));
      checkTex(await run("tex"));
      const heads = columns.map((c: { name: string }) => c.name);
      expect(rows.length, name).toBeGreaterThan(0);
      for (const row of rows) {
        for (const [key, value] of Object.entries(row)) {
          if (value === null) expect(row.remarks, `${name}: ${key} has no value and no reason`).toMatch(/\w+: \w+/);
        }
      }
      // those take seconds; their tables are written like the others
      if (/^(ts-map|sample|quantiles)$/.test(name)) continue;
      const csv = (await run("csv")).split("\r\n");
      expect(csv[0]!.replace(/ \[[^\]]*\]/g, "").replaceAll('"', ""), name).toBe(heads.join(","));
      expect(csv.length, name).toBe(rows.length + 2);
      expect(await run("text"), name).toMatch(/^\S.*\n-+( |\n)/);
      const [, hdu] = readFits(Buffer.from(await run("fits"), "latin1"), { where: name });
      // flux points and light curves are Gammapy's own tables
      if (!/^(flux-points|light-curve)$/.test(name)) {
        expect(hdu).toMatchObject({ kind: "table", nrows: rows.length });
        expect(hdu!.kind === "table" && hdu.columns.map((c) => c.name)).toEqual(fitsNames(heads));
      }
    }
  });

  it.runIf(hasFitsverify)("passes fitsverify as FITS, without a warning", { timeout: 600_000 }, async () => {
    for (const [i, line] of Object.values(lines()).entries()) {
      const path = folder.path(`verified-${i}.fits`);
      await gammats([...line, "--out", path]);
      const report = execFileSync("sh", ["-c", `fitsverify ${path} || true`], { encoding: "utf8" });
      expect(report, line.join(" ")).toContain("Verification found 0 warning(s) and 0 error(s)");
    }
  });

  it.runIf(python)("is read by Astropy, as ECSV and FITS", { timeout: 600_000 }, async () => {
    const paths: string[] = [];
    for (const [i, line] of Object.values(lines()).entries()) {
      for (const ending of ["ecsv", "fits"]) {
        const path = folder.path(`table-${i}.${ending}`);
        await gammats([...line, "--out", path]);
        paths.push(path);
      }
    }
    const code = "import sys\nfrom astropy.table import Table\nfor p in sys.argv[1:]: print(len(Table.read(p)))";
    const out = execFileSync(python!, ["-W", "ignore", "-c", code, ...paths], { encoding: "utf8" });
    const counts = out.trim().split("\n").map(Number);
    expect(counts).toHaveLength(paths.length);
    for (let k = 0; k < counts.length; k += 2) expect(counts[k], paths[k]).toBe(counts[k + 1]);
  });
});

describe("the table of a fit", () => {
  it("has the numbers of the document, MINOS errors where they were asked for", async () => {
    const document = (await gammats(["fit", ...joint, "--minos", "alpha", "--json"])).json();
    const { rows } = JSON.parse((await gammats(["fit", ...joint, "--minos", "alpha", "--format", "json"])).stdout);
    for (const [i, p] of document.parameters.entries()) {
      expect(rows[i]).toMatchObject({ model: p.model, name: p.name, value: p.value, unit: p.unit, frozen: p.frozen });
      if (!p.frozen) expect(rows[i].error).toBe(p.error);
    }
    const alpha = document.parameters.find((p: { name: string }) => p.name === "alpha");
    expect(rows.find((r: { name: string }) => r.name === "alpha")).toMatchObject({
      errn: alpha.errn,
      errp: alpha.errp,
    });
  });

  it("is printed as journals print it", async () => {
    const { stdout } = await gammats(["fit", ...joint, "--minos", "--format", "tex"]);
    expect(stdout).toMatch(/^Model & Parameter & Value & Unit \\\\$/m);
    // two digits of the errors, the power of ten in the unit
    const unit = String.raw`\$10\^\{-3\}\$ cm\$\^\{-2\}\$ s\$\^\{-1\}\$ TeV\$\^\{-1\}\$`;
    expect(stdout).toMatch(
      new RegExp(String.raw`^Crab Nebula & amplitude & \$\d\.\d\d\^\{\+0\.\d\d\}_\{-0\.\d\d\}\$ & ${unit}`, "m"),
    );
    expect(stdout).toMatch(/^Crab Nebula & \$\\alpha\$ & \$1\.\d{3}\^\{\+0\.0\d\d\}_\{-0\.0\d\d\}\$ & {2}\\\\$/m);
    expect(stdout).toMatch(/\$\^\{a\}\$ frozen\./);
  });

  it("has a correlation of 1 with itself, and that of the covariance with others", async () => {
    const { stdout } = await gammats(["fit", ...joint, "--correlation"]);
    expect(stdout).toMatch(/Covariance of the free parameters, in their units:\nparameter +Crab Nebula\.amplitude/);
    expect(stdout).toMatch(/Correlation of the free parameters:\n.*\n.*\nCrab Nebula\.amplitude +1\.000 +-?0\.\d{3}/);
    const { covariance: c } = (await gammats(["fit", ...joint, "--json"])).json();
    const info = ["info", folder.path("fitted/fit-result.yaml"), "--table", "correlation", "--format", "json"];
    const { rows } = JSON.parse((await gammats(info)).stdout);
    const [a, b] = ["Crab Nebula.amplitude", "Crab Nebula.alpha"];
    const row = rows.find((r: { parameter: string }) => r.parameter === a);
    expect(row[a!]).toBe(1);
    expect(row[b!]).toBeCloseTo(c[a!][b!] / Math.sqrt(c[a!][a!] * c[b!][b!]), 6);
  });

  it("is printed by info too", async () => {
    const { stdout } = await gammats(["info", folder.path("fitted/fit-result.yaml")]);
    expect(stdout).toMatch(/success: Optimization terminated successfully\.\ntotal stat -\d+\.\d{3}\n/);
    expect(stdout).toMatch(/^Crab Nebula +alpha +1\.\d{4} +0\.0\d{3} +0\.0\d{3} +0\.0\d{3}/m);
    expect(stdout).toMatch(/^- no error: frozen \(/m);
  });
});

describe("--out", () => {
  it.each([
    [
      ["fit", "a", "b", "--out", "x.dat"],
      /--out x\.dat: found the ending \.dat, expected a file \.csv, .*, or a folder/,
    ],
    [["flux-points", "a", "b", "--out", "points"], /--out points: the name has no ending/],
    [["fit", "a", "b", "--out", "x.csv", "--format", "tex"], /the ending says csv, --format says tex/],
    [["fit", "a", "b", "--format", "csv", "--json"], /found --json, and a table that goes to stdout/],
    [
      ["fit", ...small, "--table", "parameters", "--unit", "kg"],
      /--unit: nothing in the table parameters converts to "kg"/,
    ],
    [
      ["info", `${fermi}_models.yaml`, "--table", "correlation"],
      /--table: there is no table "correlation"; there is parameters/,
    ],
    [["info", hawc, `${fermi}_models.yaml`, "--format", "csv"], /info: found 2 files, expected one where a table/],
    [
      ["flux-points", ...small, "--edges", "10 GeV,1 TeV", "--unit", "GeV", "--format", "fits"],
      /units of Gammapy's format/,
    ],
  ])("%j is refused", async (argv, message) => {
    const { status, stdout, said } = await gammats(argv);
    expect(said).toMatch(message);
    expect([status, stdout]).toEqual([2, ""]);
  });

  it("never lets bytes go to a terminal", async () => {
    const { status, stdout, stderr } = await gammats(["models", "--format", "fits"], {}, { isTerminal: () => true });
    expect([status, stdout, stderr]).toEqual([2, "", expect.stringContaining("a terminal cannot show it")]);
  });

  it("writes one table to a file, and says so; - is stdout", async () => {
    const out = folder.path("parameters.csv");
    const { stdout } = await gammats(["fit", ...small, "--out", out]);
    expect(stdout).toMatch(/OptimizeResult[\s\S]*Wrote .*parameters\.csv\n$/);
    const { stdout: same } = await gammats(["fit", ...small, "--out", "-", "--format", "csv"]);
    expect(await readFile(out, "utf8")).toBe(same);
    const again = await gammats(["fit", ...small, "--out", out]);
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining("exists already; give --overwrite")]);
    expect((await gammats(["fit", ...small, "--out", out, "--overwrite", "--json"])).json().files).toEqual([out]);
  });

  it("with an ending of Gammapy's own tables is what Gammapy reads", async () => {
    const out = folder.path("points.fits");
    await gammats(["flux-points", ...small, "--edges", "10 GeV,100 GeV,2 TeV", "--out", out]);
    expect((await gammats(["info", out, "--json"])).json()[0]).toMatchObject({ kind: "flux-points", n_points: 2 });
    const csv = folder.path("points.csv");
    await gammats(["flux-points", ...small, "--edges", "10 GeV,100 GeV,2 TeV", "--out", csv]);
    expect(await readFile(csv, "utf8")).toMatch(
      /^e_min \[TeV\],e_max \[TeV\],e_ref \[TeV\],dnde \[cm-2 s-1 TeV-1\],dnde_err/,
    );
  });

  it("in a folder writes the table beside the rest", async () => {
    const out = folder.path("profile");
    await gammats(["profile", ...small, "alpha", "--points", "3", "--format", "tex", "--out", out]);
    expect(await readdir(out)).toEqual(expect.arrayContaining(["profile.json", "profile.tex"]));
    const fit = folder.path("with-csv");
    await gammats(["fit", ...small, "--format", "csv", "--out", fit]);
    expect(await readdir(fit)).toEqual(expect.arrayContaining(["fit-result.yaml", "parameters.csv"]));
  });
});

describe("--unit", () => {
  it("converts what it can, values and errors", async () => {
    const line = ["flux-points", ...small, "--edges", "10 GeV,2 TeV", "--sed-type", "e2dnde", "--format", "json"];
    const [plain, other] = await Promise.all(
      [[], ["--unit", "GeV", "--unit", "TeV m-2 s-1"]].map(async (more) =>
        JSON.parse((await gammats([...line, ...more])).stdout),
      ),
    );
    const [a, b] = [plain.rows[0], other.rows[0]];
    expect(b.e_max / a.e_max).toBeCloseTo(1000, 9);
    // 1 erg = 1 / 1.602176634 TeV, 1 cm-2 = 1e4 m-2
    for (const key of ["e2dnde", "e2dnde_err", "e2dnde_ul"]) expect(b[key] / a[key]).toBeCloseTo(1e4 / 1.602176634, 6);
    expect(other.columns.find((c: { name: string }) => c.name === "e2dnde").unit).toBe("TeV m-2 s-1");
  });
});
