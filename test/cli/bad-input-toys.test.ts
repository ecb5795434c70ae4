/** Bad requests to the commands that draw toys, and to their workers: status 2, one clear message, before long work. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentsOf } from "./contents.js";
import { fermi, gammats, temporaryFolder } from "./run.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const analysis = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];
const one = ["--workers", "1"];
const interval = ["interval", ...analysis, "alpha"];
const test = ["test", ...analysis];
const goodness = ["goodness", ...analysis];
const toys = ["toys", ...analysis, "10"];

const REQUESTS: readonly (readonly [readonly string[], RegExp])[] = [
  [["interval", ...analysis, "alfa"], /interval: there is no parameter "alfa".*did you mean "(Crab Nebula\.)?alpha"/],
  [
    ["interval", ...analysis, "beta", "--freeze", "Crab Nebula.beta"],
    /interval: the parameter "Crab Nebula\.beta" is frozen.*free it/,
  ],
  [[...interval, "--cl", "90"], /--cl "90": expected a probability between 0 and 1, like 0\.9/],
  [[...interval, "--cl", "0.3", "--side", "upper"], /upper limit: cl is 0\.3, expected a probability above 0\.5/],
  [[...interval, "--side", "left"], /'left' is invalid\. Allowed choices are both, upper, lower/],
  [[...interval, "--calibrated", "0"], /--calibrated "0": expected a whole number of at least 2/],
  [[...interval, "--calibrated", "9", "--values", "1,x"], /--values "1,x": found "x", expected a number/],
  [[...interval, ...one, "--calibrated", "9", "--values", "2,1"], /grid 2, 1; expected at least 2 values, ascending/],
  [[...interval, "--values", "1,2"], /--values are where the toys of --calibrated are drawn/],
  [[...interval, "--expected", "1"], /--expected is of a limit; give --side upper/],
  [[...interval, "--toys", "9"], /--toys are for the expected limit; give --expected/],
  [[...interval, "--side", "upper", "--expected", "1,2"], /--expected "1,2": expected one value/],
  [[...interval, "--side", "upper", "--expected", "1 TeV"], /--expected "1 TeV".*TeV/],
  [
    ["interval", ...analysis, "Fermi-LAT-bkg.norm", ...one, "--side", "upper", "--expected", "-1"],
    /expected limit: the true value of Fermi-LAT-bkg\.norm is -1, expected from 0/,
  ],
  [test, /test: say what to test with one of --source, --cutoff, --extension and --hold/],
  [[...test, "--source", "Crab Nebula", "--extension", "Crab Nebula"], /test: say what to test with one of/],
  [[...test, "--source", "Crab"], /test of a source: there is no source "Crab"; did you mean "Crab Nebula"/],
  [
    [...test, "--source", "Crab Nebula", "--freeze", "Crab Nebula.amplitude"],
    /"Crab Nebula\.amplitude" is frozen, and it is what is looked for; free it/,
  ],
  [[...test, "--cutoff", "Crab Nebula"], /"Crab Nebula" is a LogParabolaSpectralModel; expected PowerLaw/],
  [[...test, "--extension", "Fermi-LAT-bkg"], /test of an extension: there is no source "Fermi-LAT-bkg"/],
  [
    [...test, "--hold", "beta"],
    /--hold "beta": expected a parameter and a value, like --hold "Crab Nebula\.alpha=1\.3"/,
  ],
  [[...test, "--hold", "Crab Nebula.bta=0"], /--hold: there is no parameter.*did you mean "Crab Nebula\.beta"/],
  [[...test, "--hold", "Crab Nebula.lon_0=83.6"], /Crab Nebula\.lon_0 is frozen already; let it vary with --free/],
  [[...test, "--hold", "Crab Nebula.beta=0", "--toys", "1"], /--toys "1": expected a whole number of at least 2/],
  [[...goodness, "--toys", "x"], /--toys "x": expected a whole number of at least 2/],
  [[...goodness, "--toys", "9", "--seed", "-1"], /--seed "-1": expected a whole number of at least 0/],
  [[...toys, "--workers", "0"], /--workers "0": expected a whole number of at least 1/],
  [[...toys, "--executor", "localhost"], /--executor "localhost": expected the address of a Redis server, like redis:/],
  [[...toys, "--executor", "http://localhost"], /--executor "http:\/\/localhost": expected the address of a Redis/],
  [
    [...toys, "--executor", "redis://127.0.0.1:1", "--workers", "2"],
    /found --workers and --executor; .*gammats worker/,
  ],
  [["worker"], /required option '--redis <url>' not specified/],
  [["worker", "--redis", "127.0.0.1:6379"], /--redis "127\.0\.0\.1:6379": expected the address of a Redis server/],
  [["worker", "--redis", "redis://127.0.0.1:1", "--patience", "0"], /--patience "0": expected a number of seconds/],
  [["worker", "--redis", "redis://127.0.0.1:1", "--workers", "none"], /--workers "none": expected a whole number/],
];

describe("bad requests", () => {
  it.each(REQUESTS)("%j", async (argv, message) => {
    const out = folder.path("out");
    const writes = argv[0] === "worker" ? [] : ["--out", out];
    const { status, stdout, said } = await gammats([...argv, ...writes, "--json"]);
    expect(said).toMatch(message);
    expect(said).not.toMatch(/\n\s+at |this should not happen/);
    expect([status, stdout]).toEqual([2, ""]);
    expect(await contentsOf(out)).toEqual({});
  });

  it("a folder to resume from that is a file", async () => {
    const path = folder.path("file");
    await writeFile(path, "mine");
    const { status, stderr } = await gammats([...toys, "--workers", "1", "--resume", path]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining("a file of that name stands where a folder is needed"),
    ]);
    expect(await readFile(path, "utf8")).toBe("mine");
  });
});
