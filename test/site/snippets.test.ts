/** Blocks of TypeScript in the pages of the site: their types are right. That they run is what the build of the site checks. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { partsOf } from "../../site/build/fences.mjs";
import { typeProblems } from "../examples/type-problems.js";

const pages = readdirSync("site", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));

/** The programs of a page: a block, and those that go on from it. */
function programsOf(page: string): [string, string][] {
  const programs: string[] = [];
  for (const { language, flags = [], code = "" } of partsOf(readFileSync(`site/${page}`, "utf8"))) {
    if (language !== "ts" || flags.includes("show")) continue;
    if (flags.includes("more")) programs[programs.length - 1] += code;
    else programs.push(code);
  }
  return programs.map((code, i) => [`site/${page}.${i + 1}.ts`, code]);
}

it("have types without errors, as strict as those of the project", () => {
  const programs = new Map(pages.flatMap(programsOf));
  expect(programs.size).toBeGreaterThan(12);
  expect(typeProblems(programs)).toEqual([]);
});
