/** Maps brought to other pixels. */
import { SpecError } from "../errors.js";
import { scaleValues, unscaleValue, type ValueScale } from "../math/interpolate.js";
import { axisBin, axisCenters, nBins } from "./axis.js";
import { sameAxis } from "./axis-groups.js";
import { convertFrame } from "./frames.js";
import { withAxes } from "./geom.js";
import { axisCells, heaviestFirst, nearestPixel } from "./map.js";
import { makeOverlaps } from "./overlap.js";
import { imageGeom, nPix, pixelsOf, size, solidAngle } from "./pixels.js";
import type { Geom, MaskMap, PixelWeights, SkyMap, WcsGeom } from "./types.js";

/** Options of `interpolateMap`. */
export interface InterpolateOptions {
  /** Default: linear, of masks nearest. */
  readonly method?: "linear" | "nearest";
  /** Scale in which values are linear. Default: lin. */
  readonly scale?: ValueScale;
  /** For counts: values by solid angle are interpolated and multiplied by the new one. Their sum stays as far as interpolation goes. Default: false. */
  readonly preserveCounts?: boolean;
  /** Value outside the map and where the result is not finite; default 0. */
  readonly fill?: number;
}

/**
 * The values of a map at the middles of the pixels (and bins) of another geometry, whose axes may have other bins; the unit stays. For intensities and exposures; see
 * {@link reprojectMap} for counts. Gammapy's Map.interp_to_geom.
 */
export function interpolateMap(map: SkyMap, geom: Geom, options: InterpolateOptions = {}): SkyMap {
  const { method = "linear", scale = "lin", preserveCounts = false, fill = 0 } = options;
  const from = preserveCounts ? { ...map, data: perSolidAngle(map, 1) } : map;
  const data = sample(from, geom, method, scale, fill);
  const result = { ...map, geom, data };
  return preserveCounts ? { ...result, data: perSolidAngle(result, -1) } : result;
}

/** The mask of another geometry: of the bins that hold the middles of its pixels and bins, 0 outside. */
export function interpolateMask(mask: MaskMap, geom: Geom): MaskMap {
  const data = Float64Array.from(mask.data);
  const found = sample({ geom: mask.geom, unit: "", data }, geom, "nearest", "lin", 0);
  return { geom, data: Uint8Array.from(found) };
}

/** Values divided by the solid angle of their pixel, or multiplied. */
function perSolidAngle({ geom, data }: SkyMap, sign: 1 | -1): Float64Array {
  const area = solidAngle(geom);
  return data.map((v, i) => (sign === 1 ? v / area[i % area.length]! : v * area[i % area.length]!));
}

function sample(map: SkyMap, geom: Geom, method: "linear" | "nearest", scale: ValueScale, fill: number): Float64Array {
  const from = pixelsOf(map.geom);
  const to = pixelsOf(geom);
  const values = scaleValues(map.data, scale);
  const bins = binsIn(map.geom, geom, method);
  const around = { index: new Int32Array(4), weight: new Float64Array(4) };
  const place = new Float64Array(2);
  const out = new Float64Array(size(geom)).fill(fill);
  for (let pixel = 0; pixel < to.nPix; pixel++) {
    to.center(pixel, place);
    convertFrame(place[0]!, place[1]!, to.frame, from.frame, place);
    if (from.indexOf(place[0]!, place[1]!) < 0) continue;
    let count = from.interpolation(place[0]!, place[1]!, around);
    if (method === "nearest") count = nearestPixel(map.geom, from, place[0]!, place[1]!, around, count);
    bins.forEach((cells, bin) => {
      if (cells === null) return;
      let sum = 0;
      for (let c = 0; c < cells.index.length; c++) {
        for (let p = 0; p < count; p++) {
          sum += cells.weight[c]! * around.weight[p]! * values[cells.index[c]! + around.index[p]!]!;
        }
      }
      const value = unscaleValue(sum, scale);
      if (Number.isFinite(value)) out[bin * to.nPix + pixel] = value;
    });
  }
  return out;
}

/** For each bin of the axes of `geom` the bins of `from` around its middle, as offsets in the data; null outside. */
function binsIn(from: Geom, geom: Geom, method: "linear" | "nearest"): (PixelWeights | null)[] {
  const names = (g: Geom) => g.axes.map((axis) => axis.name).join(", ");
  if (names(from) !== names(geom)) {
    throw new SpecError(
      `A map with the axes (${names(from)}) cannot be brought to (${names(geom)}); sum over the others, or give the geometry the same axes`,
    );
  }
  const centers = geom.axes.map(axisCenters);
  const total = size(geom) / nPix(geom);
  return Array.from({ length: total }, (_, bin) => {
    let rest = bin;
    const at = centers.map((c) => {
      const k = rest % c.length;
      rest = (rest - k) / c.length;
      return c[k]!;
    });
    if (from.axes.some((axis, k) => nBins(axis) > 0 && axisBin(axis, at[k]!) < 0)) return null;
    const cells = { index: new Int32Array(1 << at.length), weight: new Float64Array(1 << at.length) };
    let count = axisCells(from.axes, at, nPix(from), cells);
    if (method === "nearest") count = heaviestFirst(cells, count);
    return { index: cells.index.subarray(0, count), weight: cells.weight.subarray(0, count) };
  });
}

/** Options of `reprojectMap`. */
export interface ReprojectOptions {
  /** True, for counts: each pixel is shared out by area, so that the sum stays but for what lies outside. False, for intensities: the mean over the area of each pixel. */
  readonly preserveCounts: boolean;
  /** Value of pixels that nothing overlaps; default 0. */
  readonly fill?: number;
}

/**
 * A map brought to the pixels of another image by the areas in which pixels overlap (taken as quadrilaterals with exact corners in the new image), all its axes
 * kept; the unit stays, NaN is left out. `geom`: an image, its axes (if any) those of the map. In place of Gammapy's Map.reproject_by_image, which divides each
 * pixel into a hundred points and scales the sum.
 * @throws SpecError where the geometry has other axes than the map.
 * @throws UnsupportedError where the map is no image of pixels.
 */
export function reprojectMap(map: SkyMap, geom: WcsGeom, options: ReprojectOptions): SkyMap {
  const { preserveCounts, fill = 0 } = options;
  const from = imageGeom(map.geom, "reprojectMap");
  const same = geom.axes.length === from.axes.length && geom.axes.every((axis, k) => sameAxis(axis, from.axes[k]!));
  if (geom.axes.length > 0 && !same) {
    throw new SpecError("reprojectMap: the geometry has other axes than the map; give it without axes");
  }
  const visitOverlaps = makeOverlaps(from, geom);
  const [n, m] = [nPix(from), nPix(geom)];
  const images = map.data.length / n;
  const data = new Float64Array(images * m);
  const covered = new Float64Array(images * m);
  for (let pixel = 0; pixel < n; pixel++) {
    visitOverlaps(pixel, (target, share, area) => {
      for (let image = 0; image < images; image++) {
        const value = map.data[image * n + pixel]!;
        if (Number.isNaN(value)) continue;
        data[image * m + target]! += value * (preserveCounts ? share : area);
        covered[image * m + target]! += preserveCounts ? share : area;
      }
    });
  }
  for (let k = 0; k < data.length; k++) {
    if (covered[k] === 0) data[k] = fill;
    else if (!preserveCounts) data[k]! /= covered[k]!;
  }
  return { ...map, geom: withAxes(geom, from.axes), data };
}
