/** Texts that are not UTF-8 are refused by every command that reads them. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fermi, gammats, hawc, temporaryFolder } from "./run.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  for (const kind of ["models", "datasets"]) {
    const text = await readFile(`${fermi}_${kind}.yaml`, "utf8");
    await writeFile(folder.path(`${kind}.yaml`), Buffer.from(`# mesuré\n${text}`, "latin1"));
  }
  await writeFile(folder.path("nights.txt"), Buffer.from("53345.1 53345.2 # été\n", "latin1"));
});
afterAll(() => folder.remove());

const [datasets, models] = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];

it.each([
  ["validate", ["validate", "models.yaml"], "models.yaml:1: found the byte 0xE9 at offset 7, expected UTF-8"],
  ["validate, datasets", ["validate", "datasets.yaml", models], "datasets.yaml:1: found the byte 0xE9"],
  ["fit", ["fit", datasets, "models.yaml"], "models.yaml:1: found the byte 0xE9"],
  ["fit, datasets", ["fit", "datasets.yaml", models], "datasets.yaml:1: found the byte 0xE9"],
  ["info", ["info", "models.yaml"], "models.yaml:1: found the byte 0xE9"],
  ["plot", ["plot", "models.yaml", hawc, "--out", "sed.svg"], "models.yaml:1: found the byte 0xE9"],
  ["convert", ["convert", "models.yaml", "--out", "new.yaml"], "models.yaml:1: found the byte 0xE9"],
  [
    "light-curve",
    ["light-curve", datasets, models, "--source", "Crab Nebula", "--intervals", "nights.txt"],
    "nights.txt:1: found the byte 0xE9 at offset 18",
  ],
])("%s", async (_, argv, message) => {
  const { status, stdout, stderr } = await gammats(
    argv.map((arg) => (/^[\w]+\.(yaml|txt|svg)$/.test(arg) ? folder.path(arg) : arg)),
  );
  expect(status).toBeGreaterThan(0);
  expect(stdout + stderr).toContain(message);
});
