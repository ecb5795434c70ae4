/** Results say how they were made, and `gammats rerun` makes them again: the built command, as users run it. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getCard, readFits, writeFits } from "../../src/fits/index.js";
import { provenanceOf, withoutProvenance, withProvenance } from "../../src/io/provenance/stamp.js";
import type { Provenance } from "../../src/io/provenance/types.js";
import { hasFitsverify } from "../io/disk.js";
import { type Folder, temporaryFolder } from "./run.js";

const MAIN = resolve("dist/cli/main.js");

describe("gammats rerun", () => {
  it("names inputs that are not there in one line", async () => {
    const own = await temporaryFolder();
    await mkdir(own.path("a/b"), { recursive: true });
    const runs = ["pha_obs23523", "pha_obs23526"].map((name) => `examples/crab/joint-crab/spectra/hess/${name}.fits`);
    await mkdir(own.path("data"));
    for (const run of runs)
      for (const part of ["", "_arf", "_rmf", "_bkg"]) {
        const path = run.replace(".fits", `${part}.fits`);
        await copyFile(path, own.path(`data/${path.slice(path.lastIndexOf("/") + 1)}`));
      }
    const options = { cwd: own.path(""), encoding: "utf8", env: { PATH: process.env.PATH } } as const;
    const made = spawnSync(
      process.execPath,
      [MAIN, "fit", "data/pha_obs23523.fits", "data/pha_obs23526.fits", "--model", "pl", "--out", "a/b/fit"],
      options,
    );
    expect(made.status, made.stderr).toBe(0);
    await rm(own.path("data"), { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, [MAIN, "rerun", "a/b/fit"], options);
    expect([status, stderr.trim().split("\n")]).toEqual([
      2,
      [
        expect.stringMatching(
          /8 inputs not found: pha_obs23523\.fits, .* and 5 more \(looked for in .*; put the files back/,
        ),
      ],
    ]);
    await own.remove();
  });

  let folder: Folder;
  let home: string;

  /** The command in the folder, as in a shell there. */
  function command(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd: home,
      encoding: "utf8",
      env: { PATH: process.env.PATH },
    });
    return { status, stdout, stderr };
  }
  const succeed = (...args: string[]) => {
    const found = command(...args);
    expect([0, 1], `${args.join(" ")}: ${found.stderr}`).toContain(found.status);
    return found;
  };
  const bytesOf = async (name: string) => new Uint8Array(await readFile(join(home, name)));
  const jsonOf = async (name: string) => JSON.parse(await readFile(join(home, name), "utf8"));

  beforeAll(async () => {
    folder = await temporaryFolder();
    home = folder.path("");
    const files = { "examples/crab/joint-crab/spectra/hess": "", "examples/crab/fermi-3fhl-crab": "" };
    for (const from of Object.keys(files)) {
      for (const name of await readdir(from)) await copyFile(join(from, name), join(home, name));
    }
    // two spectra with their good time intervals, and one source
    const names = ["23523", "23526"];
    const entries = names.map((n) => `- {name: r${n}, type: SpectrumDatasetOnOff, filename: pha_obs${n}.fits}\n`);
    await writeFile(join(home, "d.yaml"), `datasets:\n${entries.join("")}`);
    await writeFile(
      join(home, "m.yaml"),
      `components:
- name: Crab
  type: SkyModel
  spectral:
    type: pl
    parameters:
    - {name: index, value: 2.5}
    - {name: amplitude, value: 4.0e-11, unit: cm-2 s-1 TeV-1}
    - {name: reference, value: 1, unit: TeV, frozen: true}
`,
    );
  }, 60_000);
  afterAll(() => folder.remove());

  const analysis = ["d.yaml", "m.yaml"];
  const fermi = ["Fermi-LAT-3FHL_datasets.yaml", "Fermi-LAT-3FHL_models.yaml"];

  const KINDS: readonly (readonly [result: string, ...args: string[]])[] = [
    ["fit", "fit", ...analysis, "--minos", "index", "--energy-range", "0.7 TeV,30 TeV", "--out", "fit"],
    ["points.fits", "flux-points", ...analysis, "--edges", "1 TeV,3 TeV,10 TeV", "--out", "points.fits"],
    ["points.ecsv", "flux-points", ...analysis, "--edges", "1 TeV,3 TeV,10 TeV", "--out", "points.ecsv"],
    ["curve.fits", "light-curve", ...analysis, "--out", "curve.fits", "--plot", "curve.svg"],
    ["curve.ecsv", "light-curve", ...analysis, "--intervals", "30 min", "--out", "curve.ecsv"],
    ["parameters.ecsv", "fit", ...analysis, "--out", "parameters.ecsv"],
    ["parameters.fits", "fit", ...analysis, "--table", "correlation", "--out", "parameters.fits"],
    [
      "points.json",
      "flux-points",
      ...analysis,
      "--edges",
      "1 TeV,3 TeV,10 TeV",
      "--unit",
      "GeV",
      "--out",
      "points.json",
    ],
    ["profile", "profile", ...analysis, "index", "--points", "5", "--out", "profile"],
    ["contour", "contour", ...analysis, "index", "amplitude", "--points", "8", "--sigma", "1", "--out", "contour"],
    ["toys", "toys", ...analysis, "12", "--seed", "5", "--workers", "1", "--out", "toys"],
    ["toys-csv", "toys", ...analysis, "12", "--no-fit", "--format", "csv", "--workers", "1", "--out", "toys-csv"],
    ["sample", "sample", ...analysis, "--samples", "200", "--warmup", "100", "--out", "sample"],
    [
      "interval",
      "interval",
      ...analysis,
      "index",
      "--cl",
      "0.9",
      "--calibrated",
      "3",
      "--values",
      "2.4,2.5",
      "--workers",
      "1",
      "--out",
      "interval",
    ],
    ["test", "test", ...analysis, "--source", "Crab", "--out", "test"],
    ["goodness", "goodness", ...analysis, "--toys", "5", "--workers", "1", "--out", "goodness"],
    ["toy", "simulate", ...analysis, "--seed", "7", "--out", "toy"],
    ["stacked.fits", "stack", "pha_obs23523.fits", "pha_obs23526.fits", "--out", "stacked.fits"],
    ["pha.fits", "stack", "pha_obs23523.fits", "pha_obs23526.fits", "--format", "ogip", "--out", "pha.fits"],
    ["converted/a.ecsv", "convert", "points.fits", "--sed-type", "e2dnde", "--out", "converted/a.ecsv"],
    ["ts", "ts-map", ...fermi, "--remove", "Crab Nebula", "--out", "ts"],
  ];

  it.each(KINDS)(
    "gives the same bits again: %s",
    async (result, ...args) => {
      succeed(...args);
      const again = command("rerun", result, "--json");
      expect(again.status, again.stderr + again.stdout).toBe(0);
      const found = JSON.parse(again.stdout);
      expect(found).toMatchObject({ same: true, command: args[0], differences: [] });
      expect(found.files.length).toBeGreaterThan(0);
      if (!/\./.test(result)) expect(found.files).toHaveLength((await readdir(join(home, result))).length);
    },
    120_000,
  );

  it("does so of what --json printed", async () => {
    for (const args of [
      ["profile", ...analysis, "index", "--points", "3"],
      ["fit", ...analysis, "--out", "fit2"],
      ["simulate", ...analysis],
      ["crab", "--example", "--out", "crab"],
    ]) {
      await writeFile(join(home, "printed.json"), succeed(...args, "--json").stdout);
      const again = command("rerun", "printed.json");
      expect(again.stdout + again.stderr, args.join(" ")).toMatch(/^printed\.json: the same bits/);
      expect(again.status).toBe(0);
    }
    expect(command("rerun", "crab", "--json").stdout).toContain('"same": true');
  }, 120_000);

  it("says inputs with SHA-256, versions, options and seed, and nothing of users and machines", async () => {
    const { provenance } = (await jsonOf("toys/toys.json")) as { provenance: Provenance };
    const about = JSON.parse(await readFile("package.json", "utf8"));
    expect(provenance).toMatchObject({
      gammats: about.version,
      node: process.versions.node,
      command: "toys",
      arguments: ["../d.yaml", "../m.yaml", "12"],
      // any number of workers gives the same
      options: { backend: "newton", fit: true, format: "fits", out: ".", seed: "5", workers: "1" },
      seed: 5,
    });
    expect(provenance.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const sums = execFileSync("sha256sum", ["d.yaml", "m.yaml", "pha_obs23523_arf.fits"], {
      cwd: home,
      encoding: "utf8",
    });
    for (const line of sums.trim().split("\n")) {
      const [sha256, name] = line.split(/ +/);
      expect(provenance.inputs).toContainEqual({ path: `../${name}`, sha256 });
    }
    expect(provenance.inputs).toHaveLength(10);
    const text = JSON.stringify(provenance);
    for (const word of [home, hostname(), userInfo().homedir, '"/']) expect(text).not.toContain(word);
    // the table beside it says the same
    expect(provenanceOf(await bytesOf("toys/toys.fits"), "toys.fits")).toEqual(provenance);
  });

  it("names inputs that were changed or are missing, and refuses unless it is allowed", async () => {
    succeed("profile", "d.yaml", "m.yaml", "index", "--points", "3", "--out", "p");
    const text = await readFile(join(home, "m.yaml"), "utf8");
    await writeFile(join(home, "m.yaml"), text.replace("value: 2.5", "value: 2.6"));
    const refused = command("rerun", "p");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(
      /m\.yaml: changed: its SHA-256 is [0-9a-f]{64}, that of the result [0-9a-f]{64}.*--allow-changed/,
    );
    const allowed = command("rerun", "p", "--allow-changed", "--json");
    expect(allowed.stderr).toMatch(/m\.yaml: changed/);
    // another start ends at the same minimum, in other last digits
    expect([0, 1]).toContain(allowed.status);
    await rm(join(home, "m.yaml"));
    expect(command("rerun", "p").stderr).toMatch(/m\.yaml: not found/);
    // a copy elsewhere serves
    await mkdir(join(home, "archive"));
    for (const name of await readdir(home)) {
      if (/^(d\.yaml|pha_obs)/.test(name)) await copyFile(join(home, name), join(home, "archive", name));
    }
    await writeFile(join(home, "archive/m.yaml"), text);
    expect(command("rerun", "p", "--inputs", "archive").stdout).toMatch(/the same bits/);
    await writeFile(join(home, "m.yaml"), text);
  }, 60_000);

  it("lists where a result differs, with the numbers", async () => {
    const { provenance, ...document } = await jsonOf("p/profile.json");
    document.profiles[0].delta_stat[1] += 0.5;
    await writeFile(join(home, "p/profile.json"), JSON.stringify({ ...document, provenance }));
    const found = command("rerun", "p/profile.json", "--json");
    expect(found.status).toBe(1);
    const { same, differences } = JSON.parse(found.stdout);
    expect(same).toBe(false);
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({ file: "profile.json", where: "profiles[0].delta_stat[1]" });
    expect(differences[0].difference).toBeCloseTo(-0.5, 12);
    expect(command("rerun", "p").stdout).toMatch(/p: 1 of \d files? differ/);
    // FITS: columns and keywords
    const toys = await bytesOf("toys/toys.fits");
    const [primary, table] = readFits(toys);
    if (table?.kind !== "table") throw new Error("no table");
    const changed = {
      ...table,
      columns: table.columns.map((c) =>
        c.name === "stat" ? { ...c, data: (c.data as Float64Array).map((x, i) => (i === 3 ? x + 1 : x)) } : c,
      ),
    };
    await writeFile(
      join(home, "toys/toys.fits"),
      withProvenance(writeFits([{ ...primary!, header: [] }, changed]), "toys.fits", provenanceOf(toys, "")!),
    );
    const other = JSON.parse(command("rerun", "toys/toys.fits", "--json").stdout);
    expect(other.differences).toHaveLength(1);
    expect(other.differences[0].where).toMatch(
      /^HDU 1 \(TOYS\): column stat: 1 of 12 values, by up to 1\.00; the first, \[3\]$/,
    );
    expect(other.differences[0].difference).toBeCloseTo(-1, 9);
  }, 60_000);

  it("keeps what is made with --out, and says what it cannot make again", async () => {
    expect(command("rerun", "contour", "--out", "kept").status).toBe(0);
    expect((await readdir(join(home, "kept"))).sort()).toEqual((await readdir(join(home, "contour"))).sort());
    expect(command("rerun", "contour", "--out", "kept").stderr).toMatch(/exists/);
    expect(command("rerun", "m.yaml").stderr).toMatch(/does not say how it was made/);
    expect(command("rerun", ".").stderr).toMatch(/of several calls/);
    const evil = { ...(await jsonOf("profile/profile.json")) };
    evil.provenance.options.nothing = "x";
    await writeFile(join(home, "evil.json"), JSON.stringify(evil));
    expect(command("rerun", "evil.json", "--inputs", ".").stderr).toMatch(/no option "nothing"/);
    evil.provenance.command = "download";
    await writeFile(join(home, "evil.json"), JSON.stringify(evil));
    expect(command("rerun", "evil.json").stderr).toMatch(/found the command "download"/);
  }, 60_000);

  it("asks for plugins, which are programs, and holds them against their SHA-256", async () => {
    await copyFile("examples/own-spatial-model.mjs", join(home, "king.mjs"));
    const args = ["fit", ...analysis, "--plugin", "king.mjs", "--out", "own"];
    succeed(...args);
    const { provenance } = { provenance: provenanceOf(await bytesOf("own/fit-result.yaml"), "")! };
    expect(provenance.plugins).toEqual([{ path: "../king.mjs", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(command("rerun", "own").stderr).toMatch(/made with 1 plugin: \.\.\/king\.mjs; give each with --plugin/);
    expect(command("rerun", "own", "--plugin", "king.mjs").stdout).toMatch(/the same bits/);
    await writeFile(join(home, "king.mjs"), `${await readFile(join(home, "king.mjs"), "utf8")}// more\n`);
    expect(command("rerun", "own", "--plugin", "king.mjs").stderr).toMatch(/king\.mjs: changed/);
  }, 60_000);

  it("stands in files that others read: FITS pass fitsverify, values stay", async () => {
    const drawn = (await readdir(join(home, "toy")))
      .filter((name) => name.endsWith(".fits"))
      .map((name) => `toy/${name}`);
    expect(drawn).toHaveLength(2);
    for (const name of [...drawn, "points.fits", "curve.fits", "stacked.fits", "pha_arf.fits", "ts/ts-map.fits"]) {
      const bytes = await bytesOf(name);
      expect(provenanceOf(bytes, name)?.gammats, name).toBeDefined();
      readFits(bytes, { verify: true });
      expect(getCard(readFits(bytes)[0]!.header, "HISTORY")?.comment).toMatch(/^gammats /);
      if (hasFitsverify) {
        expect(execFileSync("fitsverify", ["-q", join(home, name)], { encoding: "utf8" }).trim()).toMatch(
          /^verification OK/,
        );
      }
    }
    // what is read and written again says nothing of the file before
    succeed("convert", "points.ecsv", "--out", "again.ecsv");
    expect((await readFile(join(home, "again.ecsv"), "utf8")).match(/provenance/g)).toHaveLength(1);
  });
});

describe("provenance in files", () => {
  const provenance: Provenance = {
    gammats: "1.2.3",
    node: "24.0.0",
    time: "2026-11-30T12:00:00Z",
    command: "fit",
    arguments: ["d.yaml", "µ 'quoted' \"twice\"", `a${" ".repeat(200)}b`],
    options: { seed: "1", minos: true, set: ["a=1", "b=2"], out: "." },
    seed: 1,
    inputs: Array.from({ length: 60 }, (_, i) => ({
      path: `../runs/pha ${i} .fits`,
      sha256: "0123456789abcdef".repeat(4),
    })),
  };

  it.each([
    "examples/crab/hawc_crab/HAWC19_flux_points.fits",
    "examples/crab/fermi-3fhl-crab/Fermi-LAT-3FHL_data_Fermi-LAT.fits",
  ])("comes back, and without it the bytes are those before: %s", async (path) => {
    const bytes = new Uint8Array(await readFile(path));
    const stamped = withProvenance(bytes, path, provenance);
    expect(provenanceOf(stamped, path)).toEqual(provenance);
    expect(Buffer.compare(withoutProvenance(stamped), bytes)).toBe(0);
    readFits(stamped, { verify: true });
    // once, however often it is written
    expect(Buffer.compare(withProvenance(stamped, path, provenance), stamped)).toBe(0);
  });

  it.each([
    ["a.ecsv", "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: float64}\n# schema: astropy-2.0\na\n1\n"],
    [
      "a.ecsv",
      "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: float64}\n# meta: !!omap\n# - {x: 1}\n# schema: astropy-2.0\na\n1\n",
    ],
    ["a.json", '{\n  "a": [\n    1e-7,\n    null\n  ]\n}\n'],
    ["fit-result.yaml", "format: gammats-fit-result\nschema: 1\nparameters:\n  - name: a\n"],
  ])("in texts too: %s", (name, text) => {
    const bytes = new TextEncoder().encode(text);
    const stamped = withProvenance(bytes, name, provenance);
    expect(provenanceOf(stamped, name)).toEqual(provenance);
    expect(new TextDecoder().decode(withoutProvenance(stamped))).toBe(text);
  });

  it("has no place in models.yaml and pictures, and is refused where it is damaged", () => {
    for (const text of ["components: []\n", "<svg></svg>", "{components: []}\n"]) {
      const bytes = new TextEncoder().encode(text);
      expect(withProvenance(bytes, "a.yaml", provenance)).toBe(bytes);
    }
    const damaged = new TextEncoder().encode(
      JSON.stringify({ provenance: { ...provenance, inputs: [{ path: "x", sha256: "0" }] } }),
    );
    expect(() => provenanceOf(damaged, "a.json")).toThrow(/a\.json: provenance.*inputs/);
  });

  it("is of the built command", () => expect(existsSync(MAIN), dirname(MAIN)).toBe(true));
});
