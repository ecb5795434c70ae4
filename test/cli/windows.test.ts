/** Command lines and files of Windows: backslashes, drives, lines that end in CRLF. */
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { basename, dirname, joinPath, stemOf } from "../../src/io/files.js";
import { readFluxPoints } from "../../src/io/flux-points/read.js";
import { nodeFiles } from "../../src/node/files.js";
import { jointInFolder } from "./joint.js";
import { type Folder, gammats, hawc, spectra } from "./run.js";

let folder: Folder;
let joint: [string, string];
beforeAll(async () => {
  ({ folder, joint } = await jointInFolder());
});
afterAll(() => folder.remove());

const back = (path: string) => path.replaceAll("/", "\\");
const onWindows = (argv: readonly string[]) => gammats(argv, {}, {}, "win32");

describe("paths", () => {
  it("have drives", () => {
    const files = nodeFiles({ platform: "win32" });
    const path = files.plainPath!("C:\\data\\run 1\\x.fits.gz");
    expect([path, dirname(path), basename(path), stemOf(path)]).toEqual([
      "C:/data/run 1/x.fits.gz",
      "C:/data/run 1",
      "x.fits.gz",
      "x",
    ]);
    expect([dirname("C:/x.fits"), joinPath("data", "C:/x.fits"), joinPath("C:/", "x.fits")]).toEqual([
      "C:/",
      "C:/x.fits",
      "C:/x.fits",
    ]);
    // elsewhere a backslash is a letter
    expect(nodeFiles({ platform: "linux" }).plainPath!("a\\b")).toBe("a\\b");
  });

  it("of the command line are read and written, and named in results with /", async () => {
    const argv = ["fit", ...joint.map(back), "--out", back(folder.path("fit\\out"))];
    const { status, said, stdout } = await onWindows(argv);
    expect([status, stdout], said).toEqual([0, expect.stringContaining(`Wrote 7 files to ${folder.path("fit/out")}`)]);
    expect(await readdir(folder.path("fit/out"))).toContain("joint_models.yaml");
    const text = await readFile(folder.path("fit/out/fit-result.yaml"), "utf8");
    expect(text).toMatch(/arguments:\n +- \.\.\/\.\.\/twin\/joint_datasets\.yaml/);
    const flux = await onWindows([
      "flux",
      back(folder.path("fit/out")),
      "--range",
      "1 TeV,10 TeV",
      "--out",
      back(folder.path("fit/flux.csv")),
    ]);
    expect(flux.status, flux.said).toBe(0);
    expect((await readFile(folder.path("fit/flux.csv"), "utf8")).split("\n")).toHaveLength(3);
  });

  it("in YAML and in headers may have backslashes, on every system", async () => {
    const text = (await readFile(joint[0], "utf8")).replaceAll(/filename: (.*)/g, "filename: parts\\$1");
    expect(text).toContain("parts\\");
    await mkdir(folder.path("twin/parts"));
    for (const name of await readdir(folder.path("twin"))) {
      if (/fits$/.test(name)) await cp(folder.path(`twin/${name}`), folder.path(`twin/parts/${name}`));
    }
    await writeFile(folder.path("twin/back_datasets.yaml"), text.replace(/^checksum.*\n/m, ""));
    const argv = ["goodness", folder.path("twin/back_datasets.yaml"), joint[1], "--json"];
    const [plain, here, there] = [
      await gammats(["goodness", ...joint, "--json"]),
      await gammats(argv),
      await onWindows(argv),
    ];
    expect([here.status, there.status], here.said).toEqual([0, 0]);
    expect([here.json().total_stat, there.json().total_stat]).toEqual([
      plain.json().total_stat,
      plain.json().total_stat,
    ]);
  });
});

describe("lines that end in CRLF", () => {
  const crlf = (text: string) => text.replaceAll(/\r?\n/g, "\r\n");

  it("are read in YAML, whose fit is the same and keeps its comments", async () => {
    await mkdir(folder.path("crlf"));
    await cp(folder.path("twin"), folder.path("crlf"), { recursive: true });
    for (const name of ["joint_datasets.yaml", "joint_models.yaml", "joint_models_covariance.dat"]) {
      const path = folder.path(`crlf/${name}`);
      const text = await readFile(path, "utf8").catch(() => undefined);
      if (text !== undefined) await writeFile(path, crlf(`# a comment\n${text}`.replace(/^checksum.*\n/m, "")));
    }
    const files = ["datasets", "models"].map((name) => folder.path(`crlf/joint_${name}.yaml`));
    const [plain, found] = [
      await gammats(["fit", ...joint, "--json"]),
      await gammats(["fit", ...files, "--json", "--out", folder.path("crlf/out")]),
    ];
    expect([found.status, found.json().total_stat]).toEqual([0, plain.json().total_stat]);
    expect(await readFile(folder.path("crlf/out/joint_models.yaml"), "utf8")).toContain("# a comment");
    const { stdout } = await gammats(["validate", folder.path("crlf/out")]);
    expect(stdout).toBe("3 files, no problems\n");
  });

  it("are read in ECSV, in lists of times, in styles and defaults", async () => {
    const ecsv = folder.path("points.ecsv");
    expect((await gammats(["convert", hawc, "--out", ecsv])).status).toBe(0);
    const bytes = new TextEncoder().encode(crlf(await readFile(ecsv, "utf8")));
    const read = (data: Uint8Array) => readFluxPoints(data, { where: "points.ecsv" });
    expect(read(bytes)).toEqual(read(new Uint8Array(await readFile(ecsv))));
    await writeFile(folder.path("times.txt"), crlf("# MJD\n53343 53344\n53344 53346\n"));
    const curve = ["light-curve", `${spectra}/pha_obs23523.fits`, `${spectra}/pha_obs23526.fits`, "--model", "pl"];
    const times = await gammats([...curve, "--intervals", folder.path("times.txt"), "--json"]);
    expect([times.status, times.said]).not.toEqual([2, expect.stringContaining("times.txt")]);
    await writeFile(folder.path("style.yaml"), crlf("title: Crab\nsize: 88mm\n"));
    const sed = await gammats([
      "plot",
      joint[1],
      "--style",
      folder.path("style.yaml"),
      "--out",
      folder.path("sed.svg"),
    ]);
    expect([sed.status, sed.said]).toEqual([0, ""]);
  });
});
