/** Columns of event lists in their own precision. */
import { FormatError } from "../../errors.js";
import type { EventColumn } from "../../events/types.js";
import { findColumn, numericColumn, type TableHdu } from "../../fits/index.js";
import { conversionFactor } from "../../units/index.js";

/** One number for each event, in `unit`; float32 stays float32 where the unit is that of the file. `assumed`: the unit of a column that has none. */
export function columnsNumber(table: TableHdu, name: string, unit: string, at: string, assumed = unit): EventColumn {
  const column = findColumn(table, name, at);
  const own = column.unit?.trim() || assumed;
  const factor = unit === "" ? 1 : conversionFactor(own, unit, `${at}, column ${name}`);
  if (column.shape.length > 0 && column.shape.some((k) => k !== 1)) {
    throw new FormatError({
      where: `${at}, column ${name}`,
      found: `${column.shape.join(" x ")} numbers in each row`,
      expected: "one",
    });
  }
  if (column.data instanceof Float32Array) return factor === 1 ? column.data : column.data.map((x) => x * factor);
  const values = numericColumn(table, name, at);
  return factor === 1 ? values : values.map((x) => x * factor);
}
