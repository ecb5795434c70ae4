import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSubmodel, validateModels } from "../../src/api/models.js";
import { SpecError } from "../../src/errors.js";
import { skyModel } from "../../src/models/create.js";
import {
  differentiateExpression,
  evaluateExpression,
  parseExpression,
  referencesOf,
} from "../../src/models/expression.js";
import { variable } from "../../src/models/jet.js";
import { allParameters, updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";

const at: Readonly<Record<string, number>> = { "a.x": 1.3, "b.y": -0.7, "Crab Nebula.beta": 0.4, "m.spectral.norm": 2 };
const value = (text: string) => evaluateExpression(parseExpression(text, "test"), (id) => at[id]!);

describe("parseExpression", () => {
  // right-hand sides: the same formula in JavaScript
  it.each<[string, number]>([
    ["2", 2],
    [" 1.5e-3 ", 1.5e-3],
    [".5 + 2.", 2.5],
    ["1 - 2 - 3", -4],
    ["2 * 3 + 4 / 8", 6.5],
    ["8 / 4 / 2", 1],
    ["2 ^ 3 ^ 2", 512],
    ["-2 ^ 2", -4],
    ["2 ^ -1", 0.5],
    ["(1 + 2) * -3", -9],
    ["--2", 2],
    ["+2", 2],
    ["2 * a.x", 2.6],
    ['a.x + "Crab Nebula.beta"', 1.7],
    ["a.x - 'b.y'", 2],
    ["m.spectral.norm / 4", 0.5],
    ["sqrt(4) + exp(0) + log(1) + log10(100) + abs(b.y)", 5.7],
    ["min(3, a.x, 2) + max(b.y, 0)", 1.3],
    ["pow(2, a.x)", 2 ** 1.3],
  ])("%s", (text, expected) => {
    expect(value(text)).toBeCloseTo(expected, 14);
  });

  it("finds each reference once", () => {
    expect(referencesOf(parseExpression('a.x * (b.y + a.x) / max(1, "Crab Nebula.beta")', ""))).toEqual([
      "a.x",
      "b.y",
      "Crab Nebula.beta",
    ]);
  });

  it.each<[string, RegExp]>([
    ["", /nothing is written at position 1/],
    ["2 +", /found the end, expected a number, a parameter, a function or "\(" at position 4 of "2 \+"/],
    ["2 a.x", /found "a\.x", expected an operator or the end at position 3/],
    ["(1 + 2", /found the end, expected "\)" at position 7/],
    ["2 ** 3", /found "\*\*"; write \^ for a power at position 3/],
    ["sqr(4)", /unknown function "sqr"; did you mean "sqrt"\? at position 1/],
    ["min(1)", /min has 1 argument, expected two or more, at position 1/],
    ["exp(1, 2)", /exp has 2 arguments, expected 1, at position 1/],
    ['2 * "a.x', /a quoted name is not closed at position 5/],
    ["2 % 3", /found "%", which means nothing here, at position 3/],
    ["constructor(1)", /unknown function "constructor"/],
    ["(".repeat(300), /more than 200 levels of nesting/],
    ["-".repeat(300), /more than 200 levels of nesting/],
  ])("says what is wrong with %s", (text, message) => {
    expect(() => parseExpression(text, "here")).toThrow(message);
    expect(() => parseExpression(text, "here")).toThrow(SpecError);
  });

  it("gives a value or a SpecError for any text", () => {
    const piece = fc.constantFrom(
      "1",
      "a.x",
      "+",
      "-",
      "*",
      "/",
      "^",
      "(",
      ")",
      ",",
      "min",
      "exp",
      " ",
      '"',
      "2e3",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          expect(typeof evaluateExpression(parseExpression(pieces.join(""), ""), () => 2)).toBe("number");
        } catch (error) {
          expect(error).toBeInstanceOf(SpecError);
        }
      }),
    );
  });
});

describe("derivatives", () => {
  // second-order central differences with steps of 1e-4: 1e-8 of truncation and, in second derivatives, of rounding
  it.each([
    "x * y + x / y - 3",
    "x ^ y",
    "x ^ 2 - y ^ 3",
    "pow(x, 1 + y)",
    "sqrt(x * x + y * y)",
    "exp(-x) * log(y)",
    "log10(x + y) / abs(-x)",
    "min(x, y) + max(x, y ^ 2)",
    "-(x - 2 * y) ^ 2",
  ])("%s", (text) => {
    const e = parseExpression(text.replace(/\bx\b/g, "m.x").replace(/\by\b/g, "m.y"), "");
    const f = (x: number, y: number) => evaluateExpression(e, (id) => (id === "m.x" ? x : y));
    const [x, y] = [1.7, 0.6];
    const jet = differentiateExpression(e, 2, (id) => (id === "m.x" ? variable(2, 0, x) : variable(2, 1, y)));
    const h = 1e-4;
    expect(jet.v).toBe(f(x, y));
    expect(jet.g[0]).toBeCloseTo((f(x + h, y) - f(x - h, y)) / (2 * h), 6);
    expect(jet.g[1]).toBeCloseTo((f(x, y + h) - f(x, y - h)) / (2 * h), 6);
    expect(jet.h[0]).toBeCloseTo((f(x + h, y) - 2 * f(x, y) + f(x - h, y)) / (h * h), 5);
    expect(jet.h[3]).toBeCloseTo((f(x, y + h) - 2 * f(x, y) + f(x, y - h)) / (h * h), 5);
    const mixed = (f(x + h, y + h) - f(x + h, y - h) - f(x - h, y + h) + f(x - h, y - h)) / (4 * h * h);
    expect(jet.h[1]).toBeCloseTo(mixed, 5);
    expect(jet.h[2]).toBe(jet.h[1]);
  });

  it("has no 0 * Infinity at the origin of a power", () => {
    const e = parseExpression("m.x ^ 1 + m.x ^ 0 + m.x ^ 2", "");
    const jet = differentiateExpression(e, 1, () => variable(1, 0, 0));
    expect([jet.v, jet.g[0], jet.h[0]]).toEqual([1, 1, 2]);
  });
});

const source = (name: string, index: object = {}) =>
  skyModel({ name, spectral: createSubmodel("pl", { index: { value: 2, ...index } }) });
const models = (...expressions: string[]): Models => ({
  components: [source("free"), ...expressions.map((expression, i) => source(`m${i}`, { frozen: true, expression }))],
});
const problemsOf = (m: Models) => validateModels(m).map((p) => `${p.path.join(".")}: ${p.message}`);

describe("expressions in models", () => {
  it("follow the parameters they are made of, in whatever order they stand", () => {
    const m = updateParameters(models("m1.index + 1", "2 * free.index"), { "free.index": 1.5 });
    expect(allParameters(m).flatMap((e) => (e.name === "index" ? [e.parameter.value] : []))).toEqual([1.5, 4, 3]);
  });

  it.each<[string[], RegExp]>([
    [
      ["2 * fre.index"],
      /^1\.spectral\.index\.expression: .*there is no parameter "fre\.index"; did you mean "free\.index"\?/,
    ],
    [["m0.index"], /refers to the parameter itself/],
    [["m1.index", "m2.index", "m0.index"], /depends on itself, m0\.index -> m1\.index -> m2\.index -> m0\.index/],
    [["1 / (free.index - 2)"], /"1 \/ \(free\.index - 2\)" is Infinity at free\.index = 2; it must be a finite number/],
    [["log(-free.index)"], /is NaN at free\.index = 2/],
    [["2 *"], /found the end/],
  ])("%j is refused with where and why", (expressions, message) => {
    expect(problemsOf(models(...expressions)).join("\n")).toMatch(message);
  });

  it("cannot be free, nor linked", () => {
    const both = source("a", { expression: "free.index", link: "l" });
    const text = problemsOf({ components: [source("free", { link: "l" }), both] }).join("\n");
    expect(text).toMatch(/follows the expression "free\.index" and is free; write frozen: true/);
    expect(text).toMatch(/has both a link \("l"\) and an expression/);
  });
});
