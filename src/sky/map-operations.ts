/** Maps made from maps: cut, and summed over axes. */
import { axisFromEdges, nBins } from "./axis.js";
import { groupTable, sliceAxis } from "./axis-groups.js";
import { axisPosition, cutout, squashGeom, type Window, windowGeom } from "./geom.js";
import { type AnyMap, axisLayout, emptyLike, type Numbers, replaceAxis } from "./map-layout.js";
import { imageGeom } from "./pixels.js";
import type { SkyPosition } from "./types.js";

/** The pixels of a window of an image, for all bins of the other axes. The unit stays, and so does each value. */
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

/**
 * The part of a map within `width` [deg] around a position (see {@link cutout}; Gammapy's Map.cutout), and where it lies in the whole; null if there is no
 * overlap. Values are taken as they are.
 */
export function cutoutMap<M extends AnyMap>(
  map: M,
  center: SkyPosition,
  width: number | readonly [number, number],
  options: { readonly oddNpix?: boolean; readonly minNpix?: number } = {},
): { map: M; window: Window } | null {
  const cut = cutout(imageGeom(map.geom, "cutoutMap"), center, width, options);
  return cut && { map: windowMap(map, cut.window), window: cut.window };
}

/** The map in the bins `start` (inclusive) to `stop` (exclusive) of an axis. */
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

/** Sums each run of bins [starts[g], stops[g]) of an axis; masks are joined by "or". `skipNaN`: NaN counts as 0, else it makes its sum so. */
function sumRuns(
  map: AnyMap,
  axisName: string,
  starts: readonly number[],
  stops: readonly number[],
  skipNaN: boolean,
): Numbers {
  const { n, inner, outer } = axisLayout(map.geom, axisName);
  const isMask = map.data instanceof Uint8Array;
  const data = emptyLike<Numbers>(map.data, outer * starts.length * inner);
  for (let o = 0; o < outer; o++) {
    for (let g = 0; g < starts.length; g++) {
      const to = (o * starts.length + g) * inner;
      for (let bin = starts[g]!; bin < stops[g]!; bin++) {
        const from = (o * n + bin) * inner;
        for (let i = 0; i < inner; i++) {
          const value = map.data[from + i]!;
          if (isMask) data[to + i]! |= value;
          else if (!(skipNaN && Number.isNaN(value))) data[to + i]! += value;
        }
      }
    }
  }
  return data;
}

/**
 * The map summed over axes (default: all), each left with one bin over its whole range; NaN is left out, masks are joined by "or". The sum over all values, and
 * the unit, stay. Gammapy's Map.sum_over_axes(keepdims=True).
 */
export function sumOverAxes<M extends AnyMap>(map: M, axisNames?: readonly string[]): M {
  let result: AnyMap = map;
  for (const name of axisNames ?? map.geom.axes.map((a) => a.name)) {
    const n = nBins(result.geom.axes[axisPosition(result.geom, name)]!);
    const data = sumRuns(result, name, [0], [n], true);
    result = { ...result, geom: squashGeom(result.geom, name), data } as AnyMap;
  }
  return result as M;
}

/**
 * The map summed into the bins between `edges` (in the axis' unit), each moved to the nearest edge of the axis (see {@link groupTable}); masks are joined by
 * "or", and bins outside are left out. Sums within the new range stay; NaN makes its sum so. Gammapy's Map.resample_axis.
 */
export function resampleAxis<M extends AnyMap>(map: M, axisName: string, edges: ArrayLike<number>): M {
  const { k } = axisLayout(map.geom, axisName);
  const axis = map.geom.axes[k]!;
  const groups = groupTable(axis, edges).filter((g) => g.type === "normal");
  const coarse = axisFromEdges([groups[0]!.min, ...groups.map((g) => g.max)], axis);
  const starts = groups.map((g) => g.start);
  const stops = groups.map((g) => g.stop);
  return { ...map, geom: replaceAxis(map.geom, k, coarse), data: sumRuns(map, axisName, starts, stops, false) };
}
