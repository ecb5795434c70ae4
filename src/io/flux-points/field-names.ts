/** Tables of archives and papers, brought to the columns of GADF: other names, frequencies, ends of an error bar, fluxes above an energy. */
import type { NoteOptions } from "../cards.js";
import { programTable } from "./programs.js";
import { gadfName, inUnit, type SedColumn, type SedTable, sedColumn } from "./table.js";

/** Planck's constant in TeV s (SI 2019): energies of frequencies. */
const PLANCK = 6.62607015e-34 / 1.602176634e-7;

/** Where a flux above an energy ends, over that energy: of a power law of index 2 a thousandth lies beyond. */
const ABOVE = 1000;

const QUANTITIES = ["dnde", "e2dnde", "flux", "eflux", "norm"];

/**
 * The same table with the columns that the readers look for: e_ref in TeV for a frequency, errors for the ends of error bars (dnde_min, dnde_max), e_max where the flux is the one above e_min.
 * What was decided is said.
 */
export function fieldTable(given: SedTable, where: string, { onNote }: NoteOptions): SedTable {
  const table = programTable(given, where, { onNote });
  const named = { ...table, columns: table.columns.map((column) => renamed(column, table, where)) };
  const columns = withErrors(named, (i) => `${where}, column ${table.columns[i]!.name}`, onNote);
  const meta = withConfidence(table.meta, where, onNote);
  return withUpperEdge({ ...named, columns, meta }, where, onNote);
}

/** UL_CONF, which some write in per cent. */
function withConfidence(meta: SedTable["meta"], where: string, onNote: NoteOptions["onNote"]): SedTable["meta"] {
  const conf = Number(meta.UL_CONF ?? Number.NaN);
  if (!(conf > 1 && conf < 100)) return meta;
  onNote?.(`${where}: UL_CONF is ${conf}, taken for ${conf} %`);
  return { ...meta, UL_CONF: conf / 100 };
}

function renamed(column: SedColumn, table: SedTable, where: string): SedColumn {
  const name = gadfName(column.name);
  if (name === undefined || sedColumn(table, name) !== undefined) return column;
  if (name !== "e_ref") return { ...column, name };
  const values = inUnit(column, "Hz", `${where}, column ${column.name}`).map((nu) => nu * PLANCK);
  return { ...column, name, unit: "TeV", values };
}

/** Columns x_min and x_max beside x are the ends of its error bar. `at`: the place of a column, for messages. */
function withErrors(table: SedTable, at: (column: number) => string, onNote: NoteOptions["onNote"]): SedColumn[] {
  return table.columns.map((column, k) => {
    const [, quantity = "", end] = /^(\w+)_(min|max)$/.exec(column.name.toLowerCase()) ?? [];
    const value = QUANTITIES.includes(quantity) ? sedColumn(table, quantity) : undefined;
    const name = `${quantity}_${end === "min" ? "errn" : "errp"}`;
    if (value === undefined || sedColumn(table, name) !== undefined) return column;
    onNote?.(`${at(k)}: taken for an end of the error bar of ${quantity}`);
    const sign = end === "min" ? -1 : 1;
    const values = inUnit(column, value.unit, at(k)).map((x, i) => sign * (x - value.values[i]!));
    return { ...column, name, unit: value.unit, values };
  });
}

/** A flux with e_min alone is the one above it: its bin ends so far up that nothing is left. */
function withUpperEdge(table: SedTable, where: string, onNote: NoteOptions["onNote"]): SedTable {
  const [low, flux] = [sedColumn(table, "e_min"), sedColumn(table, "flux") ?? sedColumn(table, "eflux")];
  const isOpen = sedColumn(table, "e_max") === undefined && sedColumn(table, "e_ref") === undefined;
  if (low === undefined || flux === undefined || !isOpen) return table;
  onNote?.(
    `${where}: no column e_max: each ${flux.name} is taken for that above e_min, and written as that up to ${ABOVE} times e_min`,
  );
  return { ...table, columns: [...table.columns, { ...low, name: "e_max", values: low.values.map((e) => e * ABOVE) }] };
}
