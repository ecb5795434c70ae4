/** The table PARAMETERS of a table model. */
import { FormatError } from "../../errors.js";
import { type FitsArray, findColumn, getCard, numericColumn, type TableHdu } from "../../fits/index.js";
import type { TableParameter } from "../../models/types.js";
import { hasColumns, oneEachRow } from "../hdu.js";
import { ROUNDING } from "./parts.js";

const METHODS = ["linear", "log"] as const;

/** The parameters in the order of the file: those that are interpolated, and those whose spectrum is added. */
export function parametersOf(table: TableHdu, at: string): TableParameter[] {
  const { data, format } = findColumn(table, "NAME", at);
  if (format !== "A") throw new FormatError({ where: `${at}: NAME`, found: `the format ${format}`, expected: "texts" });
  const names = data as readonly string[];
  const column = (name: string) => oneEachRow(table, name, at);
  const numbers = ["INITIAL", "DELTA", "MINIMUM", "BOTTOM", "TOP", "MAXIMUM"].map(column);
  const counts = hasColumns(table, "numbvals") ? column("NUMBVALS") : undefined;
  const methods = column("METHOD");
  const card = getCard(table.header, "NINTPARM")?.value;
  const nInterpolated = typeof card === "number" ? card : Number.POSITIVE_INFINITY;
  let interpolated = 0;
  return names.map((name, i): TableParameter => {
    const where = `${at}, row ${i + 1} (${name.trim()})`;
    const [initial, delta, minimum, bottom, top, maximum] = numbers.map((values) => values[i]!) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    // the standard sets nothing for those that are added; some files say METHOD -1
    const isAdded = methods[i] === -1 || interpolated >= nInterpolated || counts?.[i] === 0;
    const values = isAdded ? new Float64Array(0) : valuesOf(table, i, counts?.[i], where);
    if (!isAdded) interpolated++;
    const method: TableParameter["method"] | undefined = isAdded ? "additional" : METHODS[methods[i]!];
    if (method === undefined)
      throw new FormatError({
        where: `${where}: METHOD`,
        found: `${methods[i]}`,
        expected: "0 (linear) or 1 (logarithmic)",
      });
    const found = { name: name.trim(), method, initial, delta, minimum, bottom, top, maximum, values };
    checkParameter(found, where);
    return found;
  });
}

function valuesOf(table: TableHdu, row: number, count: number | undefined, where: string): Float64Array {
  const { data, format } = findColumn(table, "VALUE", where);
  const all = /^[PQ]/.test(format)
    ? Float64Array.from((data as readonly FitsArray[])[row]!, Number)
    : numericColumn(table, "VALUE", where).subarray(
        (row * data.length) / table.nrows,
        ((row + 1) * data.length) / table.nrows,
      );
  const n = count ?? all.length;
  if (n >= 1 && n <= all.length) return all.slice(0, n);
  throw new FormatError({ where, found: `NUMBVALS ${n}, and ${all.length} in VALUE`, expected: "that many values" });
}

function checkParameter({ method, initial, minimum, maximum, values }: TableParameter, where: string): void {
  const refuse = (found: string, expected: string) => {
    throw new FormatError({ where, found, expected });
  };
  if (!(minimum <= initial && initial <= maximum))
    refuse(`INITIAL ${initial} and limits ${minimum} to ${maximum}`, "a start within its limits");
  const bad = values.findIndex((x, k) => !(Number.isFinite(x) && (k === 0 || x > values[k - 1]!)));
  if (bad >= 0) refuse(`VALUE ${bad + 1} is ${values[bad]}`, "finite values that increase");
  if (method === "log" && values.length > 1 && !(values[0]! > 0))
    refuse(`VALUE ${values[0]} with METHOD 1`, "values above 0, which have logarithms");
  const [first, last] = [values[0], values.at(-1)];
  const slack = ROUNDING * Math.max(Math.abs(first ?? 0), Math.abs(last ?? 0));
  if (values.length > 0 && !(initial >= first! - slack && initial <= last! + slack))
    refuse(`INITIAL ${initial}, and VALUE from ${first} to ${last}`, "a start among the values");
}
