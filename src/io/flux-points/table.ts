/** A table of flux points apart from its file format. */
export interface SedColumn {
  readonly name: string;
  /** As in the file; "" for none. */
  readonly unit: string;
  /** [nrows * cell]; logical columns hold 0 and 1. */
  readonly values: Float64Array;
  /** Shape of one cell in C order; [] for a scalar. */
  readonly cell: readonly number[];
  readonly logical?: boolean;
}

export interface SedTable {
  readonly nrows: number;
  readonly columns: readonly SedColumn[];
  readonly meta: Readonly<Record<string, unknown>>;
}

/** The column of this name, in any case. */
export function sedColumn(table: SedTable, name: string): SedColumn | undefined {
  return table.columns.find((column) => column.name.toLowerCase() === name);
}
