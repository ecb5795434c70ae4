/** Tables of flux points from the bands of a catalogue. */
import type { PointsTable } from "./types.js";

/** The level of limits of two standard deviations. */
const TWO_SIGMA = 0.9544997361036416;

/** Columns with the same number of rows, where there are some. */
export function pointsTable(
  type: "dnde" | "e2dnde" | "flux",
  columns: Readonly<Record<string, readonly [unit: string, values: Float64Array | undefined]>>,
): PointsTable {
  const kept = Object.entries(columns).flatMap(([name, [unit, values]]) =>
    values ? [{ name, unit, values, cell: [], logical: name === "is_ul" }] : [],
  );
  return { nrows: kept[0]?.values.length ?? 0, columns: kept, meta: { SED_TYPE: type, UL_CONF: TWO_SIGMA } };
}

/** Fluxes of bands of energy. */
export interface Bands {
  /** [n + 1] */
  readonly edges: ArrayLike<number>;
  /** Of the edges. */
  readonly unit: string;
  /** [n] cm-2 s-1 */
  readonly flux: Float64Array;
  /** [n, 2] downwards, upwards: the first is missing where the flux is no more than a limit. */
  readonly errors: Float64Array;
  /** [n] */
  readonly sqrtTs?: Float64Array;
  /** Below this significance a flux is a limit. */
  readonly minSqrtTs?: number;
  /** [n] E^2 dnde in the middle of the bands, which was fitted in them; absent: it follows from the flux and the spectrum of all energies. */
  readonly e2dnde?: readonly [unit: string, values: Float64Array];
}

/** Limits are those of two standard deviations: flux + 2 upper error [Acero et al. 2015, ApJS 218, 23, table 4]. */
export function bandPoints(bands: Bands): PointsTable {
  const { edges, unit, flux, errors, sqrtTs, minSqrtTs = Number.NEGATIVE_INFINITY } = bands;
  const [valueUnit, values] = bands.e2dnde ?? ["cm-2 s-1", flux];
  // of E^2 dnde errors are as large as those of the flux, relative to it; fluxes that were held fixed have infinite ones
  const error = (i: number, side: 0 | 1) => {
    const e = Math.abs(errors[2 * i + side]!) * (bands.e2dnde ? values[i]! / flux[i]! : 1);
    return Number.isFinite(e) ? e : Number.NaN;
  };
  const errp = values.map((_, i) => error(i, 1));
  const isUl = flux.map((_, i) => Number(Number.isNaN(errors[2 * i]!) || (sqrtTs?.[i] ?? 0) < minSqrtTs));
  const type = bands.e2dnde ? "e2dnde" : "flux";
  return pointsTable(type, {
    e_min: [unit, Float64Array.from(flux, (_, i) => edges[i]!)],
    e_max: [unit, Float64Array.from(flux, (_, i) => edges[i + 1]!)],
    [type]: [valueUnit, values],
    [`${type}_errn`]: [valueUnit, values.map((_, i) => error(i, 0))],
    [`${type}_errp`]: [valueUnit, errp],
    [`${type}_ul`]: [valueUnit, values.map((x, i) => (isUl[i] ? x + 2 * errp[i]! : Number.NaN))],
    is_ul: ["", isUl],
    sqrt_ts: ["", sqrtTs],
  });
}
