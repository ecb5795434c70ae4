import { describe, expect, it } from "vitest";
import { createSubmodel, fovBackground } from "../../../src/api/models.js";
import { readCovariance, writeCovariance } from "../../../src/io/yaml/covariance.js";
import { skyModel } from "../../../src/models/create.js";
import type { Models } from "../../../src/models/types.js";

const models: Models = {
  components: [skyModel({ name: "a b", spectral: createSubmodel("pl") }), fovBackground("x")],
};
const names = ["a b.index", "a b.amplitude", "a b.reference", "x-bkg.tilt", "x-bkg.norm", "x-bkg.reference"];
const matrix = new Float64Array(36);
matrix[0] = 0.01;
matrix[1] = matrix[6] = -1.234567890123e-15;
matrix[7] = 1e-26;
matrix[28] = 0.005643278;

// As astropy 7 writes it: ascii.fixed_width, delimiter "|".
const text = `|           Parameters |                   0 |                   1 |   2 |   3 |           4 |   5 |
|     a b.spectral.index |                0.01 | -1.234567890123e-15 | 0.0 | 0.0 |         0.0 | 0.0 |
| a b.spectral.amplitude | -1.234567890123e-15 |               1e-26 | 0.0 | 0.0 |         0.0 | 0.0 |
| a b.spectral.reference |                 0.0 |                 0.0 | 0.0 | 0.0 |         0.0 | 0.0 |
|    x-bkg.spectral.tilt |                 0.0 |                 0.0 | 0.0 | 0.0 |         0.0 | 0.0 |
|    x-bkg.spectral.norm |                 0.0 |                 0.0 | 0.0 | 0.0 | 0.005643278 | 0.0 |
| x-bkg.spectral.reference |               0.0 |                 0.0 | 0.0 | 0.0 |         0.0 | 0.0 |
`;

describe("covariance file", () => {
  it("reads back what it writes", () => {
    const written = writeCovariance(models, { names, matrix });
    const lines = written.trimEnd().split("\n");
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[0]).toBe(
      "|               Parameters |                   0 |                   1 |   2 |   3 |           4 |   5 |",
    );
    expect(readCovariance(written, models)).toEqual({ names, matrix });
  });

  it("reads back names with bars", () => {
    const barred: Models = { components: [skyModel({ name: "a|b | c", spectral: createSubmodel("pl") })] };
    const covariance = {
      names: ["a|b | c.index", "a|b | c.amplitude", "a|b | c.reference"],
      matrix: new Float64Array(9),
    };
    covariance.matrix[0] = 0.04;
    expect(readCovariance(writeCovariance(barred, covariance), barred)).toEqual(covariance);
  });

  it("reads numbers of three digits, and ones that are missing", () => {
    const rounded = text.replace("-1.234567890123e-15", "-1.235e-15").replace("0.005643278", "nan");
    expect(readCovariance(rounded, models).matrix[28]).toBeNaN();
  });

  it("puts rows in the order of the models", () => {
    const order = [4, 0, 1, 2, 3, 5];
    const shuffled = { names: order.map((i) => names[i]!), matrix: new Float64Array(36) };
    for (let i = 0; i < 6; i++)
      for (let j = 0; j < 6; j++) shuffled.matrix[i * 6 + j] = matrix[order[i]! * 6 + order[j]!]!;
    expect(writeCovariance(models, shuffled)).toBe(writeCovariance(models, { names, matrix }));
    const [header, ...rows] = text.trimEnd().split("\n");
    // rows and columns 0 and 1 swapped
    const swap = (line: string) => {
      const cells = line.split("|");
      return [...cells.slice(0, 2), cells[3], cells[2], ...cells.slice(4)].join("|");
    };
    const swapped = [header, swap(rows[1]!), swap(rows[0]!), ...rows.slice(2)].join("\n");
    expect(readCovariance(swapped, models)).toEqual({ names, matrix });
  });

  it("reads whole numbers, bare names, and words without bars", () => {
    expect(readCovariance(text.replaceAll("0.0 |", "0 |"), models).matrix).toEqual(matrix);
    expect(readCovariance(text.replace(/[\w -]+\.spectral\./g, " "), models).matrix).toEqual(matrix);
    expect(readCovariance(text.replaceAll("|", " "), models).matrix).toEqual(matrix);
  });

  it.each([
    ["", 'c.dat:1: found no header "Parameters"'],
    [text.split("\n").slice(0, 4).join("\n"), "c.dat: found 3 rows, the models have 6 parameters"],
    [text.replace("a b.spectral.index", "crab.spectral.index"), 'c.dat:2: found a row for "crab.spectral.index"'],
    [text.replace("1e-26", "x"), 'c.dat:3 column 1: found "x", expected a number'],
    [text.replace(" |               1e-26", ""), "c.dat:3: found 5 numbers, expected 6"],
    [text.replace("1e-26", "-1e-26"), "c.dat: the variance of a b.amplitude is -1e-26, expected none below 0"],
    [
      text.replace("-1.234567890123e-15", "1.234567890123e-15"),
      "c.dat: the covariance of a b.amplitude and a b.index is -1.234567890123e-15 in one place and 1.234567890123e-15 in",
    ],
  ])("says what is wrong", (content, message) => {
    expect(() => readCovariance(content, models, "c.dat")).toThrow(message);
  });

  it("refuses to write a covariance of other models", () => {
    expect(() => writeCovariance(models, { names: ["a"], matrix: new Float64Array(1) })).toThrow("a b.index");
  });
});
