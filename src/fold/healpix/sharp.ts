/** Sources on HEALPix pixels without a psf. */
import { convertFrame } from "../../sky/frames.js";
import { CUT, pixelSide, visitPixel } from "../../sky/healpix/cells.js";
import { pixelsOf } from "../../sky/pixels.js";
import type { HealpixGeom } from "../../sky/types.js";
import type { ExtendedSource } from "../extended/free-shape.js";
import { packedIndex } from "../flux/types.js";
import { oversampling } from "../oversampling.js";
import type { Response } from "../response.js";
import { positionOf, radiusOf, type Shape } from "../shape.js";
import { sampler, samplingsByEnergy } from "../shape-sampling.js";
import { emptyImages, imagesOf, type MakeImages } from "./images.js";
import { makePixelsNear, numberOf } from "./near.js";

const DEG = 180 / Math.PI;
/** Step of differences within the cell of an interpolation, in pixels: weights are bilinear there, so that it leaves rounding only. */
const STEP = 1e-3;

/** A point without a psf counts in the four pixels around it by the weights of HEALPix's interpolation, as in Gammapy. */
export function sharpPoint({ shape, free }: ExtendedSource, geom: HealpixGeom, nTrue: number): MakeImages {
  const pixels = pixelsOf(geom);
  const around = { index: new Int32Array(4), weight: new Float64Array(4) };
  const at = new Float64Array(2);
  const step = STEP * pixelSide(geom.nside) * DEG;
  const weightsAt = (p: Float64Array) => {
    convertFrame(p[shape.lon]!, p[shape.lat]!, shape.frame, geom.frame, at);
    const n = pixels.interpolation(at[0]!, at[1]!, around);
    return new Map(Array.from(around.index.subarray(0, n), (pixel, i) => [pixel, around.weight[i]!]));
  };
  return (p, order) => {
    convertFrame(p[shape.lon]!, p[shape.lat]!, shape.frame, geom.frame, at);
    const isInside = pixels.indexOf(at[0]!, at[1]!) >= 0;
    const middle = isInside ? weightsAt(p) : new Map<number, number>();
    const own = Int32Array.from(middle.keys());
    const out = emptyImages(own, nTrue, imagesOf(free.length));
    const moved = (...steps: readonly (readonly [number, number])[]) => {
      const q = p.slice();
      for (const [a, k] of steps) q[free[a]!]! += k * step;
      return weightsAt(q);
    };
    const set = (image: number, value: (pixel: number) => number) => {
      for (let t = 0, k = 0; t < nTrue; t++) for (const pixel of own) out.images[image]![k++] = value(pixel);
    };
    set(0, (pixel) => middle.get(pixel)!);
    for (let a = 0; order > 0 && a < free.length; a++) {
      const [up, down] = [moved([a, 1]), moved([a, -1])];
      set(1 + a, (pixel) => ((up.get(pixel) ?? 0) - (down.get(pixel) ?? 0)) / (2 * step));
      for (let b = 0; order > 1 && b < a; b++) {
        const corners = [
          moved([a, 1], [b, 1]),
          moved([a, -1], [b, -1]),
          moved([a, 1], [b, -1]),
          moved([a, -1], [b, 1]),
        ];
        const [pp, mm, pm, mp] = corners.map((c) => (pixel: number) => c.get(pixel) ?? 0);
        set(1 + free.length + packedIndex(a, b), (k) => (pp!(k) + mm!(k) - pm!(k) - mp!(k)) / (4 * step * step));
      }
    }
    return out;
  };
}

/** Parts of a pixel across the smaller standard deviation of a shape, and of one with an edge. */
const SMOOTH = 1;
const EDGE = 1 / 12;

/** Side of parts, rad, in which brightness is integrated on 4 x 4 nodes; undefined of shapes that are sampled as in Gammapy. */
function partSide({ declaration }: Shape, p: Float64Array): number | undefined {
  if (declaration.sampling === "gammapy" || declaration.covariance === undefined) return undefined;
  const [ee, en, nn] = declaration.covariance(p);
  const minor = Math.sqrt(Math.max((ee + nn) / 2 - Math.hypot((ee - nn) / 2, en), 0));
  const hasEdge = declaration.binSizeMin(p)! < minor / 4;
  return (minor * (hasEdge ? EDGE : SMOOTH)) / DEG;
}

/**
 * The brightness of a shape integrated over the pixels: that of shapes of known width in parts as fine as they ask for, others sampled at the middles of the parts that NESTED cuts a pixel into, as many as Gammapy takes or
 * the next power of 4.
 */
export function sharpImages(source: ExtendedSource, geom: HealpixGeom, response: Response, nTrue: number): MakeImages {
  const { shape, free } = source;
  const { declaration } = shape;
  const samplings = samplingsByEnergy(shape, free, response);
  const near = makePixelsNear(geom);
  const nPixels = pixelsOf(geom).nPix;
  const all = Int32Array.from({ length: nPixels }, (_, i) => i);
  const side = pixelSide(geom.nside);
  const area = declaration.perPixel === true ? 1 : side ** 2;
  const at = new Float64Array(2);
  return (p, order, kept) => {
    const position = positionOf(shape, p);
    const radius = radiusOf(shape, p);
    const isLocal = position !== null && Number.isFinite(radius);
    if (isLocal) convertFrame(position.lon, position.lat, shape.frame, geom.frame, at);
    const pixels = isLocal ? near(at[0]!, at[1]!, radius) : all;
    const out = emptyImages(pixels, nTrue, imagesOf(free.length), kept);
    const count = order === 0 ? 1 : order === 1 ? 1 + free.length : out.images.length;
    const part = partSide(shape, p) ?? side / oversampling(declaration, p, side * DEG, []).factor;
    const nodes = partSide(shape, p) === undefined ? 1 : 4;
    const one = out.images.map(() => new Float64Array(1));
    samplings.forEach((sampling, t) => {
      const sample = sampler(sampling, p, order);
      let to = t * pixels.length;
      const visit = (theta: number, lon: number, share: number) => {
        for (let b = 0; b < count; b++) one[b]![0] = 0;
        convertFrame(lon * DEG, 90 - theta * DEG, geom.frame, shape.frame, at);
        sample(at[0]!, at[1]!, one, 0);
        for (let b = 0; b < count; b++) {
          const value = one[b]![0]! * area * share;
          if (Number.isFinite(value)) out.images[b]![to]! += value;
        }
      };
      const choose = (_: number, _lon: number, size: number) => (size <= part * (1 + 1e-9) ? nodes : CUT);
      for (let i = 0; i < pixels.length; i++, to++) visitPixel(geom, numberOf(geom, pixels[i]!), choose, visit);
    });
    // a shape that is the same at all energies
    if (samplings.length === 1) {
      for (const image of out.images)
        for (let t = 1; t < nTrue; t++) image.copyWithin(t * pixels.length, 0, pixels.length);
    }
    return out;
  };
}
