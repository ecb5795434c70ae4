/** The tables of a command: which one is asked for, and where it goes. */
import { unknownName } from "../errors.js";
import { checkUnits, inUnits } from "../io/table/columns.js";
import { tableText } from "../io/table/text.js";
import type { Table, TableFormat } from "../io/table/types.js";
import { writeTable } from "../io/table/write.js";
import type { Context } from "./context.js";

/** By the names of `--table`; the first is the one that is meant without it. */
export type Tables = Readonly<Record<string, () => Table>>;

/** The name of the table that is asked for. */
export function chosenName({ wanted: { table } }: Context, tables: Tables): string {
  const names = Object.keys(tables);
  const name = table ?? names[0]!;
  if (!names.includes(name)) throw unknownName("--table", "table", name, names);
  return name;
}

/** The table that is asked for as a file, in the units that are asked for. */
export function encodeTable(context: Context, tables: Tables, format: TableFormat): Uint8Array {
  const { units } = context.wanted;
  const table = tables[chosenName(context, tables)]!();
  checkUnits(table, units, "--unit");
  return writeTable(inUnits(table, units), format, { onNote: context.onNote });
}

/** A table for people, among other words. */
export function showTable(context: Context, table: Table): void {
  context.print(tableText(table));
}
