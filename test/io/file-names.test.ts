/** Files that we write have names that Windows takes too (Microsoft, "Naming Files, Paths, and Namespaces"). */
import { win32 } from "node:path";
import { expect, it } from "vitest";
import { simulateCrabTwin } from "../../src/instruments/index.js";
import { datasetFileName } from "../../src/io/formats/dataset-files.js";
import { datasetFormats } from "../../src/io/formats/datasets.js";

const [dataset] = simulateCrabTwin().datasets;
const nameOf = (name: string) => datasetFileName({ ...dataset!, name }, { formats: datasetFormats });

it.each([
  "CON",
  "nul",
  "com1",
  "LPT9",
  "aux.1",
  "a<b>c",
  'say "a"',
  "a|b",
  "what?",
  "a*b",
  "C:data",
  "..\\up",
  "tab\there",
])("%j", (name) => {
  const file = nameOf(name);
  expect(file).not.toMatch(/[<>:"|?*\\/]|[. ]$/);
  expect(file).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
  expect(win32.basename(win32.join("D:\\out", file))).toBe(file);
  expect(win32.isAbsolute(file)).toBe(false);
});

it("names that need nothing stay", () => {
  expect(nameOf("Fermi-LAT")).toContain("Fermi-LAT");
  expect(nameOf("console")).toMatch(/^console/);
});
