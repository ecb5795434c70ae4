import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/errors.js";
import {
  conversionFactor,
  formatUnit,
  isConvertible,
  parseQuantity,
  parseUnit,
  sameUnit,
  toUnit,
} from "../../src/units/index.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/units.json", import.meta.url), "utf8")) as {
  factors: [string, string, number][];
  different: [string, string][];
};

describe("conversion factors are Astropy's", () => {
  // Astropy multiplies rounded powers of ten: a few units in the last place each.
  test.each(oracle.factors)("%s -> %s", (from, to, factor) => {
    expect(Math.abs(conversionFactor(from, to) / factor - 1)).toBeLessThan(2e-15);
    expect(isConvertible(from, to)).toBe(true);
  });

  test("units of different things do not convert", () => {
    expect(oracle.different.length).toBeGreaterThan(100);
    for (const [a, b] of oracle.different) {
      expect(isConvertible(a, b), `${a} ${b}`).toBe(false);
      expect(() => conversionFactor(a, b)).toThrow(FormatError);
    }
  });

  test("decimal multiples are exact", () => {
    expect(conversionFactor("MeV", "TeV")).toBe(1e-6);
    expect(conversionFactor("cm-2 s-1 MeV-1", "cm-2 s-1 TeV-1")).toBe(1e6);
    expect(conversionFactor("m2 s", "cm2 s")).toBe(1e4);
    expect(conversionFactor("keV", "TeV")).toBe(1e-9);
  });
});

describe("spellings", () => {
  test.each([
    ["1 / (cm2 s TeV)", "cm-2 s-1 TeV-1"],
    ["1/cm2/s/TeV", "cm-2 s-1 TeV-1"],
    ["TeV-1 s-1 cm-2", "TeV-1 s-1 cm-2"],
    ["cm-2s-1TeV-1", "cm-2 s-1 TeV-1"],
    ["cm\u207b\u00b2 s\u207b\u00b9", "cm-2 s-1"],
    ["ph cm-2 s-1", "cm-2 s-1"],
    ["ct", ""],
    ["count / s", "s-1"],
    ["", ""],
    ["1", ""],
    ["dimensionless", ""],
    ["(cm2 s)-1", "cm-2 s-1"],
    ["day", "d"],
    ["hour", "h"],
    ["degree", "deg"],
    ["Count", ""],
    ["JY/BEAM", "Jy"],
    ["/sr", "sr-1"],
    ["transit", ""],
    ["ph/cm2/s/sr", "cm-2 s-1 sr-1"],
    ["MEV", "MeV"],
    ["1/(cm2 SEC)", "cm-2 s-1"],
    ["none", ""],
    ["10+3 keV", "10**3 keV"],
    ["m(3/2)", "m(3/2)"],
    ["\u00b5G", "uG"],
    ["TeV TeV-1", ""],
    ["cm s / cm", "s"],
  ])("%s reads as %s", (text, canonical) => expect(formatUnit(text)).toBe(canonical));

  test.each([
    ["TEv", /did you mean "TeV"/],
    ["cm-2 s-1 Tev-1", /did you mean "TeV"/],
    ["(m", /bracket is not closed/],
    ["m)", /unexpected/],
    ["m //s", /"\/" stands/],
    ["m /", /ends too early/],
    ["()", /empty brackets/],
    ["-1", /unexpected "-"/],
    ["0 m", /scale is 0/],
    ["kh", /no unit is called "kh"/],
  ])("%s is refused", (text, message) => {
    expect(() => parseUnit(text, "crab.fits HDU 1 column 2")).toThrow(message);
    expect(() => parseUnit(text, "crab.fits HDU 1 column 2")).toThrow(/^crab.fits HDU 1 column 2: /);
  });

  test("a unit survives format and parse", () => {
    const name = fc.constantFrom("cm", "s", "TeV", "keV", "sr", "deg", "erg", "h", "kpc", "uG", "m", "d", "Hz");
    const power = fc.constantFrom(-3, -2, -1, 1, 2, 3, 0.5, -1.5);
    const scale = fc.constantFrom("", "10**3 ", "10**-12 ", "2.5 ");
    fc.assert(
      fc.property(
        scale,
        fc.uniqueArray(fc.tuple(name, power), { minLength: 1, selector: (f) => f[0] }),
        (s, factors) => {
          const text = s + factors.map(([n, p]) => `${n}^(${p})`).join(" * ");
          const formatted = formatUnit(text);
          expect(formatUnit(formatted)).toBe(formatted);
          expect(sameUnit(text, formatted)).toBe(true);
          const inverse = `1 / (${factors.map(([n, p]) => `${n}**(${-p})`).join(" ")})`;
          expect(sameUnit(s + inverse.slice(s === "" ? 0 : 1), text)).toBe(true);
        },
      ),
    );
  });
});

describe("quantities", () => {
  test.each([
    ["10 GeV", 10, "GeV"],
    ["10GeV", 10, "GeV"],
    ["10eV", 10, "eV"],
    ["1e-12 cm-2 s-1 TeV-1", 1e-12, "cm-2 s-1 TeV-1"],
    ["-3.5 deg", -3.5, "deg"],
    ["  +.5 h ", 0.5, "h"],
    ["-inf", Number.NEGATIVE_INFINITY, ""],
    ["2", 2, ""],
  ])("%s", (text, value, unit) => expect(parseQuantity(text)).toEqual({ value, unit }));

  test("a division after the number", () => expect(toUnit("10 / s", "s-1")).toBe(10));
  test("numbers are in the wanted unit, texts and quantities are converted", () => {
    expect(toUnit(3, "TeV")).toBe(3);
    expect(toUnit("10 GeV", "TeV")).toBe(0.01);
    expect(toUnit({ value: 1, unit: "h" }, "s")).toBe(3600);
    expect(toUnit("nan TeV", "TeV")).toBeNaN();
  });
  test("errors name the place", () => {
    expect(() => toUnit("10", "TeV", "--energy-min")).toThrow(
      /^--energy-min: found the unit "" \(a pure number\), expected/,
    );
    expect(() => toUnit("10 s", "TeV")).toThrow(/m2 kg s-2/);
    expect(() => parseQuantity("GeV", "x.yaml:3")).toThrow(/^x.yaml:3: found "GeV", expected a number and a unit/);
  });
});
