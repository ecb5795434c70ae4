/** Provenance as plain data, checked. */
import { FormatError } from "../../errors.js";
import type { Provenance } from "./types.js";

const isText = (x: unknown): x is string => typeof x === "string";
const isTexts = (x: unknown): x is string[] => Array.isArray(x) && x.every(isText);
const isMapping = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === "object" && x !== null && !Array.isArray(x);
const isOption = (x: unknown) => isText(x) || typeof x === "boolean" || Number.isFinite(x) || isTexts(x);
const isFiles = (x: unknown) =>
  Array.isArray(x) &&
  x.every((file) => isMapping(file) && isText(file.path) && /^[0-9a-f]{64}$/.test(`${file.sha256}`));

const CHECKS: Readonly<Record<keyof Provenance, readonly [expected: string, (x: unknown) => boolean]>> = {
  gammats: ["a version", isText],
  node: ["a version", isText],
  time: ["a time", isText],
  command: ["the name of a command", isText],
  arguments: ["a list of texts", isTexts],
  options: ["options by name", (x) => isMapping(x) && Object.values(x).every(isOption)],
  seed: ["a number", (x) => x === undefined || Number.isFinite(x)],
  inputs: ["a list of files with path and sha256", isFiles],
  plugins: ["a list of files with path and sha256", (x) => x === undefined || isFiles(x)],
};

/**
 * What stands under `provenance` in a result.
 * @throws FormatError where it is none.
 */
export function checkedProvenance(found: unknown, where: string): Provenance {
  const given = isMapping(found) ? found : {};
  for (const [key, [expected, isGood]] of Object.entries(CHECKS)) {
    if (isGood(given[key])) continue;
    throw new FormatError({
      where: `${where}: provenance`,
      found: `${key}: ${JSON.stringify(given[key]) ?? "nothing"}`,
      expected,
      remedy: "the file was edited: take it as it was written",
    });
  }
  return given as unknown as Provenance;
}
