import { didYouMean, FormatError } from "../errors.js";
import { countingNames, type Dimension, prefixTable, type UnitEntry, unitTable } from "./table.js";

/** One named factor of a unit, e.g. `cm` to the power -2. */
export interface UnitFactor {
  readonly name: string;
  readonly power: number;
}

/** A unit as plain data: its SI scale is mantissa * 10^exponent. */
export interface Unit {
  /** Named factors in the order of the text, each name once. */
  readonly factors: readonly UnitFactor[];
  /** Numeric factor in front (`10**3 keV`). */
  readonly number: number;
  readonly mantissa: number;
  readonly exponent: number;
  readonly dimension: Dimension;
}

interface Accumulator {
  factors: Map<string, number>;
  numberMantissa: number;
  numberExponent: number;
  mantissa: number;
  exponent: number;
  dimension: number[];
}

const superscripts = new Map(
  [..."\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b"].map((c, i) => [c, "0123456789-"[i]!]),
);

/**
 * Reads a unit in a FITS ("cm-2 s-1 TeV-1"), OGIP or Astropy ("1 / (cm2 s TeV)", "cm**-2 s**-1", "TeV^-1") spelling.
 * All factors after a slash, up to the next one, are in the denominator, as Astropy reads them. `where` begins the error message.
 */
export function parseUnit(text: string, where = "unit"): Unit {
  const source = text
    .replace(/[\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u207b]/g, (c) => superscripts.get(c)!)
    .replaceAll("\u2212", "-")
    .trim()
    // what Python writes for no unit
    .replace(/^none$/i, "")
    .replace(/^\//, "1/");
  const total: Accumulator = {
    factors: new Map(),
    numberMantissa: 1,
    numberExponent: 0,
    mantissa: 1,
    exponent: 0,
    dimension: [0, 0, 0, 0, 0, 0],
  };
  let position = 0;
  const fail = (what: string): never => {
    throw new FormatError(
      `${where}: cannot read the unit "${text}": ${what}; write it as in FITS, for example "cm-2 s-1 TeV-1"`,
    );
  };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(source);
    if (match) position += match[0].length;
    return match;
  };

  const rational = (top: string, bottom: string | undefined) =>
    Number(top) / (bottom === undefined ? 1 : Number(bottom));
  const power = (): number => {
    const braced = take(/\s*(?:\*\*|\^)?\s*\(\s*([+-]?\d+(?:\.\d*)?)\s*(?:\/\s*(\d+)\s*)?\)/y);
    if (braced) return rational(braced[1]!, braced[2]);
    const plain = take(/\s*(?:\*\*|\^)\s*([+-]?\d+(?:\.\d+)?)|([+-]?\d+(?:\.\d+)?)/y);
    if (plain) return Number(plain[1] ?? plain[2]);
    return 1;
  };

  const addNumber = (mantissa: number, exponent: number, sign: number) => {
    total.numberMantissa *= mantissa ** sign;
    total.numberExponent += exponent * sign;
  };
  const addName = (name: string, p: number) => {
    if (countingNames.has(name)) return;
    const found = lookup(name);
    if (found === undefined) {
      const known = [...unitTable.keys(), "cm", "mm", "km", "kg", "keV", "MeV", "GeV", "TeV"];
      fail(`no unit is called "${name}"${didYouMean(name, known)}`);
      return;
    }
    const { entry, prefix, exponent } = found;
    const spelled = prefix + entry.name;
    total.factors.set(spelled, (total.factors.get(spelled) ?? 0) + p);
    total.mantissa *= entry.mantissa ** p;
    total.exponent += (entry.exponent + exponent) * p;
    for (let i = 0; i < 6; i++) total.dimension[i]! += entry.dimension[i]! * p;
  };

  /** product of factors, then `/ product` any number of times; every power is multiplied by `outer`. */
  const expression = (outer: number, depth: number): void => {
    if (depth > 20) fail("too many brackets");
    let sign = 1;
    let expectFactor = true;
    for (;;) {
      take(/\s*/y);
      if (position >= source.length || source[position] === ")") break;
      if (take(/\//y)) {
        if (expectFactor) fail(`"/" stands where a unit is expected`);
        sign = -1;
        expectFactor = true;
        continue;
      }
      if (!expectFactor && take(/\*(?!\*)|\.(?!\d)|\u00b7/y)) {
        expectFactor = true;
        continue;
      }
      factor(outer * sign, depth);
      expectFactor = false;
    }
    if (expectFactor) fail(position >= source.length ? "it ends too early" : "empty brackets");
  };

  const factor = (p: number, depth: number): void => {
    const ten = take(/10(?:\s*(?:\*\*|\^)\s*(?:([+-]?\d+)|\(\s*([+-]?\d+)\s*\))|([+-]\d+))/y);
    if (ten) {
      addNumber(1, Number(ten[1] ?? ten[2] ?? ten[3]), p);
      return;
    }
    const number = take(/(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?/y);
    if (number) {
      if (Number(number[1]) === 0) fail("its scale is 0");
      addNumber(Number(number[1]), Number(number[2] ?? 0), p);
      return;
    }
    const open = take(/(sqrt\s*)?\(/y);
    if (open) {
      const start = position;
      const inner = open[1] === undefined ? 1 : 0.5;
      const end = closing(source, start);
      if (end < 0) fail("a bracket is not closed");
      // The power behind the bracket is needed before its content is read.
      position = end + 1;
      const behind = power();
      const after = position;
      position = start;
      expression(p * inner * behind, depth + 1);
      position = after;
      return;
    }
    const name = take(/[A-Za-z\u00b5\u03bc%_]+/y);
    if (name) addName(name[0], p * power());
    else fail(`unexpected "${source[position]}"`);
  };

  if (source !== "") {
    expression(1, 0);
    if (position < source.length) fail(`unexpected "${source.slice(position)}"`);
  }
  const scale = total.numberMantissa * powerOfTen(total.numberExponent);
  return {
    factors: [...total.factors].filter(([, p]) => Math.abs(p) > 1e-12).map(([name, p]) => ({ name, power: p })),
    number: scale,
    mantissa: total.mantissa * total.numberMantissa,
    exponent: total.exponent + total.numberExponent,
    dimension: total.dimension as unknown as Dimension,
  };
}

/** 10^e, correctly rounded for whole e (Math.pow is not always). */
export function powerOfTen(e: number): number {
  return Number.isInteger(e) ? Number(`1e${e}`) : 10 ** e;
}

function lookup(name: string): { entry: UnitEntry; prefix: string; exponent: number } | undefined {
  const plain = unitTable.get(name);
  if (plain) return { entry: plain, prefix: "", exponent: 0 };
  for (const [prefix, exponent] of prefixTable) {
    if (!name.startsWith(prefix)) continue;
    const entry = unitTable.get(name.slice(prefix.length));
    // Prefixes go with symbols only: "keV", not "kelectronvolt".
    if (entry?.prefixes && entry.name === name.slice(prefix.length)) {
      return { entry, prefix: exponent === -6 ? "u" : prefix, exponent };
    }
  }
  return undefined;
}

/** Position of the bracket that closes the one before `start`, or -1. */
function closing(source: string, start: number): number {
  let depth = 1;
  for (let i = start; i < source.length; i++) {
    if (source[i] === "(") depth++;
    else if (source[i] === ")" && --depth === 0) return i;
  }
  return -1;
}
