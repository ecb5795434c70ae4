import { energyBins, referenceEnergies } from "../../datasets/flux-points.js";
import type { FluxPoints, FluxPointsDataset, Gti, SedType } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { normalSf } from "../../math/special.js";
import type { NoteOptions } from "../cards.js";
import { writeEcsv } from "../table/ecsv.js";
import { writeSedFits } from "./fits.js";
import { defaultReference, NORM_COLUMNS, PLAIN_COLUMNS, SED_UNITS } from "./quantities.js";
import type { SedColumn, SedTable } from "./table.js";

/** What a table of flux points is written as. */
export interface WriteFluxPointsOptions extends NoteOptions {
  /** What to write; absent: what the points were read from. */
  readonly sedType?: SedType;
  /** Absent: fits. */
  readonly format?: "fits" | "ecsv";
}

/**
 * The table of flux points as Gammapy's format "gadf-sed" has it, with good time intervals if `gti` is given.
 * @throws SpecError where the arrays of the points differ in length.
 */
export function writeFluxPoints(
  points: FluxPoints,
  options: WriteFluxPointsOptions & { readonly gti?: Gti } = {},
): Uint8Array {
  const table = toTable(points, options.sedType ?? points.sedType);
  return encode(table, options, options.gti);
}

/** The table with the columns mask_fit and mask_safe, which Gammapy's datasets need. */
export function writeFluxPointsDataset(dataset: FluxPointsDataset, options: WriteFluxPointsOptions = {}): Uint8Array {
  const { points, statistic, gti } = dataset;
  const table = toTable(points, options.sedType ?? points.sedType);
  const mask = (name: string, values: Uint8Array | undefined): SedColumn => ({
    name,
    unit: "",
    values: Float64Array.from(values ?? new Uint8Array(table.nrows).fill(1)),
    cell: [1, 1],
    logical: true,
  });
  const columns = [...table.columns, mask("mask_fit", dataset.maskFit), mask("mask_safe", dataset.maskSafe)];
  const meta = statistic === "chi2" ? table.meta : { ...table.meta, STATTYPE: statistic };
  return encode({ ...table, columns, meta }, options, gti);
}

export function encode(table: SedTable, options: WriteFluxPointsOptions, gti?: Gti): Uint8Array {
  const { format = "fits" } = options;
  return format === "fits" ? writeSedFits(table, options, gti) : new TextEncoder().encode(writeEcsv(table, options));
}

const isDefault = ({ dnde }: FluxPoints["reference"], energies: Float64Array): boolean =>
  dnde.every((x, i) => Math.abs(x / defaultReference.dnde(energies[i]!) - 1) < ROUNDING);

/** Of the energies of a table. */
const ROUNDING = 1e-5;

export function toTable(points: FluxPoints, type: SedType): SedTable {
  const { reference, norm, meta = {} } = points;
  const n = norm.length;
  const columns: SedColumn[] = [];
  const add = (name: string, values: ArrayLike<number> | undefined, unit = "", more: Partial<SedColumn> = {}) => {
    if (values === undefined) return;
    columns.push({ name, unit, values: Float64Array.from(values), cell: [], ...more });
  };
  const [low, high] = energyBins(points) ?? [];
  // centres of bins are rounded as Gammapy does
  const isCentre = points.eRef === undefined && points.energy.nodeType === "edges";
  const energies = isCentre ? low!.map((x, i) => Math.sqrt(x * high![i]!)) : referenceEnergies(points);
  if (energies.length !== n) {
    throw new SpecError(
      `flux points: the energy axis has ${energies.length} points, norm ${n}; give both the same length`,
    );
  }
  add("e_ref", energies, "TeV");
  add("e_min", low, "TeV");
  add("e_max", high, "TeV");
  // a scan is in units of the reference, and a reader takes E^-2 where there is none
  if (type === "likelihood" || points.normScan !== undefined || !isDefault(reference, energies)) {
    add("ref_dnde", reference.dnde, SED_UNITS.dnde);
    add("ref_flux", reference.flux, SED_UNITS.flux);
    add("ref_eflux", reference.eflux, SED_UNITS.eflux);
  }
  for (const [key, suffix] of NORM_COLUMNS) {
    const values = points[key];
    if (type === "likelihood") add(`norm${suffix}`, values);
    else
      add(
        type + suffix,
        values?.map((x, i) => x * reference[type][i]!),
        SED_UNITS[type],
      );
  }
  for (const [key, name, perDataset] of PLAIN_COLUMNS) add(name, points[key], "", perDataset ? { cell: [1] } : {});
  add("is_ul", points.isUlStored, "", { logical: true });
  add("success", points.success, "", { logical: true });
  const m = (points.normScan?.length ?? 0) / n;
  // a scan of no values says nothing
  if (m > 0) {
    add("norm_scan", points.normScan, "", { cell: [m] });
    add("stat_scan", points.statScan, "", { cell: [m] });
  }
  if (Array.isArray(meta.columns)) columns.push(...(meta.columns as SedColumn[]));
  const { columns: _columns, eMin: _low, eMax: _high, ...rest } = meta as Record<string, unknown>;
  const conf = points.nSigmaUl === undefined ? {} : { UL_CONF: 1 - 2 * normalSf(points.nSigmaUl) };
  const sigma = points.nSigma === undefined ? {} : { N_SIGMA: points.nSigma };
  return { nrows: n, columns, meta: { SED_TYPE: type, ...conf, ...sigma, ...rest } };
}
