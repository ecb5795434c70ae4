/** Tables of naima and jetset, brought to the columns of GADF. */
import { UnsupportedError } from "../../errors.js";
import { conversionFactor } from "../../units/index.js";
import type { NoteOptions } from "../cards.js";
import { SED_UNITS } from "./quantities.js";
import { inUnit, type SedColumn, type SedTable, sedColumn } from "./table.js";

/** Names of columns, and whether one is there. */
type HasColumn = (name: string) => boolean;

/** A table of naima: fluxes or nuFnu at energies. */
const isNaima = (has: HasColumn) => has("energy") && has("flux") && !has("e_ref") && !has("e_min") && !has("time");
/** A table of jetset: nuFnu at frequencies. */
const isJetset = (has: HasColumn) => has("x") && has("y") && has("dy") && has("ul");

export const isOfProgram = (has: HasColumn): boolean => isNaima(has) || isJetset(has);

/** The table with the columns that GADF has for it; as it is where it is of another kind. */
export function programTable(table: SedTable, where: string, { onNote }: NoteOptions): SedTable {
  const has = (name: string) => sedColumn(table, name) !== undefined;
  if (isNaima(has)) return fromNaima(table, where, onNote);
  return isJetset(has) ? fromJetset(table, where, onNote) : table;
}

const NAIMA_ENERGIES = { energy: "e_ref", energy_edge_lo: "e_min", energy_edge_hi: "e_max" } as const;

function fromNaima(table: SedTable, where: string, onNote: NoteOptions["onNote"]): SedTable {
  const quantity = quantityOf(sedColumn(table, "flux")!, where);
  onNote?.(`${where}: a table of naima; its flux is taken for ${quantity}`);
  const names: Readonly<Record<string, string>> = {
    ...NAIMA_ENERGIES,
    flux: quantity,
    flux_error: `${quantity}_err`,
    flux_error_lo: `${quantity}_errn`,
    flux_error_hi: `${quantity}_errp`,
  };
  const columns = [...renamed(table, names), ...edgesOfNaima(table, where)];
  const { keywords } = table.meta;
  const level = Number(table.meta.cl ?? levelOf(keywords));
  const meta = level > 0 && level < 1 ? { ...table.meta, UL_CONF: level } : table.meta;
  return withLimits({ ...table, columns, meta }, quantity, sedColumn(table, "ul"));
}

/** Keywords of naima: {cl: {value: 0.95}}. */
function levelOf(keywords: unknown): unknown {
  const parts = (Array.isArray(keywords) ? keywords : [keywords]) as readonly { readonly cl?: unknown }[];
  const cl = parts.find((part) => part?.cl !== undefined)?.cl;
  const values = (Array.isArray(cl) ? cl : [cl]) as readonly ({ readonly value?: unknown } | undefined)[];
  return values.find((part) => part?.value !== undefined)?.value;
}

/** Half widths of bins around the energies. */
function edgesOfNaima(table: SedTable, where: string): SedColumn[] {
  const energy = sedColumn(table, "energy")!;
  const both = sedColumn(table, "energy_error");
  const ends = [
    ["e_min", -1, sedColumn(table, "energy_error_lo") ?? both],
    ["e_max", 1, sedColumn(table, "energy_error_hi") ?? both],
  ] as const;
  return ends.flatMap(([name, sign, width]) => {
    if (width === undefined || sedColumn(table, `energy_edge_${sign < 0 ? "lo" : "hi"}`) !== undefined) return [];
    const widths = inUnit(width, energy.unit, `${where}, column ${width.name}`);
    return [{ ...energy, name, values: energy.values.map((e, i) => e + sign * widths[i]!) }];
  });
}

function fromJetset(table: SedTable, where: string, onNote: NoteOptions["onNote"]): SedTable {
  const { data_scale: scale = "lin-lin", restframe = "obs" } = table.meta;
  if (scale !== "lin-lin" || restframe !== "obs") {
    throw new UnsupportedError(
      `${where}: a table of jetset with data_scale ${scale} and restframe ${restframe}, expected lin-lin and obs; convert it there (logarithms and fluxes in the rest frame of a source are no flux points)`,
    );
  }
  const quantity = quantityOf(sedColumn(table, "y")!, where);
  onNote?.(`${where}: a table of jetset; its y is taken for ${quantity}`);
  const columns = renamed(table, { x: "nu", y: quantity, dy: `${quantity}_err` }).filter(({ name }) => name !== "dx");
  return withLimits({ ...table, columns }, quantity, sedColumn(table, "ul"));
}

const renamed = ({ columns }: SedTable, names: Readonly<Record<string, string>>): SedColumn[] =>
  columns.map((column) => {
    const name = names[column.name.toLowerCase()];
    return name === undefined ? column : { ...column, name };
  });

/** What is flagged by `flag` is a limit: its value is that of the limit, not a measurement. */
function withLimits(table: SedTable, quantity: string, flag: SedColumn | undefined): SedTable {
  const value = sedColumn(table, quantity);
  if (flag === undefined || value === undefined) return table;
  const isLimit = (i: number) => flag.values[i] === 1;
  const limits = {
    ...value,
    name: `${quantity}_ul`,
    values: value.values.map((x, i) => (isLimit(i) ? x : Number.NaN)),
  };
  const columns = table.columns.filter((column) => column !== flag);
  return { ...table, columns: [...columns, limits, { ...flag, name: "is_ul", logical: true }] };
}

/** dnde, or e2dnde (nuFnu), by the unit. */
function quantityOf(column: SedColumn, where: string): "dnde" | "e2dnde" {
  const at = `${where}, column ${column.name}`;
  try {
    conversionFactor(column.unit, SED_UNITS.e2dnde, at);
    return "e2dnde";
  } catch {
    conversionFactor(column.unit, SED_UNITS.dnde, at);
    return "dnde";
  }
}
