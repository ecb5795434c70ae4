/** Distances and energies of events drawn from the responses, by inverting their cumulated probabilities at the true energy and offset of each event. */
import { findCell } from "../../math/interpolate.js";
import { axisEdges } from "../../sky/axis.js";
import { placesOn } from "./grid.js";
import { mixedPairs, rowsOf } from "./pairs.js";
import { gaussWeights } from "./psf.js";
import type { EnergyDispersionTable, IrfTable, PsfTable } from "./types.js";

/** True energies [TeV] and offsets [deg] of n events. */
export interface EventPlaces {
  readonly energy: ArrayLike<number>;
  readonly offset: ArrayLike<number>;
}

/**
 * Distances [deg] of reconstructed from true directions, [n], for uniform numbers u and v in (0, 1): exact for sums of Gaussians and King profiles; of a table, the rings of
 * its bins have the containment of `psfContainment` at their edges and are even within. NaN where the table holds no psf.
 */
export function psfDistances(
  psf: PsfTable,
  places: EventPlaces,
  u: ArrayLike<number>,
  v: ArrayLike<number>,
): Float64Array {
  if (psf.kind === "table") return tableDistances(psf.table, places, u);
  const tables = psf.kind === "gauss" ? [...psf.sigma, ...psf.amplitude] : [psf.gamma, psf.sigma];
  const columns = tables.map((table) => {
    const at = [placesOn(table.axes[0]!, places.energy), placesOn(table.axes[1]!, places.offset)];
    return mixedPairs(table, at);
  });
  const draw = psf.kind === "gauss" ? gaussDistance : kingDistance;
  return Float64Array.from(u, (x, i) => {
    const r = draw(
      columns.map((column) => Math.max(column[i]!, 0)),
      x,
      v[i]!,
    );
    return Number.isFinite(r) ? r : Number.NaN;
  });
}

/** One of the Gaussians by its weight, then a distance in it. */
function gaussDistance(p: readonly number[], u: number, v: number): number {
  const weights = gaussWeights(p);
  let rest = v;
  const k = weights.findIndex((w) => {
    rest -= w;
    return rest < 0;
  });
  // weights that are all 0 know no psf; the sum of others may be 1 less its rounding
  const chosen = k >= 0 ? k : weights.findLastIndex((w) => w > 0);
  return chosen < 0 ? Number.NaN : p[chosen]! * Math.sqrt(-2 * Math.log(u));
}

/** Containment 1 - (1 + r^2 / (2 gamma sigma^2))^(1 - gamma), inverted. */
const kingDistance = ([gamma, sigma]: readonly number[], u: number): number =>
  sigma! > 0 && gamma! > 1 ? sigma! * Math.sqrt(2 * gamma! * Math.expm1(Math.log(u) / (1 - gamma!))) : Number.NaN;

function tableDistances(table: IrfTable, { energy, offset }: EventPlaces, u: ArrayLike<number>): Float64Array {
  const edges = axisEdges(table.axes[2]!);
  const row = rowsOf(table, 2, [energy, offset]);
  const density = new Float64Array(edges.length - 1);
  const sums = new Float64Array(edges.length);
  return Float64Array.from(u, (x, i) => {
    if (!row(i, density)) return Number.NaN;
    for (let k = 0; k < density.length; k++)
      sums[k + 1] = sums[k]! + density[k]! * (edges[k + 1]! ** 2 - edges[k]! ** 2);
    const total = sums[density.length]!;
    if (!(total > 0)) return Number.NaN;
    const k = findCell(sums, x * total);
    const f = (x * total - sums[k]!) / (sums[k + 1]! - sums[k]!);
    return Math.sqrt(edges[k]! ** 2 + f * (edges[k + 1]! ** 2 - edges[k]! ** 2));
  });
}

/** Ratios of reconstructed to true energies, [n], for uniform numbers u in (0, 1): even within each bin of migra. NaN where the table holds no dispersion. */
export function drawnMigrations(
  { table }: EnergyDispersionTable,
  { energy, offset }: EventPlaces,
  u: ArrayLike<number>,
): Float64Array {
  const edges = axisEdges(table.axes[1]!);
  const row = rowsOf(table, 1, [energy, offset]);
  const density = new Float64Array(edges.length - 1);
  const sums = new Float64Array(edges.length);
  return Float64Array.from(u, (x, i) => {
    if (!row(i, density)) return Number.NaN;
    for (let k = 0; k < density.length; k++) sums[k + 1] = sums[k]! + density[k]! * (edges[k + 1]! - edges[k]!);
    const total = sums[density.length]!;
    if (!(total > 0)) return Number.NaN;
    const k = findCell(sums, x * total);
    return edges[k]! + ((x * total - sums[k]!) / (sums[k + 1]! - sums[k]!)) * (edges[k + 1]! - edges[k]!);
  });
}
