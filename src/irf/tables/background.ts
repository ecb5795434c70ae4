/** Background rates in the field of view. */
import { axisEdges, nBins } from "../../sky/axis.js";
import type { MapAxis } from "../../sky/types.js";
import { clip, contract, placesOn } from "./grid.js";
import type { BackgroundTable, IrfTable } from "./types.js";

/**
 * The table as it is evaluated for maps, as Gammapy does it: bins that are 0 or not finite get the value between the valid bins before and after them in energy, at the
 * same place of the field of view (ln of the rate linear in the number of the bin); a table over offsets gets a bin more on both sides, with the
 * values of its outermost ones.
 */
export function preparedBackground(background: BackgroundTable): BackgroundTable {
  const filled = fillEnergies(background.table);
  return { ...background, table: filled.axes.length === 2 ? padOffsets(filled) : filled };
}

function fillEnergies(table: IrfTable): IrfTable {
  const n = nBins(table.axes[0]!);
  const places = table.data.length / n;
  const data = table.data.slice();
  const isValid = (v: number) => v > 0 && v < Infinity;
  for (let p = 0; p < places; p++) {
    let before = -1;
    for (let e = 0; e < n; e++) {
      const v = data[e * places + p]!;
      if (!isValid(v)) continue;
      if (before >= 0) {
        const [from, to] = [Math.log(data[before * places + p]!), Math.log(v)];
        for (let k = before + 1; k < e; k++) {
          data[k * places + p] = Math.exp(from + ((to - from) * (k - before)) / (e - before));
        }
      }
      before = e;
    }
  }
  return { ...table, data };
}

function padOffsets({ axes, data, unit }: IrfTable): IrfTable {
  const offset = axes[1]!;
  const edges = axisEdges(offset);
  const n = edges.length - 1;
  const wide = {
    ...offset,
    nodeType: "edges" as const,
    nodes: Float64Array.of(2 * edges[0]! - edges[1]!, ...edges, 2 * edges[n]! - edges[n - 1]!),
  };
  const nE = nBins(axes[0]!);
  const out = new Float64Array(nE * (n + 2));
  for (let e = 0; e < nE; e++) {
    for (let k = 0; k < n + 2; k++) out[e * (n + 2) + k] = data[e * n + Math.min(Math.max(k - 1, 0), n - 1)]!;
  }
  return { axes: [axes[0]!, wide], data: out, unit };
}

/** Places in the field of view, deg; offset-only tables take their distance from the pointing. */
export interface FovPlaces {
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** Distance from the pointing. */
  readonly offset: Float64Array;
}

/** Rate, s-1 TeV-1 sr-1, at all combinations of energies [TeV] and places: `[energy, place]`. ln of the rate is linear between the centres of bins. */
export function backgroundRate(background: BackgroundTable, energies: ArrayLike<number>, fov: FovPlaces): Float64Array {
  const { table, tiny } = background;
  const logs = table.data.map((v) => Math.log(Math.max(Number.isFinite(v) ? v : 0, tiny)));
  const energy = placesOn(table.axes[0]!, energies);
  const sizes = table.axes.map(nBins);
  const rows = contract(logs, [1, sizes[0]!, logs.length / sizes[0]!], energy);
  const out =
    sizes.length === 2
      ? contract(rows, [energies.length, sizes[1]!, 1], placesOn(table.axes[1]!, fov.offset))
      : inPlane(rows, energies.length, table.axes, fov);
  for (let k = 0; k < out.length; k++) out[k] = Math.exp(out[k]!);
  if (sizes.length === 2) clip(out, [energy, placesOn(table.axes[1]!, fov.offset)]);
  else {
    const [lon, lat] = [placesOn(table.axes[1]!, fov.lon), placesOn(table.axes[2]!, fov.lat)];
    const inside = lon.inside.map((x, i) => x & lat.inside[i]!);
    clip(out, [energy, { ...lon, inside }]);
  }
  return out;
}

/** Bilinear between the four centres around each place: `[n, lon, lat]` -> `[n, place]`. */
function inPlane(rows: Float64Array, n: number, axes: readonly MapAxis[], fov: FovPlaces): Float64Array {
  const [x, y] = [placesOn(axes[1]!, fov.lon), placesOn(axes[2]!, fov.lat)];
  const [nLon, nLat] = [nBins(axes[1]!), nBins(axes[2]!)];
  const nPlaces = fov.lon.length;
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
