/** Maps made from maps: cut, summed, rebinned, stacked; masks combined. */
import { SpecError } from "../errors.js";
import { conversionFactor } from "../units/index.js";
import { axisFromEdges, nBins } from "./axis.js";
import { groupTable, sameAxis, sliceAxis } from "./axis-groups.js";
import { axisPosition, cutout, downsampleGeom, squashGeom, type Window, windowGeom, withAxes } from "./geom.js";
import { describePixels, imageGeom, imageSize, nPix, samePixels, size } from "./pixels.js";
import type { Geom, MapAxis, MaskMap, SkyMap, SkyPosition, WcsGeom } from "./types.js";
import { sharePlane } from "./wcs.js";

type AnyMap = SkyMap | MaskMap;
type Numbers = Float64Array | Uint8Array;

function emptyLike<A extends Numbers>(data: A, n: number): A {
  return (data instanceof Uint8Array ? new Uint8Array(n) : new Float64Array(n)) as A;
}

/** Data as [outer, n, inner], n being the bins of the axis of that name. */
function axisLayout(geom: Geom, name: string): { k: number; n: number; inner: number; outer: number } {
  const k = axisPosition(geom, name);
  const n = nBins(geom.axes[k]!);
  const inner = geom.axes.slice(0, k).reduce((p, a) => p * nBins(a), nPix(geom));
  return { k, n, inner, outer: size(geom) / (n * inner) };
}

function replaceAxis<G extends Geom>(geom: G, k: number, axis: MapAxis): G {
  return withAxes(
    geom,
    geom.axes.map((a, i) => (i === k ? axis : a)),
  );
}

/** The pixels of a window, for all non-spatial bins. */
export function windowMap<M extends AnyMap>(map: M, window: Window): M {
  const geom = imageGeom(map.geom, "windowMap");
  const [nx, ny] = geom.npix;
  const { x0, y0, nx: width, ny: height } = window;
  const images = map.data.length / (nx * ny);
  const data = emptyLike<Numbers>(map.data, images * width * height);
  for (let image = 0, to = 0; image < images; image++) {
    for (let j = 0; j < height; j++, to += width) {
      const from = (image * ny + y0 + j) * nx + x0;
      data.set(map.data.subarray(from, from + width), to);
    }
  }
  return { ...map, geom: windowGeom(geom, window), data };
}

/** The part of a map around a position (see {@link cutout}), and where it lies; null if there is no overlap. */
export function cutoutMap<M extends AnyMap>(
  map: M,
  center: SkyPosition,
  width: number | readonly [number, number],
  options: { readonly oddNpix?: boolean; readonly minNpix?: number } = {},
): { map: M; window: Window } | null {
  const cut = cutout(imageGeom(map.geom, "cutoutMap"), center, width, options);
  return cut && { map: windowMap(map, cut.window), window: cut.window };
}

/** Bins `start` (inclusive) to `stop` (exclusive) of an axis. */
export function sliceMap<M extends AnyMap>(map: M, axisName: string, start: number, stop: number): M {
  const { k, n, inner, outer } = axisLayout(map.geom, axisName);
  const geom = replaceAxis(map.geom, k, sliceAxis(map.geom.axes[k]!, start, stop));
  const length = (stop - start) * inner;
  const data = emptyLike<Numbers>(map.data, outer * length);
  for (let o = 0; o < outer; o++) {
    const from = (o * n + start) * inner;
    data.set(map.data.subarray(from, from + length), o * length);
  }
  return { ...map, geom, data };
}

/** Sums each run of bins [starts[g], stops[g]) of an axis; masks are joined by "or". Values that are not finite make their sum so. */
function sumRuns(map: AnyMap, axisName: string, starts: readonly number[], stops: readonly number[]): Numbers {
  const { n, inner, outer } = axisLayout(map.geom, axisName);
  const isMask = map.data instanceof Uint8Array;
  const data = emptyLike<Numbers>(map.data, outer * starts.length * inner);
  for (let o = 0; o < outer; o++) {
    for (let g = 0; g < starts.length; g++) {
      const to = (o * starts.length + g) * inner;
      for (let bin = starts[g]!; bin < stops[g]!; bin++) {
        const from = (o * n + bin) * inner;
        for (let i = 0; i < inner; i++) {
          if (isMask) data[to + i]! |= map.data[from + i]!;
          else data[to + i]! += map.data[from + i]!;
        }
      }
    }
  }
  return data;
}

/** The map summed (masks: "or") over axes, each left with one bin; default: all axes. */
export function sumOverAxes<M extends AnyMap>(map: M, axisNames?: readonly string[]): M {
  let result: AnyMap = map;
  for (const name of axisNames ?? map.geom.axes.map((a) => a.name)) {
    const n = nBins(result.geom.axes[axisPosition(result.geom, name)]!);
    const data = sumRuns(result, name, [0], [n]);
    result = { ...result, geom: squashGeom(result.geom, name), data } as AnyMap;
  }
  return result as M;
}

/** The map summed (masks: "or") into the bins between `edges`, each edge moved to the nearest edge of the axis (see {@link groupTable}). */
export function resampleAxis<M extends AnyMap>(map: M, axisName: string, edges: ArrayLike<number>): M {
  const { k } = axisLayout(map.geom, axisName);
  const axis = map.geom.axes[k]!;
  const groups = groupTable(axis, edges).filter((g) => g.type === "normal");
  const coarse = axisFromEdges([groups[0]!.min, ...groups.map((g) => g.max)], axis);
  const starts = groups.map((g) => g.start);
  const stops = groups.map((g) => g.stop);
  return { ...map, geom: replaceAxis(map.geom, k, coarse), data: sumRuns(map, axisName, starts, stops) };
}

/**
 * Blocks of `factor` x `factor` pixels (or `factor` bins of `axisName`) summed, NaN left out. `preserveCounts: false`
 * gives the mean weighted by `weights` (default 1; a NaN counts in the weight), 0 where the weights vanish.
 */
export function downsampleMap(
  map: SkyMap,
  factor: number,
  options: { readonly axisName?: string; readonly preserveCounts?: boolean; readonly weights?: AnyMap } = {},
): SkyMap {
  const { axisName, preserveCounts = true, weights } = options;
  const geom = downsampleGeom(map.geom, factor, axisName);
  const data = new Float64Array(size(geom));
  const total = preserveCounts ? null : new Float64Array(data.length);
  const [nx, ny] = imageSize(map.geom);
  const layout = axisName === undefined ? null : axisLayout(map.geom, axisName);
  for (let from = 0; from < map.data.length; from++) {
    let to: number;
    if (layout) {
      const bin = Math.floor(from / layout.inner);
      to = Math.floor(bin / factor) * layout.inner + (from % layout.inner);
    } else {
      const row = Math.floor(from / nx);
      const image = Math.floor(row / ny);
      to = ((image * ny) / factor + Math.floor((row % ny) / factor)) * (nx / factor) + Math.floor((from % nx) / factor);
    }
    const weight = weights === undefined ? 1 : weights.data[from]!;
    const value = map.data[from]! * weight;
    if (!Number.isNaN(value)) data[to]! += value;
    if (total && !Number.isNaN(weight)) total[to]! += weight;
  }
  if (total) for (let i = 0; i < data.length; i++) data[i] = total[i] === 0 ? 0 : data[i]! / total[i]!;
  return { ...map, geom, data };
}

/** Where the pixels of `other` lie on those of `geom`: column and row of its first pixel. */
export function alignment(geom: WcsGeom, other: WcsGeom): [number, number] {
  const a = geom.wcs;
  const b = other.wcs;
  const dx = a.crpix[0] - b.crpix[0];
  const dy = a.crpix[1] - b.crpix[1];
  const isWhole = (x: number) => Math.abs(x - Math.round(x)) <= 1e-6;
  if (!(sharePlane(a, b) && isWhole(dx) && isWhole(dy))) {
    throw new SpecError(
      `Maps on different pixels: ${describe(a)} and ${describe(b)}; stack only equal maps or cutouts of one map`,
    );
  }
  return [Math.round(dx), Math.round(dy)];
}

const describe = (w: WcsGeom["wcs"]): string =>
  `${w.frame} ${w.projection} at ${w.crval.join(", ")} with pixels of ${w.cd.join(", ")} deg, reference pixel ${w.crpix.join(", ")}`;

/** `target` plus `other` where they overlap: `other` converted to its unit, values that are not finite taken as 0, times `weights` (on the pixels of `other`; a single non-spatial bin holds for all). */
export function stackMaps(target: SkyMap, other: SkyMap, weights?: AnyMap): SkyMap {
  const { geom } = target;
  const axes = other.geom.axes;
  if (geom.axes.length !== axes.length || !geom.axes.every((axis, k) => sameAxis(axis, axes[k]!))) {
    throw new SpecError(
      `Maps with different axes cannot be stacked: (${geom.axes.map((a) => a.name).join(", ")}) and (${axes.map((a) => a.name).join(", ")}); rebin one first`,
    );
  }
  const areImages = geom.kind === "wcs" && other.geom.kind === "wcs";
  if (!areImages && !samePixels(geom, other.geom)) {
    throw new SpecError(
      `${describePixels(other.geom)} cannot be stacked into ${describePixels(geom)}; resample it first`,
    );
  }
  const [dx, dy] = areImages ? alignment(geom, other.geom as WcsGeom) : [0, 0];
  const factor = target.unit === other.unit ? 1 : conversionFactor(other.unit, target.unit);
  const [nx, ny] = imageSize(geom);
  const [mx, my] = imageSize(other.geom);
  const data = target.data.slice();
  const images = data.length / (nx * ny);
  for (let image = 0; image < images; image++) {
    for (let j = Math.max(0, -dy); j < Math.min(my, ny - dy); j++) {
      for (let i = Math.max(0, -dx); i < Math.min(mx, nx - dx); i++) {
        const from = (image * my + j) * mx + i;
        const value = other.data[from]! * factor;
        if (!Number.isFinite(value)) continue;
        const weight = weights === undefined ? 1 : weights.data[from % weights.data.length]!;
        data[(image * ny + j + dy) * nx + i + dx]! += value * weight;
      }
    }
  }
  return { ...target, data };
}

export function maskAnd(a: MaskMap, b: MaskMap): MaskMap {
  return combine(a, b, (x, y) => x & y);
}

export function maskOr(a: MaskMap, b: MaskMap): MaskMap {
  return combine(a, b, (x, y) => x | y);
}

export function maskNot(a: MaskMap): MaskMap {
  return { ...a, data: a.data.map((x) => 1 - x) };
}

function combine(a: MaskMap, b: MaskMap, operation: (x: number, y: number) => number): MaskMap {
  if (a.data.length !== b.data.length) {
    throw new SpecError(
      `Masks of ${a.data.length} and ${b.data.length} bins cannot be combined; put them on one geometry`,
    );
  }
  return { geom: a.geom, data: a.data.map((x, i) => operation(x, b.data[i]!)) };
}
