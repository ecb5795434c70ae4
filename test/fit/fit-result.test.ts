import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileJoint } from "../../src/api/fit.js";
import { fitReport } from "../../src/api/io.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { fitJoint } from "../../src/fit/fit.js";
import { confidenceAll } from "../../src/fit/intervals.js";
import { writeFitResult } from "../../src/io/fit-result.js";
import { readFitResult } from "../../src/io/read-fit-result.js";
import type { FitReport } from "../../src/io/types.js";
import { predictedTotals } from "../../src/likelihood/predicted-totals.js";
import { updateParameters } from "../../src/models/parameters.js";
import { nPix } from "../../src/sky/pixels.js";
import { readCrab } from "./crab.js";
import { logParabola, points } from "./points.js";

const datasets = [points()];
const joint = compileJoint(datasets, logParabola());
const result = fitJoint(joint);
const report = fitReport(result, datasets, { confidence: confidenceAll(joint, result) });
const text = (r: FitReport) => new TextDecoder().decode(writeFitResult(r, { version: "0.1.0" }));
const read = (s: string) => readFitResult(new TextEncoder().encode(s), "fit-result.yaml");

describe("fit-result.yaml", () => {
  it("comes back as it was, MINOS errors too", () => {
    const back = read(text(report));
    expect(back.version).toBe("0.1.0");
    expect(back.report).toEqual(report);
    expect(report.parameters[0]!.errp).toBeGreaterThan(0);
    expect(report.parameters[1]!.errp).toBeUndefined();
  });

  it("any numbers and texts", () => {
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null), fc.integer());
    const word = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("yes", "1e-12", "null", "~", "a: b", "- x", "0x1f", "#", "'"),
    );
    const same = (x: number | null) => (x === 0 ? 0 : x);
    const arbitrary = fc.record({
      success: fc.boolean(),
      message: word,
      reason: word,
      backend: word,
      method: word,
      nfev: fc.nat(),
      edm: number,
      total_stat: number,
      datasets: fc.array(
        fc.record({
          name: word,
          type: word,
          stat: number,
          n_fit_bins: fc.nat(),
          counts: number,
          npred: number,
          counts_all: number,
          npred_all: number,
        }),
        { maxLength: 3 },
      ),
      parameters: fc.uniqueArray(
        fc.record({
          model: word,
          name: fc.constantFrom("alpha", "beta", "norm"),
          value: number,
          error: number,
          unit: word,
          min: number,
          max: number,
          frozen: fc.boolean(),
          error_status: word,
        }),
        { maxLength: 3, selector: (p) => `${p.model}.${p.name}` },
      ),
    });
    fc.assert(
      fc.property(arbitrary, number, (values, cell) => {
        const ids = values.parameters.map((p) => `${p.model}.${p.name}`);
        const covariance = Object.fromEntries(ids.map((a) => [a, Object.fromEntries(ids.map((b) => [b, cell]))]));
        const given = { ...values, covariance } as FitReport;
        const zeros = (r: unknown) => JSON.parse(JSON.stringify(r, (_, v) => (typeof v === "number" ? same(v) : v)));
        expect(zeros(read(text(given)).report)).toEqual(zeros(given));
      }),
      { numRuns: 200 },
    );
  });

  it("floats that PyYAML reads as floats", () => {
    const lines = text(report).split("\n");
    const floats = lines.filter((line) => /: -?\d/.test(line) && !/(schema|gammats|nfev|n_fit_bins|counts)/.test(line));
    expect(floats.length).toBeGreaterThan(15);
    // YAML 1.1: a point, and a sign in the exponent
    for (const line of floats) expect(line).toMatch(/: -?\d+\.\d+(e[+-]\d+)?$/);
  });

  const good = text(report);
  const cases: [string, string, RegExp][] = [
    ["another file", "components: []\n", /fit-result.yaml:1: found no "format: gammats-fit-result"/],
    ["no YAML", `${good}\n  : [`, /this is not YAML/],
    ["a newer schema", good.replace("schema: 1", "schema: 7"), /written in schema 7.*reads up to 1; update/],
    [
      "a misspelt key",
      good.replace("total_stat", "total_sta"),
      /fit-result.yaml:\d+.*unknown key "total_sta"; did you mean "total_stat"/,
    ],
    ["a text for a number", good.replace(/edm: .*/, "edm: small"), /edm: found "small", expected a number/],
    ["a missing column", good.replace(/ {4}crab.beta: .*\n/, ""), /the column "crab.beta" is missing/],
    [
      "a row of no parameter",
      good.replace(/^ {2}crab.beta:/m, "  crab.gamma:"),
      /"crab.gamma" is no parameter of this file/,
    ],
    ["a missing key", good.replace(/success: .*\n/, ""), /the key "success" is missing/],
  ];
  it.each(cases)("%s is an error with its place", (_, damaged, message) => {
    expect(damaged).not.toBe(good);
    expect(() => read(damaged)).toThrow(message);
  });
});

describe("predicted counts of a report", () => {
  it.each([
    ["all of the fit", () => true, 1, true],
    ["one energy bin of the five", (r: number) => r === 2, 1, false],
    ["a background below zero", () => true, -0.2, false],
  ] as const)("are those of npred, known from the likelihood or not: %s", async (_, isUsed, norm, isKnown) => {
    const crab = await readCrab("examples/crab");
    const fermi = crab.datasets[0] as MapDataset;
    const { geom, data } = fermi.counts!;
    const pixels = nPix(geom);
    const maskFit = { geom, data: Uint8Array.from(data, (_, i) => (isUsed(Math.floor(i / pixels)) ? 1 : 0)) };
    const held = { value: norm, min: Number.NaN, frozen: true };
    const start = updateParameters(crab.models, { "Fermi-LAT-bkg.norm": held, "Crab Nebula.beta": { frozen: true } });
    const fitted = [{ ...fermi, maskFit }];
    const likelihood = compileJoint(fitted, start);
    const best = fitJoint(likelihood);
    const { datasets: plain } = fitReport(best, fitted);
    const { datasets: quick } = fitReport(best, fitted, { joint: likelihood });
    expect(
      predictedTotals(likelihood.terms[0]!, likelihood.termParameters(0, best.free.values), data.length) !== undefined,
    ).toBe(isKnown);
    const { npred, npred_all, ...rest } = quick[0]!;
    const { npred: slow, npred_all: slowAll, ...others } = plain[0]!;
    expect(rest).toEqual(others);
    // the same sums in another order
    expect(Math.abs(npred! / slow! - 1)).toBeLessThan(1e-12);
    expect(Math.abs(npred_all! / slowAll! - 1)).toBeLessThan(1e-12);
    expect(npred_all!).toBeGreaterThanOrEqual(npred!);
  });
});
