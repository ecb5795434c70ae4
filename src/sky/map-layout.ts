/** How the data of a map lie, for the operations on maps. */
import { nBins } from "./axis.js";
import { axisPosition, withAxes } from "./geom.js";
import { nPix, size } from "./pixels.js";
import type { Geom, MapAxis, MaskMap, SkyMap } from "./types.js";

export type AnyMap = SkyMap | MaskMap;
export type Numbers = Float64Array | Uint8Array;

export function emptyLike<A extends Numbers>(data: A, n: number): A {
  return (data instanceof Uint8Array ? new Uint8Array(n) : new Float64Array(n)) as A;
}

/** Data as [outer, n, inner], n being the bins of the axis of that name. */
export function axisLayout(geom: Geom, name: string): { k: number; n: number; inner: number; outer: number } {
  const k = axisPosition(geom, name);
  const n = nBins(geom.axes[k]!);
  const inner = geom.axes.slice(0, k).reduce((p, a) => p * nBins(a), nPix(geom));
  return { k, n, inner, outer: size(geom) / (n * inner) };
}

export function replaceAxis<G extends Geom>(geom: G, k: number, axis: MapAxis): G {
  return withAxes(
    geom,
    geom.axes.map((a, i) => (i === k ? axis : a)),
  );
}
