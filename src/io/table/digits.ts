/** Numbers as far as their errors allow. */

/** Digits behind the point that show `error` with n digits; negative where it ends before the point. */
const decimalsOf = (error: number, n: number): number => n - 1 - Number(error.toExponential(n - 1).split("e")[1]);

const isKnown = (error: number) => error > 0 && Number.isFinite(error);

/** `decimals` may be negative: 1234 with -2 is "1200". */
export function fixed(x: number, decimals: number): string {
  // no minus before what rounds to 0
  if (decimals >= 0) return x.toFixed(Math.min(decimals, 20)).replace(/^-(?=0\.?0*$)/, "");
  const power = 10 ** -decimals;
  return (Math.round(x / power) * power).toFixed(0);
}

/** How a number is shown: the power of ten that is taken out, and digits behind the point. */
export interface Digits {
  readonly power: number;
  readonly decimals: number;
}

/** The power of ten to take out of numbers of this size; 0 where they are easy to read without. */
export function powerOf(size: number): number {
  const power = Math.floor(Math.log10(size || 1));
  return power > 4 || power < -2 ? power : 0;
}

/** With n digits of the error; an error that is not finite and above 0 is not known: n + 2 digits of the value. */
export function digitsOf(value: number, error: number, n = 3): Digits {
  const size = Math.max(Math.abs(value), isKnown(error) ? error : 0);
  const power = Number.isFinite(size) ? powerOf(size) : 0;
  const least = isKnown(error) ? decimalsOf(error, n) : n + 1 - Math.floor(Math.log10(size || 1));
  return { power, decimals: Math.min(12, Math.max(0, power + least)) };
}

/** The smaller of the errors that are known; NaN of none. */
export function leastError(...errors: readonly (number | undefined)[]): number {
  const known = errors.filter((e): e is number => e !== undefined && isKnown(e));
  return known.length === 0 ? Number.NaN : Math.min(...known);
}

/** A number to three digits of its error: "1.2634", "3.97e-12". */
export function shown(value: number, error: number): string {
  if (!Number.isFinite(value)) return String(value);
  const { power, decimals } = digitsOf(value, error);
  return power === 0 ? value.toFixed(decimals) : `${(value / 10 ** power).toFixed(decimals)}e${power}`;
}

/** Whole numbers as they are, others with five digits. */
export function shortNumber(x: number): string {
  if (Number.isNaN(x)) return "-";
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return String(x);
  const size = Math.abs(x);
  if (size >= 1e5 || size < 1e-3) return x.toExponential(4);
  return String(Number(x.toPrecision(5)));
}

/** Digits behind the point of a value as journals print it: two of its error, where that is known; else three of its own. */
export const journalDigits = (value: number, error: number): number =>
  isKnown(error) ? decimalsOf(error, 2) : 2 - Math.floor(Math.log10(Math.abs(value) || 1));
