/** Numbers and names of the command line: read, checked, shown. */
import { SpecError } from "../errors.js";
import { digitsOf, leastError } from "../io/table/digits.js";
import { conversionFactor, parseQuantity } from "../units/index.js";

/** A number of the command line, checked. */
export function numberOf(
  text: string | undefined,
  option: string,
  expected: string,
  isGood: (x: number) => boolean,
): number {
  const x = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isNaN(x) && isGood(x)) return x;
  throw new SpecError(`${option} "${text ?? ""}": expected ${expected}`);
}

export const wholeNumber = (text: string, option: string, least: number): number =>
  numberOf(text, option, `a whole number of at least ${least}`, (x) => Number.isSafeInteger(x) && x >= least);

export const sigmaNumber = (text: string, option = "--sigma"): number =>
  numberOf(text, option, "a number of standard deviations above 0, like 1 or 2.5", (x) => x > 0 && Number.isFinite(x));

export const probability = (text: string, option: string): number =>
  numberOf(text, option, "a probability between 0 and 1, like 0.9", (x) => x > 0 && x < 1);

/** "1.2,1.3,1.4", in the unit of the parameter unless each says its own. */
export function parameterValues(text: string, unit: string, option: string): number[] {
  return text.split(",").map((part) => {
    const where = `${option} "${text}"`;
    const { value, unit: own } = parseQuantity(part, where);
    return own === "" ? value : value * conversionFactor(own, unit, where);
  });
}

interface Named {
  readonly id: string;
  readonly unit: string;
}

/** Parameter and unit in a table. */
export const labelOf = ({ id, unit }: Named): string => (unit === "" ? id : `${id} [${unit}]`);

/** Parameter and unit on the axes of a picture: without the model where no other parameter of `ids` has that name, powers raised. */
export function axisLabel({ id, unit }: Named, ids: readonly string[]): string {
  const nameOf = (full: string) => full.slice(full.lastIndexOf(".") + 1);
  const name = nameOf(id);
  const alone = ids.filter((other) => nameOf(other) === name).length === 1;
  const raised = unit.replace(/(?<=[A-Za-z])-?\d+/g, (power) => `^{${power.replace("-", "−")}}`);
  return (alone ? name : id) + (unit === "" ? "" : ` [${raised}]`);
}

/** A part of a file name. */
export const fileName = (id: string): string => id.replace(/[^\w.+-]+/g, "_");

/** Value and errors, with three digits of the smaller error that is known. */
export function signed(value: number, errn: number, errp: number): string {
  const { power, decimals } = digitsOf(value, leastError(errn, errp));
  const show = (x: number) => (Number.isFinite(x) ? (x / 10 ** power).toFixed(decimals) : "?");
  const numbers = `${show(value)} -${show(errn)} +${show(errp)}`;
  return power === 0 ? numbers : `(${numbers})e${power}`;
}
