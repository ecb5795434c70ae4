/** A table as files hold it: errors, units of rows and reasons in columns of their own. */
import { isEmpty, reasonOf, rowCount } from "./columns.js";
import type { Column, LogicalColumn, NumberColumn, Table, TextColumn } from "./types.js";

export type FlatColumn = Omit<NumberColumn, "units" | "err" | "errn" | "errp" | "scale"> | TextColumn | LogicalColumn;

/** What belongs to a column, named after it: "e2dnde_errp"; of "value" "error", "errp" and "unit". */
export function partName(name: string, part: "err" | "errn" | "errp" | "unit"): string {
  if (name !== "value") return `${name}_${part}`;
  return part === "err" ? "error" : part;
}

const ABOUT = { err: "error", errn: "error downwards", errp: "error upwards" } as const;

export function flatColumns(table: Table): FlatColumn[] {
  const said = remarks(table);
  const flat = table.columns.flatMap(flatColumn);
  if (!said.some((text) => text !== "")) return flat;
  return [...flat, { kind: "texts", name: "remarks", about: "why values are missing", values: said }];
}

function flatColumn(column: Column): FlatColumn[] {
  if (column.kind !== "numbers") return [column];
  const { units, err, errn, errp, scale: _, ...own } = column;
  const parts = Object.entries({ err, errn, errp }).flatMap(([part, values]): FlatColumn[] => {
    if (values === undefined) return [];
    const key = part as keyof typeof ABOUT;
    return [{ ...own, name: partName(own.name, key), about: `${ABOUT[key]} of ${own.name}`, values, whole: false }];
  });
  const unit: FlatColumn[] =
    units === undefined
      ? []
      : [{ kind: "texts", name: partName(own.name, "unit"), about: `unit of ${own.name}`, values: units }];
  return [own, ...parts, ...unit];
}

/** [n] "flux_ul: no limit was found" of each row; "" where nothing is missing. */
function remarks(table: Table): string[] {
  const columns = table.columns.filter((c) => c.kind === "numbers");
  return Array.from({ length: rowCount(table) }, (_, i) =>
    columns.flatMap((c) => (isEmpty(c, i) && reasonOf(c, i) !== "" ? [`${c.name}: ${reasonOf(c, i)}`] : [])).join("; "),
  );
}
