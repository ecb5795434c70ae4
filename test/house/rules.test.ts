/** Rules of the house that a look at the text can hold. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts"));

/** Lines outside of comments that match, as "file: line". */
function linesWith(pattern: RegExp, allowed: RegExp): string[] {
  return files
    .filter((file) => !allowed.test(file))
    .flatMap((file) =>
      readFileSync(join("src", file), "utf8")
        .split("\n")
        .filter((line) => pattern.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
}

const KINDS = "(Map|Spectrum|FluxPoints|XYPoints)\\w*Dataset\\w*|MapDatasetOnOff|SpectrumDatasetOnOff";

describe("kinds of datasets", () => {
  it("are looked into by their own files alone", () => {
    // io: what a type is called in a file
    const allowed = /^(datasets\/facets|kinds\/|io\/)/;
    expect(linesWith(new RegExp(`type\\s*[!=]==\\s*"(${KINDS})"|case "(${KINDS})"`), allowed)).toEqual([]);
    expect(linesWith(/"\w+" in (dataset|data|d|stacked|ours)\b/, allowed)).toEqual([]);
  });
});

describe("registries", () => {
  it("have a default in public functions alone", () => {
    // api: public functions; instruments, node/crab: their models are given; cli/context, plugins: where --plugin begins
    const allowed =
      /^(api\/(context|files|models-option)|models\/(registry|create)|kinds\/(registry|additions)|io\/registry|instruments\/|cli\/context|node\/(read-plugins|worker)|index|models|extend)\b/;
    expect(linesWith(/\b(standard(Models|Registry)|likelihoodRegistry)\b/, allowed)).toEqual([]);
  });
});
