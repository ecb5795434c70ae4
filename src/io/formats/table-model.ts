import { findColumn } from "../../fits/index.js";
import type { TableModel } from "../../models/types.js";
import { hasColumns } from "../hdu.js";
import { tableModelOf } from "../table-model/read.js";
import { hdusOf } from "./open.js";
import { NO, SURE, tablesOf } from "./sniff.js";
import type { Contents, FileFormat, OpenedFile } from "./types.js";

interface TableContents extends Contents {
  readonly tableModel: TableModel;
}

const TABLES = ["PARAMETERS", "ENERGIES", "SPECTRA"];

/** A table of one parameter that is a redshift is one of absorption by background light, which has parameters of its own. */
function isTableModel(file: OpenedFile): boolean {
  const [parameters, ...others] = TABLES.map((name) =>
    tablesOf(file).find((table) => table.name.toUpperCase() === name),
  );
  if (parameters === undefined || others.includes(undefined) || !hasColumns(parameters, "name", "initial"))
    return false;
  const names = findColumn(parameters, "NAME").data as readonly unknown[];
  return !(names.length === 1 && /^(red_?shift|z)$/i.test(String(names[0]).trim()));
}

export const tableModelFormat: FileFormat<TableContents> = {
  name: "table-model",
  about: "table model (XSPEC: atable, mtable, etable)",
  holds: ["tableModel"],
  sniff: (file) => (isTableModel(file) ? SURE : NO),
  read: (file) => ({ tableModel: tableModelOf(hdusOf(file), file.path) }),
  remedy: 'a model names it: --model "atable(FILE)", or for a factor --model "pl * mtable(FILE)"',
};
