/** Maps of the same area with fewer or more pixels. */
import { SpecError } from "../errors.js";
import { axisEdges } from "./axis.js";
import { downsampleGeom, upsampleGeom } from "./geom.js";
import { type AnyMap, axisLayout } from "./map-layout.js";
import { imageGeom, imageSize, nPix, size, solidAngle } from "./pixels.js";
import type { PixelWeights, SkyMap, WcsGeom } from "./types.js";

/**
 * A map of fewer, larger pixels: blocks of `factor` x `factor` (or `factor` bins of `axisName`) summed, so that the sum of all values stays; NaN is left out.
 * `preserveCounts: false`, for intensities: their mean weighted by `weights` (default 1; a NaN counts in the weight), 0 where the weights vanish. Gammapy's
 * Map.downsample.
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

/** Options of `upsampleMap`. */
export interface UpsampleOptions {
  /** The axis to divide; default: the pixels. */
  readonly axisName?: string;
  /** Share out each value, so that sums stay; default true. False, for intensities: each part has the value of the whole. */
  readonly preserveCounts?: boolean;
  /** Of values (or, with `preserveCounts`, of values by solid angle or width) between pixels or bins; `linear` does not keep sums. Default: nearest. */
  readonly method?: "nearest" | "linear";
}

/**
 * A map of more, smaller pixels: `factor` x `factor` for one (or `factor` bins for one of `axisName`). Values are shared out by solid angle (by the width of
 * bins), so that the sum of all values stays where none is NaN. Gammapy's Map.upsample, with exact sums.
 */
export function upsampleMap(map: SkyMap, factor: number, options: UpsampleOptions = {}): SkyMap {
  const { axisName, preserveCounts = true, method = "nearest" } = options;
  const coarse = imageGeom(map.geom, "upsampleMap");
  const geom = upsampleGeom(coarse, factor, axisName);
  const divided =
    axisName === undefined ? dividePixels(coarse, geom, factor) : divideBins(coarse, geom, axisName, factor);
  const { parts, total, around } = divided;
  const out = { index: new Int32Array(4), weight: new Float64Array(4) };
  const data = new Float64Array(size(geom));
  for (let k = 0; k < data.length; k++) {
    const count = around(k, method, out);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const from = out.index[i]!;
      sum += out.weight[i]! * (preserveCounts ? map.data[from]! / total(from) : map.data[from]!);
    }
    data[k] = preserveCounts ? sum * parts(k) : sum;
  }
  return { ...map, geom, data };
}

/** How a finer map divides a coarser one; indices are flat, of all values. */
interface Division {
  /** Size of a part, and the sum of the sizes of the parts of a whole. */
  parts(index: number): number;
  total(index: number): number;
  /** Writes the values of the coarse map around a part with their weights and returns how many. */
  around(index: number, method: "nearest" | "linear", out: PixelWeights): number;
}

function dividePixels(coarse: WcsGeom, fine: WcsGeom, factor: number): Division {
  const [nx, ny] = coarse.npix;
  const n = nPix(coarse);
  const width = nx * factor;
  const area = solidAngle(fine).map((x) => (Number.isFinite(x) ? x : 0));
  const total = new Float64Array(n);
  const whole = (k: number) => Math.floor(k / width / factor) * nx + Math.floor((k % width) / factor);
  area.forEach((x, k) => {
    total[whole(k)]! += x;
  });
  return {
    // a pixel without any part on the sky is shared out evenly
    parts: (k) => (total[whole(k % area.length)] === 0 ? 1 : area[k % area.length]!),
    total: (k) => total[k % n] || factor * factor,
    around(k, method, out) {
      const pixel = k % area.length;
      const first = ((k - pixel) / area.length) * n;
      if (method === "nearest") return only(first + whole(pixel), out);
      const [x, fx] = node(pixel % width, factor, nx);
      const [y, fy] = node(Math.floor(pixel / width), factor, ny);
      for (let i = 0; i < 4; i++) {
        out.index[i] = first + Math.min(y + (i >> 1), ny - 1) * nx + Math.min(x + (i & 1), nx - 1);
        out.weight[i] = (i >> 1 ? fy : 1 - fy) * (i & 1 ? fx : 1 - fx);
      }
      return 4;
    },
  };
}

function divideBins(coarse: WcsGeom, fine: WcsGeom, axisName: string, factor: number): Division {
  const { k: axis, n, inner } = axisLayout(coarse, axisName);
  if (coarse.axes[axis]!.nodeType === "center") {
    throw new SpecError(`Axis "${axisName}" is defined by centres; only the bins of an axis of edges can be divided`);
  }
  const widths = [coarse, fine].map(({ axes }) => {
    const edges = axisEdges(axes[axis]!);
    return edges.slice(1).map((edge, i) => edge - edges[i]!);
  });
  const m = n * factor;
  return {
    parts: (k) => widths[1]![Math.floor(k / inner) % m]!,
    total: (k) => widths[0]![Math.floor(k / inner) % n]!,
    around(k, method, out) {
      const bin = Math.floor(k / inner) % m;
      const first = Math.floor(k / (inner * m)) * n * inner + (k % inner);
      if (method === "nearest") return only(first + Math.floor(bin / factor) * inner, out);
      const [i, f] = node(bin, factor, n);
      for (let c = 0; c < 2; c++) {
        out.index[c] = first + Math.min(i + c, n - 1) * inner;
        out.weight[c] = c === 0 ? 1 - f : f;
      }
      return 2;
    },
  };
}

function only(index: number, out: PixelWeights): number {
  out.index[0] = index;
  out.weight[0] = 1;
  return 1;
}

/** The whole below the middle of part k, and how far the part is on the way to the next; constant beyond the outermost middles. */
function node(k: number, factor: number, n: number): readonly [number, number] {
  const p = Math.min(Math.max((k - 0.5 * (factor - 1)) / factor, 0), n - 1);
  const i = Math.floor(p);
  return [i, p - i];
}
