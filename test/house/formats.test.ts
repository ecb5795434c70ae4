/** What is peculiar to a file format stands in its declaration: nobody else asks which format a file is of. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analysisFormats, datasetFormats, datasetReaders } from "../../src/io/formats/datasets.js";
import { standardFormats } from "../../src/io/formats/index.js";
import type { FileFormat } from "../../src/io/formats/types.js";

const sources = ["src", "web/src"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name).replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".ts")),
);
const names = standardFormats.flatMap(({ name, tag = name }) => [name, tag]);

describe("file formats", () => {
  it("are compared by name nowhere", () => {
    // "fits", "map", "text" and the like are words for other things too: they count beside what a file could be asked
    const name = `"(${names.join("|")})"`;
    const hyphened = `"(${names.filter((n) => n.includes("-")).join("|")})"`;
    const patterns = [
      new RegExp(`\\b(kind|format\\.name|format\\.tag)\\s*[!=]==?\\s*${name}`),
      new RegExp(
        `[!=]==?\\s*${hyphened}|${hyphened}\\s*[!=]==?|case\\s+${hyphened}|includes\\(${hyphened}\\)|\\[${hyphened}\\]`,
      ),
    ];
    const found = sources
      .filter((file) => !file.startsWith("src/io/formats/"))
      .flatMap((file) =>
        readFileSync(file, "utf8")
          .split("\n")
          .filter((line) => patterns.some((pattern) => pattern.test(line)))
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
    // what was there before would be found
    expect(patterns.some((p) => p.test('if (kind === "map") return'))).toBe(true);
    expect(patterns.some((p) => p.test('    case "ogip-pha":'))).toBe(true);
  });

  it("are all in the registry, each under a name of its own", async () => {
    const modules = readdirSync("src/io/formats").map((file) => file.replace(/\.ts$/, ""));
    const declared = await Promise.all(modules.map((name) => import(`../../src/io/formats/${name}.ts`)));
    const isFormat = (value: unknown): value is FileFormat => typeof (value as FileFormat | null)?.sniff === "function";
    const all = declared.flatMap((module) => Object.entries(module)).filter(([, value]) => isFormat(value));
    // readers are parts of a declaration
    const formats = all.filter(([key]) => !key.endsWith("Reader")).map(([, value]) => value as FileFormat);
    expect(new Set(formats)).toEqual(new Set(standardFormats));
    expect(new Set(standardFormats.map((format) => format.name)).size).toBe(standardFormats.length);
    for (const format of [...analysisFormats, ...datasetFormats]) expect(standardFormats).toContain(format);
    expect(datasetReaders.map((format) => format.name)).toEqual(datasetFormats.map((format) => format.name));
  });

  it("say what to do with files that are known but not read", () => {
    const general = ["unknown", "text", "yaml", "json", "ecsv", "fits"];
    const unread = standardFormats.filter(({ read, dataset, name }) => !read && !dataset && !general.includes(name));
    expect(unread.filter(({ remedy }) => remedy === undefined).map(({ name }) => name)).toEqual([]);
  });
});
