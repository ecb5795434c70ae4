/** Flux points tables: GADF "SED" (fits or ecsv), as the field and Gammapy write them. */
import type { FluxPoints, FluxPointsDataset, Gti, SedType } from "../../datasets/types.js";
import { FormatError, UnsupportedError } from "../../errors.js";
import { readFits } from "../../fits/index.js";
import { normalIsf } from "../../math/special.js";
import type { NoteOptions } from "../cards.js";
import { basename } from "../files.js";
import { withoutUndefined } from "../map-dataset.js";
import type { FitsFile } from "../memory.js";
import { decodeText } from "../text.js";
import { checkErrors, doubled, readScans, sumCells, withoutMarks } from "./columns.js";
import { isEcsv, readEcsv } from "./ecsv.js";
import { readEnergies } from "./energies.js";
import { fieldTable } from "./field-names.js";
import { readSedFits } from "./fits.js";
import {
  defaultReference,
  NORM_COLUMNS,
  PLAIN_COLUMNS,
  type ReferenceSpectrum,
  referenceValues,
  SED_TYPES,
  SED_UNITS,
} from "./quantities.js";
import { inUnit, namesOf, type SedTable, sedColumn } from "./table.js";

/** What a table of flux points may leave open. */
export interface ReadFluxPointsOptions extends NoteOptions {
  /** Name of the file, for messages. */
  readonly where: string;
  /** What the table holds, if it does not say so (SED_TYPE) and its columns leave it open. */
  readonly sedType?: SedType;
  /** The spectrum that `norm` is relative to; absent: E^-2. Tables with ref_dnde bring their own. */
  readonly reference?: ReferenceSpectrum | undefined;
}

export interface ReadFluxPointsDatasetOptions extends ReadFluxPointsOptions {
  /** Name of the dataset; absent: that of the file. */
  readonly name?: string | undefined;
  /** Name of the statistic; absent: the file's STATTYPE, else chi2. */
  readonly statistic?: string;
}

/** Values are kept as value / reference. `meta`: other keywords, and `columns`: those that are not read. */
export function readFluxPoints(bytes: Uint8Array, options: ReadFluxPointsOptions): FluxPoints {
  return fromTable(readTable({ bytes }, options.where, options).table, options);
}

/** The same with its masks and GTI. */
export function readFluxPointsDataset(bytes: Uint8Array, options: ReadFluxPointsDatasetOptions): FluxPointsDataset {
  return datasetOfTable(readTable({ bytes }, options.where, options), options);
}

export function datasetOfTable({ table, gti }: SedFile, options: ReadFluxPointsDatasetOptions): FluxPointsDataset {
  const { where } = options;
  const mask = (name: string) => {
    const column = sedColumn(table, name);
    return column && Uint8Array.from(column.values, (x) => (x === 1 ? 1 : 0));
  };
  const { STATTYPE: stored, ...meta } = table.meta;
  const columns = table.columns.filter((column) => !/^mask_(safe|fit)$/i.test(column.name));
  return withoutUndefined<FluxPointsDataset>({
    type: "FluxPointsDataset",
    name: options.name ?? basename(where).replace(/\.(fits?|ecsv)(\.[fg]z)?$/, ""),
    points: fromTable({ ...table, columns, meta }, options),
    statistic: options.statistic ?? (typeof stored === "string" && stored !== "" ? stored : "chi2"),
    maskSafe: mask("mask_safe"),
    maskFit: mask("mask_fit"),
    gti,
  });
}

interface SedFile {
  readonly table: SedTable;
  readonly gti?: Gti;
}

export function readTable({ bytes, hdus }: FitsFile, where: string, options: NoteOptions): SedFile {
  // a mark of UTF-8 at the beginning is no part of the text
  const text = new TextDecoder().decode(bytes.subarray(0, 10)).slice(0, 7);
  if (isEcsv(text)) return { table: fieldTable(readEcsv(decodeText(bytes, where), where), where, options) };
  if (text.startsWith("SIMPLE")) {
    const { table, ...others } = readSedFits(hdus ?? readFits(bytes, { where }), where);
    return { table: fieldTable(table, where, options), ...others };
  }
  throw new FormatError(
    `${where}: the file starts with ${JSON.stringify(text)}, expected FITS ("SIMPLE") or ECSV ("# %ECSV"); flux points are read from these two`,
  );
}

export function fromTable(table: SedTable, { where, sedType, reference, onNote }: ReadFluxPointsOptions): FluxPoints {
  if (table.nrows === 0) throw new FormatError(`${where}: the table has no rows, expected flux points`);
  if (sedColumn(table, "time_min")) {
    throw new UnsupportedError(
      `${where}: the table is a light curve (time_min), not one spectrum; read it with readLightCurve`,
    );
  }
  const type = sedType ?? guessType(table, where);
  const used = new Set(["e_ref", "e_min", "e_max"]);
  const take = (name: string, unit = "") => {
    const column = sedColumn(table, name);
    if (column === undefined) return undefined;
    used.add(name);
    return inUnit(column, unit, `${where}, column ${column.name}`);
  };
  const { axis, e, e0, e1, isApart, isLoose } = readEnergies(table, where);
  if ((type === "flux" || type === "eflux") && !(e1[0]! > e0[0]!)) {
    throw new FormatError(`${where}: no columns e_min and e_max, expected them in a table of type "${type}"`);
  }
  if ((type === "flux" || type === "eflux") && sedColumn(table, "e_min") === undefined) {
    onNote?.(
      `${where}: no columns e_min and e_max: each ${type} is taken for that between the middles (in ln E) of neighbouring points, the first from ${e0[0]!.toPrecision(4)} to ${e1[0]!.toPrecision(4)} TeV`,
    );
  }
  const refDnde = take("ref_dnde", SED_UNITS.dnde);
  if (type === "likelihood" && refDnde === undefined) {
    throw new FormatError(`${where}: no column ref_dnde, expected it in a table of type "likelihood"`);
  }
  const own = referenceValues(reference ?? defaultReference, e, e0, e1);
  const values = refDnde
    ? {
        dnde: refDnde,
        flux: take("ref_flux", SED_UNITS.flux) ?? scaled(own.flux, refDnde, own.dnde),
        eflux: take("ref_eflux", SED_UNITS.eflux) ?? scaled(own.eflux, refDnde, own.dnde),
        e2dnde: take("ref_e2dnde", SED_UNITS.e2dnde) ?? refDnde.map((x, i) => x * e[i]! ** 2),
      }
    : own;
  const quantity = type === "likelihood" ? "norm" : type;
  const given = Object.fromEntries(NORM_COLUMNS.map(([key, end]) => [key, take(quantity + end, SED_UNITS[type])]));
  if (given.norm) given.norm = withoutInfinite(given.norm, `${where}, column ${quantity}`, onNote);
  const { norm: value, normUl: limit } = given;
  if (value && limit) given.normUl = withoutMarks(limit, value, `${where}, column ${quantity}_ul`, onNote);
  const norms = Object.fromEntries(
    Object.entries(given).map(([key, column]) => [
      key,
      type === "likelihood" ? column : column?.map((x, i) => x / values[type][i]!),
    ]),
  );
  const norm = norms.norm;
  if (norm === undefined) {
    throw new FormatError(`${where}: no column "${type === "likelihood" ? "norm" : type}"; found ${namesOf(table)}`);
  }
  for (const key of ["normErr", "normErrn", "normErrp"]) checkErrors(norms[key], `${where}, ${key}`);
  const plain = PLAIN_COLUMNS.map(([key, name, summed]) => {
    const values = take(name);
    return [key, summed && values ? sumCells(values, table.nrows) : values];
  });
  const flags = (name: string) => {
    const found = take(name);
    return found && Uint8Array.from(found, (x) => (x === 1 ? 1 : 0));
  };
  // A scan is in units of the reference: without that the columns are only kept.
  const scans = type === "likelihood" || refDnde || reference ? readScans(table, take, where) : {};
  const conf = Number(table.meta.UL_CONF ?? Number.NaN);
  const points = {
    energy: axis,
    eRef: isApart ? e : undefined,
    sedType: type,
    reference: values,
    norm,
    ...norms,
    ...Object.fromEntries(plain),
    ...doubled(table, take),
    ...scans,
    success: flags("success"),
    isUlStored: flags("is_ul"),
    nSigma: typeof table.meta.N_SIGMA === "number" ? table.meta.N_SIGMA : undefined,
    nSigmaUl: conf > 0 && conf < 1 ? normalIsf((1 - conf) / 2) : undefined,
  };
  return withoutUndefined<FluxPoints>({
    ...points,
    meta: readMeta(table, used, isLoose ? { eMin: e0, eMax: e1 } : {}),
  });
}

/** Values with NaN, as of points without a value, for those that are infinite, which is said. */
function withoutInfinite(values: Float64Array, at: string, onNote: ReadFluxPointsOptions["onNote"]): Float64Array {
  const rows = Array.from(values.keys()).filter((i) => Math.abs(values[i]!) === Infinity);
  if (rows.length === 0) return values;
  onNote?.(`${at}: infinite in row ${rows.map((i) => i + 1).join(", ")}, which is taken for a point without a value`);
  return values.map((x) => (Math.abs(x) === Infinity ? Number.NaN : x));
}

function guessType(table: SedTable, where: string): SedType {
  const stored = table.meta.SED_TYPE;
  if (typeof stored === "string" && stored !== "") {
    const type = SED_TYPES.find((t) => t === stored.trim());
    if (type) return type;
    throw new FormatError(`${where}: SED_TYPE is "${stored}", expected one of ${SED_TYPES.join(", ")}`);
  }
  const found = SED_TYPES.find((t) => sedColumn(table, t === "likelihood" ? "norm" : t));
  if (found) return found;
  throw new FormatError(
    `${where}: no column dnde, e2dnde, flux, eflux or norm; found ${namesOf(table)}; this is not a table of flux points`,
  );
}

function scaled(values: Float64Array, by: Float64Array, over: Float64Array): Float64Array {
  return values.map((x, i) => (x * by[i]!) / over[i]!);
}

function readMeta(table: SedTable, used: ReadonlySet<string>, more: Record<string, unknown>): FluxPoints["meta"] {
  const { SED_TYPE: _type, UL_CONF: _conf, N_SIGMA: _sigma, ...rest } = table.meta;
  const columns = table.columns.filter((column) => !used.has(column.name.toLowerCase()));
  const meta = { ...rest, ...more, ...(columns.length > 0 && { columns }) };
  return Object.keys(meta).length === 0 ? undefined : meta;
}
