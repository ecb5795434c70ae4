/** Columns, and tables of single values. */
import { SpecError } from "../../errors.js";
import { conversionFactor, isConvertible } from "../../units/index.js";
import type { Column, LogicalColumn, NumberColumn, Table, TextColumn } from "./types.js";

type Numbers = Iterable<number | null | undefined>;
type More<C extends Column> = Partial<Omit<C, "kind" | "name" | "values">>;
/** Errors as they come. */
type Errors = Partial<Record<"err" | "errn" | "errp" | "scale", Numbers | undefined>>;

const numbersOf = (values: Numbers): Float64Array => Float64Array.from(values, (x) => x ?? Number.NaN);

/** null and undefined: there is none. */
export function numbers(
  name: string,
  values: Numbers,
  { err, errn, errp, scale, ...more }: Omit<More<NumberColumn>, keyof Errors> & Errors = {},
): NumberColumn {
  const given = Object.entries({ err, errn, errp, scale }).flatMap(([key, x]) => (x ? [[key, numbersOf(x)]] : []));
  return { kind: "numbers", name, values: numbersOf(values), ...more, ...Object.fromEntries(given) };
}

export const whole = (name: string, values: Numbers, more: More<NumberColumn> = {}): NumberColumn =>
  numbers(name, values, { ...more, whole: true });

export const texts = (name: string, values: Iterable<string>, more: More<TextColumn> = {}): TextColumn => ({
  kind: "texts",
  name,
  values: [...values],
  ...more,
});

export const logicals = (name: string, values: Iterable<boolean>, more: More<LogicalColumn> = {}): LogicalColumn => ({
  kind: "logicals",
  name,
  values: [...values],
  ...more,
});

/** Columns of the same names, the rows of one after those of the other; `parts` has one at least. */
export function joinColumns(parts: readonly (readonly Column[])[]): Column[] {
  return parts[0]!.map((first, k) => {
    const all = parts.map((columns) => columns[k]!);
    if (first.kind !== "numbers") return { ...first, values: all.flatMap((c) => [...c.values]) } as Column;
    const own = all as NumberColumn[];
    const joined = (key: "err" | "errn" | "errp" | "scale") =>
      first[key] && { [key]: Float64Array.from(own.flatMap((c) => Array.from(c[key]!))) };
    return {
      ...first,
      values: Float64Array.from(own.flatMap((c) => Array.from(c.values))),
      ...joined("err"),
      ...joined("errn"),
      ...joined("errp"),
      ...joined("scale"),
      reason: own.flatMap((c) => Array.from(c.values, (_, i) => reasonOf(c, i))),
      ...(first.units && { units: own.flatMap((c) => [...c.units!]) }),
    };
  });
}

export const rowCount = ({ columns }: Table): number => columns[0]?.values.length ?? 0;

/** Why row i of the column has no value, or no error; "" where it is not said. */
export const reasonOf = ({ reason = "" }: NumberColumn, i: number): string =>
  typeof reason === "string" ? reason : (reason[i] ?? "");

/** Whether the value or one of its errors is missing. */
export const isEmpty = ({ values, err, errn, errp }: NumberColumn, i: number): boolean =>
  [values, err, errn, errp].some((x) => x !== undefined && Number.isNaN(x[i]!));

const unitsOf = (table: Table): string[] => [
  ...new Set(table.columns.flatMap((c) => (c.kind === "numbers" ? (c.units ?? [c.unit ?? ""]) : [])).filter(Boolean)),
];

/**
 * @throws SpecError where nothing in the table converts to one of the units.
 * @throws FormatError where a unit is unknown.
 */
export function checkUnits(table: Table, units: readonly string[], where = "units"): void {
  const known = unitsOf(table);
  for (const unit of units) {
    if (known.some((own) => isConvertible(own, unit))) continue;
    const what = `nothing in the table ${table.name} converts to "${unit}"; its units are ${known.join(", ") || "none"}`;
    throw new SpecError({ code: "unknown-name", where, what, found: unit, expected: known.join(", ") });
  }
}

/** The table with everything in the given units that can be: energies in GeV, fluxes in m-2 s-1. */
export function inUnits(table: Table, units: readonly string[]): Table {
  const target = (own: string) => (own === "" ? own : (units.find((unit) => isConvertible(own, unit)) ?? own));
  return { ...table, columns: table.columns.map((c) => (c.kind === "numbers" ? converted(c, target) : c)) };
}

function converted(column: NumberColumn, target: (unit: string) => string): NumberColumn {
  const { unit = "", units, values } = column;
  const from = units ?? Array.from(values, () => unit);
  const to = from.map(target);
  if (to.every((u, i) => u === from[i])) return { ...column, ...(units === undefined && { unit: target(unit) }) };
  const factors = to.map((u, i) => (u === from[i] ? 1 : conversionFactor(from[i]!, u)));
  const times = (x: Float64Array | undefined) => x?.map((v, i) => v * factors[i]!);
  const { err, errn, errp, scale } = column;
  return {
    ...column,
    values: times(values)!,
    ...(units === undefined ? { unit: target(unit) } : { units: to }),
    ...(err && { err: times(err) }),
    ...(errn && { errn: times(errn) }),
    ...(errp && { errp: times(errp) }),
    ...(scale && { scale: times(scale) }),
  };
}

/** @throws SpecError where the columns differ in length or two have one name. */
export function checkTable({ name, columns }: Table): void {
  const n = columns[0]?.values.length;
  const seen = new Set<string>();
  for (const column of columns) {
    const where = `table ${name}: column "${column.name}"`;
    if (column.values.length !== n) {
      throw new SpecError({ where, found: `${column.values.length} rows`, expected: `${n}` });
    }
    if (seen.has(column.name)) throw new SpecError(`${where}: there are two of that name; rename one`);
    seen.add(column.name);
  }
}
