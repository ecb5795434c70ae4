/** What names say to a terminal is shown and not done. */
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { visible } from "../../src/cli/visible.js";
import { gammats, hawc, temporaryFolder } from "./run.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  const name = '"\\e]0;title\\a\\e[2J\\x9b31m\\u202eRED"';
  const model = `- {name: ${name}, type: SkyModel, spectral: {type: pl}}`;
  await writeFile(folder.path("models.yaml"), `components:\n${model}\n`);
  const entry = `- {name: ${name}, type: FluxPointsDataset, filename: ${process.cwd()}/${hawc}}`;
  await writeFile(folder.path("datasets.yaml"), `datasets:\n${entry}\n`);
  await writeFile(folder.path("wrong.yaml"), `datasets:\n${entry.replace(hawc, "\u009bmissing")}\n`);
});
afterAll(() => folder.remove());

// ECMA-48, sections 5.2 and 5.3: control characters are columns 0 and 1 and, in 8 bits, 8 and 9
const control = (text: string) =>
  Array.from(text, (c) => c.codePointAt(0)!).filter((c) => (c < 32 && c !== 10 && c !== 9) || (c > 126 && c < 160));

it.each([
  ["info, models", ["info", "models.yaml"], 0],
  ["info, datasets", ["info", "datasets.yaml"], 0],
  ["info, JSON", ["info", "datasets.yaml", "--json"], 0],
  ["fit", ["fit", "datasets.yaml", "models.yaml"], 0],
  ["an error", ["fit", "wrong.yaml", "models.yaml"], 2],
  ["an error, JSON", ["fit", "wrong.yaml", "models.yaml", "--json"], 2],
  ["wrong use", ["info", "--\u001b[2J"], 2],
  ["an unknown source", ["plot", "models.yaml", "--source", "\u001b[2J", "--out", "new.svg"], 2],
])("%s", async (_, argv, expected) => {
  const { status, stdout, stderr } = await gammats(
    argv.map((arg) => (/^[\w]+\.(yaml|svg)$/.test(arg) ? folder.path(arg) : arg)),
  );
  expect(status, stderr).toBe(expected);
  expect(control(stdout + stderr)).toEqual([]);
  expect(stdout + stderr).toMatch(/\\u00(1b|9b)/);
  expect(stdout + stderr).not.toContain("\u202e");
  if (argv.includes("--json")) JSON.parse(stdout || stderr);
});

it("leaves tabs, ends of lines and other letters as they are", () => {
  expect(visible("à\tμ\r\n😀\n")).toBe("à\tμ\r\n😀\n");
  expect(visible("a\rb")).toBe("a\\u000db");
});
