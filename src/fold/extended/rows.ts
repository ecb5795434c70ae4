import { nPix } from "../../sky/pixels.js";
import { convolvedMaps } from "../convolved.js";
import { convolveAt, type SharpImages } from "../direct.js";
import type { Placed } from "../placed.js";
import type { Extended } from "./state.js";

/** Rows of `Component.rows`: counts in each pixel from a unit of flux, and their derivatives by the shape. */
export function fillRows(e: Extended, r: number, pixels: Int32Array, out: Float64Array, stride: number, at: number) {
  const { placed, response, geom, kernel, nImages, maps, values } = e;
  const t = e.reach[r]!;
  if (placed === null) {
    for (let i = 0; i < pixels.length; i++) out.fill(0, i * stride + at, i * stride + at + nImages * t.length);
    return;
  }
  chooseMaps(e, r, pixels.length);
  const { images, box, window, psf, limit } = placed;
  const [width] = geom.npix;
  const n = nPix(geom);
  const count = Math.min(images.length, nImages);
  // one true energy after the other: its images are read from near
  for (let c = 0; c < t.length; c++) {
    const k = t[c]!;
    const own = maps[c];
    const dispersed = kernel.data[k * kernel.nReco + r]!;
    const half = psf === null ? 0 : psf.half[k]!;
    for (let i = 0, to = at + c; i < pixels.length; i++, to += stride) {
      const pixel = pixels[i]!;
      const row = (pixel / width) | 0;
      const x = pixel - row * width - window.x0;
      const y = row - window.y0;
      const isInside = x >= limit.x0 && y >= limit.y0 && x < limit.x1 && y < limit.y1;
      const scale = isInside ? dispersed * response.exposure[k * n + pixel]! : 0;
      // what transforms leave where the psf does not reach is noise
      const isReached = x >= box.x0 - half && y >= box.y0 - half && x < box.x1 + half && y < box.y1 + half;
      let b = 0;
      if (scale !== 0 && isReached) {
        if (own === undefined) {
          convolveAt(placed, count, k, x, y, values);
          for (; b < count; b++) out[to + b * t.length] = scale * values[b]!;
        } else {
          const from = y * window.nx + x;
          for (; b < count; b++) out[to + b * t.length] = scale * own[b]![from]!;
        }
      }
      for (; b < nImages; b++) out[to + b * t.length] = 0;
    }
  }
  for (let i = 0; i < e.slopes.length; i++) addSlope(e, placed, i, r, pixels, out, stride, at);
}

/** Adds to the image of a derivative by a coordinate what the change of psf and energy dispersion makes of the source as it is. */
function addSlope(
  e: Extended,
  { box, window, limit, psf, images, width: across }: Placed,
  i: number,
  r: number,
  pixels: Int32Array,
  out: Float64Array,
  stride: number,
  at: number,
): void {
  const { kernel, response, geom, values } = e;
  const slope = e.slopes[i]!;
  const t = e.reach[r]!;
  const [width] = geom.npix;
  const n = nPix(geom);
  const source = { images: [images[0]!], width: across, box, psf };
  for (let c = 0; c < t.length; c++) {
    const k = t[c]!;
    const dispersed = kernel.data[k * kernel.nReco + r]!;
    const change = slope.kernel?.data[k * kernel.nReco + r] ?? 0;
    const inclined = slope.psf !== null && dispersed !== 0 ? { ...source, psf: slope.psf } : undefined;
    const inclinedMap = inclined && convolvedMaps(e.inclined[i]!, k, pixels.length)?.[0];
    if (change === 0 && inclined === undefined) continue;
    for (let q = 0; q < pixels.length; q++) {
      const pixel = pixels[q]!;
      const row = (pixel / width) | 0;
      const x = pixel - row * width - window.x0;
      const y = row - window.y0;
      if (x < limit.x0 || y < limit.y0 || x >= limit.x1 || y >= limit.y1) continue;
      const from = y * window.nx + x;
      let sum = 0;
      if (change !== 0) sum += change * valueAt(source, e.maps[c]?.[0], k, x, y, from, values);
      if (inclined !== undefined) sum += dispersed * valueAt(inclined, inclinedMap, k, x, y, from, values);
      out[q * stride + at + slope.image * t.length + c]! += sum * response.exposure[k * n + pixel]!;
    }
  }
}

/** Image 0 convolved with a psf, at a pixel that it may not reach. */
function valueAt(
  source: SharpImages,
  map: Float64Array | undefined,
  t: number,
  x: number,
  y: number,
  from: number,
  values: Float64Array,
): number {
  const { box, psf } = source;
  const half = psf === null ? 0 : psf.half[t]!;
  if (x < box.x0 - half || y < box.y0 - half || x >= box.x1 + half || y >= box.y1 + half) return 0;
  if (map !== undefined) return map[from]!;
  convolveAt(source, 1, t, x, y, values);
  return values[0]!;
}

/** The convolved images of each true-energy bin of an energy bin; undefined where they are summed directly. */
function chooseMaps({ maps, kernel, slopes, convolved, reach }: Extended, r: number, count: number): void {
  const t = reach[r]!;
  for (let c = 0; c < t.length; c++) {
    const at = t[c]! * kernel.nReco + r;
    const isSeen = kernel.data[at] !== 0 || slopes.some((slope) => (slope.kernel?.data[at] ?? 0) !== 0);
    maps[c] = isSeen ? convolvedMaps(convolved, t[c]!, count) : undefined;
  }
}
