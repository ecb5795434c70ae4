/** docs/pictures.md: its keys are those of a style, its style can be read, its program runs. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createSubmodel } from "../../src/api/models.js";
import { readPictureStyle } from "../../src/api/picture-style.js";
import { sedCurveOf } from "../../src/api/plot.js";
import { skyModel } from "../../src/models/create.js";
import { styleKeys } from "../../src/plot/picture-style.js";
import { sedPlot } from "../../src/plot/sed.js";

const page = readFileSync("docs/pictures.md", "utf8");
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)![1]!;

it("names every key of a style, and no other", () => {
  const rows = page.match(/^\| `.*$/gm)!.map((row) => row.split("|")[1]!);
  const named = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map((m) => m[1]!));
  expect(named.sort()).toEqual(styleKeys.map((key) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)).sort());
});

it("shows a style that can be read", () => {
  const style = readPictureStyle(block("yaml"), "style.yaml");
  expect(style).toMatchObject({
    size: "88mm",
    fontSize: "7pt",
    xRange: [300, 400000],
    names: { HAWC19: "HAWC (2019)" },
  });
});

it("shows a program that runs", () => {
  const body = block("js").replace(/^import .*$/gm, "");
  const asserts: unknown[] = [];
  const run = new Function("createSubmodel", "skyModel", "sedCurveOf", "sedPlot", "console", body);
  run(createSubmodel, skyModel, sedCurveOf, sedPlot, { assert: (value: unknown) => asserts.push(value) });
  expect(asserts).toEqual([true]);
});

it("refuses all that is wrong in a style file at once, with lines", () => {
  const text = "fontsize: 8pt\nx_range: [3, 1]\ncolors: red\n";
  expect(() => readPictureStyle(text, "s.yaml")).toThrow(
    /s\.yaml:1: unknown key "fontsize"; did you mean "font_size"\?[\s\S]*s\.yaml:2 x_range: found \[3,1\][\s\S]*s\.yaml:3 colors/,
  );
  expect(readPictureStyle("", "empty.yaml")).toEqual({});
  expect(() => readPictureStyle("- size", "list.yaml")).toThrow(/expected a mapping/);
});
