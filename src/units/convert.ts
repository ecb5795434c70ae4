import { FormatError } from "../errors.js";
import { parseUnit, powerOfTen, type Unit } from "./parse.js";

/** A number with its unit, as in Gammapy's YAML. */
export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

/**
 * The number by which a value in `from` is multiplied to be in `to`.
 * @throws FormatError where a unit is unknown or they measure different things.
 */
export function conversionFactor(from: string, to: string, where = "unit"): number {
  const a = parseUnit(from, where);
  const b = parseUnit(to, where);
  if (!sameDimension(a, b)) {
    throw new FormatError(
      `${where}: found the unit "${from}" (${describe(a)}), expected one that converts to "${to}" (${describe(b)}); correct the unit or convert the value`,
    );
  }
  return ratio(a, b);
}

export function isConvertible(from: string, to: string): boolean {
  return sameDimension(parseUnit(from), parseUnit(to));
}

/** True if both mean the same: "1 / (cm2 s TeV)" and "TeV-1 s-1 cm-2". */
export function sameUnit(a: string, b: string): boolean {
  const x = parseUnit(a);
  const y = parseUnit(b);
  return sameDimension(x, y) && Math.abs(ratio(x, y) - 1) < 1e-12;
}

/**
 * "10 GeV" -> { value: 10, unit: "GeV" }. A number alone has the unit "".
 * @throws FormatError where the text is no number with a unit.
 */
export function parseQuantity(text: string, where = "quantity"): Quantity {
  const match =
    /^\s*([+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|nan))(?![\d.]|\s*\*\*|\s*\^)(.*)$/i.exec(text);
  if (match === null) {
    throw new FormatError(`${where}: found "${text}", expected a number and a unit; write it like "10 GeV"`);
  }
  const word = match[1]!.toLowerCase();
  const value = word.endsWith("nan")
    ? Number.NaN
    : word.includes("inf")
      ? word.startsWith("-")
        ? Number.NEGATIVE_INFINITY
        : Number.POSITIVE_INFINITY
      : Number(word);
  const rest = match[2]!.trim();
  const unit = rest.startsWith("/") ? `1 ${rest}` : rest;
  parseUnit(unit, where);
  return { value, unit };
}

/**
 * The value in `unit` of a number (already in `unit`), a text such as "10 GeV" or a quantity. A text without a unit is a pure number, so "10" for an energy is
 * an error.
 * @throws FormatError where a text is no quantity or its unit does not convert.
 */
export function toUnit(q: number | string | Quantity, unit: string, where = "quantity"): number {
  if (typeof q === "number") return q;
  const { value, unit: from } = typeof q === "string" ? parseQuantity(q, where) : q;
  return value * conversionFactor(from, unit, where);
}

/**
 * FITS spelling, factors in the order given: "1 / (cm2 s TeV)" -> "cm-2 s-1 TeV-1". "" for a pure number.
 * @throws FormatError where the unit cannot be read.
 */
export function formatUnit(unit: string | Unit): string {
  const u = typeof unit === "string" ? parseUnit(unit) : unit;
  const parts = u.factors.map(({ name, power }) => `${name}${formatPower(power)}`);
  if (u.number !== 1) {
    const exponent = Math.round(Math.log10(u.number));
    parts.unshift(powerOfTen(exponent) === u.number ? `10**${exponent}` : String(u.number));
  }
  return parts.join(" ");
}

function formatPower(power: number): string {
  if (power === 1) return "";
  if (Number.isInteger(power)) return String(power);
  for (let bottom = 2; bottom <= 12; bottom++) {
    const top = Math.round(power * bottom);
    if (Math.abs(top / bottom - power) < 1e-12) return `(${top}/${bottom})`;
  }
  return `(${power})`;
}

function ratio(a: Unit, b: Unit): number {
  const mantissa = a.mantissa / b.mantissa;
  const exponent = a.exponent - b.exponent;
  // Dividing by an exact power of ten rounds once; multiplying by an inexact one rounds twice.
  return exponent < 0 ? mantissa / powerOfTen(-exponent) : mantissa * powerOfTen(exponent);
}

function sameDimension(a: Unit, b: Unit): boolean {
  return a.dimension.every((p, i) => Math.abs(p - b.dimension[i]!) < 1e-9);
}

const baseNames = ["m", "kg", "s", "rad", "K", "A"];
function describe(u: Unit): string {
  const text = baseNames.flatMap((name, i) =>
    Math.abs(u.dimension[i]!) < 1e-12 ? [] : [`${name}${formatPower(u.dimension[i]!)}`],
  );
  return text.length === 0 ? "a pure number" : text.join(" ");
}
