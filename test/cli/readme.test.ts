/** Every command of the README runs as it stands there, in one folder, one after the other, on the embedded example, with fewer toys. */
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { made3fgl } from "../catalogues/made.js";
import { runIn, wordsOf } from "./example-lines.js";
import { writeMadeRuns } from "./made-runs.js";
import { type Folder, hawc, spectra, temporaryFolder } from "./run.js";

const readme = await readFile("README.md", "utf8");
const lines = [...readme.matchAll(/^```\n([^`]*)^```/gm)]
  .flatMap(([, block]) => block!.split("\n"))
  .map((line) => line.replace(/\s+#.*/, ""))
  .flatMap((line) => /^(?:source <\()?npx gammats (.*?)\)?$/.exec(line)?.[1] ?? []);

/** The tables of the background light are files of another project. */
const needsTables = (line: string) => /\bebl\(/.test(line);

let folder: Folder;
let at: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  at = folder.path("work");
  await mkdir(at);
  expect((await runIn(at, ["crab", "--example", "--out", "."])).status).toBe(0);
  // the names that the README has for short
  for (const name of ["datasets", "models"]) {
    await cp(join(at, `crab_10GeV_100TeV_${name}.yaml`), join(at, `crab_${name}.yaml`));
  }
  await cp(spectra, at, { recursive: true });
  await writeMadeRuns(join(at, "hess-dl3-dr1"));
  await writeFile(join(at, "gll_psc_v16.fit.gz"), made3fgl());
  expect((await runIn(at, ["convert", join(process.cwd(), hawc), "--out", "points.ecsv"])).status).toBe(0);
});
afterAll(() => folder.remove());

it("are found there", () => expect(lines.length).toBeGreaterThan(20));

it.each(lines.filter((line) => !needsTables(line)))("gammats %s", { timeout: 600_000 }, async (line) => {
  const { status, stdout, stderr } = await runIn(at, wordsOf(line));
  expect(status, stderr + stdout).toBe(0);
  expect(stdout).not.toBe("");
});
