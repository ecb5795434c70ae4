/** Background rates in the field of view. */
import { axisCenters, axisEdges, nBins } from "../../sky/axis.js";
import type { MapAxis } from "../../sky/types.js";
import { type AxisPlaces, clip, contract, placesOn } from "./grid.js";
import type { BackgroundTable, FovAlignment, IrfTable } from "./types.js";

/** A background as it is interpolated: ln of the rate on its axes. */
export interface LogBackground {
  readonly axes: readonly MapAxis[];
  /** ln(s-1 TeV-1 sr-1), `[energy, offset]` or `[energy, fov_lon, fov_lat]` */
  readonly logs: Float64Array;
  readonly alignment: FovAlignment;
  /** Axes beyond whose outer edges the rate is 0. */
  readonly bounds: readonly MapAxis[];
}

/** Rates of 0 and below, or not finite, count as the smallest number. */
export function logBackground({ table, tiny, alignment }: BackgroundTable): LogBackground {
  const logs = new Float64Array(table.data.length);
  for (let k = 0; k < logs.length; k++)
    logs[k] = Math.log(table.data[k]! > tiny && table.data[k]! < Infinity ? table.data[k]! : tiny);
  return { axes: table.axes, logs, alignment, bounds: table.axes };
}

/**
 * Bins that are 0 or not finite get the value between the valid bins before and after them in energy, at the same place of the field of view (ln of the rate linear in the
 * number of the bin), as in Gammapy.
 */
export function filledBackground(background: BackgroundTable): LogBackground {
  const found = logBackground(background);
  fillEnergies(found.logs, background.table);
  return found;
}

/** A filled background as it is evaluated for maps: a table over offsets gets a bin more on both sides, with the values of its outermost ones, and all have nodes at their outer edges. */
export function preparedBackground(background: BackgroundTable): LogBackground {
  const found = filledBackground(background);
  return withOuterEdges(found.axes.length === 2 ? padOffsets(found) : found, Math.log(background.tiny));
}

function fillEnergies(logs: Float64Array, { axes, data }: IrfTable): void {
  const n = nBins(axes[0]!);
  const places = data.length / n;
  for (let p = 0; p < places; p++) {
    let before = -1;
    for (let e = 0; e < n; e++) {
      const v = data[e * places + p]!;
      if (!(v > 0 && v < Infinity)) continue;
      const [from, to] = [logs[before * places + p]!, logs[e * places + p]!];
      for (let k = before + 1; before >= 0 && k < e; k++) {
        logs[k * places + p] = from + ((to - from) * (k - before)) / (e - before);
      }
      before = e;
    }
  }
}

function padOffsets({ axes, logs, alignment }: LogBackground): LogBackground {
  const offset = axes[1]!;
  const edges = axisEdges(offset);
  const n = edges.length - 1;
  const nodes = Float64Array.of(2 * edges[0]! - edges[1]!, ...edges, 2 * edges[n]! - edges[n - 1]!);
  const nE = nBins(axes[0]!);
  const out = new Float64Array(nE * (n + 2));
  for (let e = 0; e < nE; e++) {
    for (let k = 0; k < n + 2; k++) out[e * (n + 2) + k] = logs[e * n + Math.min(Math.max(k - 1, 0), n - 1)]!;
  }
  const padded: readonly MapAxis[] = [axes[0]!, { ...offset, nodeType: "edges", nodes }];
  return { axes: padded, logs: out, alignment, bounds: padded };
}

/**
 * The same with nodes at the outer edges of its axes too, where ln of the rate is extrapolated from the outermost two centres. Where one of these counts as 0 the outer one
 * stands for all beyond it: a line from 1e-38 upwards would end at any number.
 */
function withOuterEdges({ axes, logs, ...rest }: LogBackground, zero: number): LogBackground {
  let data = logs;
  const sizes = axes.map(nBins);
  axes.forEach((axis, k) => {
    const [n, after] = [sizes[k]!, sizes.slice(k + 1).reduce((p, m) => p * m, 1)];
    const before = data.length / (n * after);
    const edges = axisEdges(axis);
    const { index, fraction } = placesOn(axis, [edges[0]!, edges[n]!]);
    const out = new Float64Array(before * (n + 2) * after);
    const row = (b: number, j: number) => (b * n + j) * after;
    for (let b = 0; b < before; b++) {
      for (let a = 0; a < after; a++) {
        const to = b * (n + 2) * after + a;
        for (let j = 0; j < n; j++) out[to + (j + 1) * after] = data[row(b, j) + a]!;
        [0, 1].forEach((end) => {
          const own = data[row(b, end === 0 ? 0 : n - 1) + a]!;
          const i = index[end]!;
          const [low, high] = [data[row(b, i) + a]!, data[row(b, Math.min(i + 1, n - 1)) + a]!];
          const isSound = low > zero && high > zero;
          out[to + (end === 0 ? 0 : n + 1) * after] = isSound ? low + fraction[end]! * (high - low) : own;
        });
      }
    }
    data = out;
    sizes[k] = n + 2;
  });
  const extended = axes.map(
    (axis): MapAxis => ({ ...axis, nodeType: "center", nodes: Float64Array.from(outerAndCentres(axis)) }),
  );
  return { ...rest, axes: extended, logs: data };
}

/** Outer edges and centres of an axis. */
export function outerAndCentres(axis: MapAxis): number[] {
  const edges = axisEdges(axis);
  return [edges[0]!, ...axisCenters(axis), edges.at(-1)!];
}

/** AxisPlaces in the field of view, deg; offset-only tables take their distance from the pointing. */
export interface FovPlaces {
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** Distance from the pointing. */
  readonly offset: Float64Array;
}

/** Rate, s-1 TeV-1 sr-1, at all combinations of energies [TeV] and places: `[energy, place]`. ln of the rate is linear between the centres of bins. */
export function backgroundRate(
  { axes, logs, bounds }: LogBackground,
  energies: ArrayLike<number>,
  fov: FovPlaces,
): Float64Array {
  const energy = placesOn(axes[0]!, energies, bounds[0]);
  const nE = nBins(axes[0]!);
  const rows = contract(logs, [1, nE, logs.length / nE], energy);
  if (axes.length === 2) {
    const offset = placesOn(axes[1]!, fov.offset, bounds[1]);
    return rates(contract(rows, [energies.length, nBins(axes[1]!), 1], offset), [energy, offset]);
  }
  const [lon, lat] = [placesOn(axes[1]!, fov.lon, bounds[1]), placesOn(axes[2]!, fov.lat, bounds[2])];
  for (let p = 0; p < lon.inside.length; p++) lon.inside[p]! &= lat.inside[p]!;
  return rates(inPlane(rows, energies.length, axes, lon, lat), [energy, lon]);
}

function rates(logs: Float64Array, places: readonly AxisPlaces[]): Float64Array {
  for (let k = 0; k < logs.length; k++) logs[k] = Math.exp(logs[k]!);
  clip(logs, places);
  return logs;
}

/** Bilinear between the four centres around each place: `[n, lon, lat]` -> `[n, place]`. */
function inPlane(rows: Float64Array, n: number, axes: readonly MapAxis[], x: AxisPlaces, y: AxisPlaces): Float64Array {
  const [nLon, nLat] = [nBins(axes[1]!), nBins(axes[2]!)];
  const nPlaces = x.index.length;
  const out = new Float64Array(n * nPlaces);
  const [stepX, stepY] = [nLon > 1 ? nLat : 0, nLat > 1 ? 1 : 0];
  for (let p = 0; p < nPlaces; p++) {
    const [fx, fy] = [x.fraction[p]!, y.fraction[p]!];
    const corner = x.index[p]! * nLat + y.index[p]!;
    for (let e = 0; e < n; e++) {
      const k = e * nLon * nLat + corner;
      const low = rows[k]! * (1 - fy) + rows[k + stepY]! * fy;
      const high = rows[k + stepX]! * (1 - fy) + rows[k + stepX + stepY]! * fy;
      out[e * nPlaces + p] = low * (1 - fx) + high * fx;
    }
  }
  return out;
}
