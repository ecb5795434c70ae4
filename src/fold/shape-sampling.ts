/** Surface brightness sampled on the pixels of an image. */
import type { CacheScope } from "../math/cache.js";
import type { Box } from "../math/convolution.js";
import type { SpatialDeclaration, SpatialFunction } from "../models/declaration.js";
import { axisCenters } from "../sky/axis.js";
import { convertFrame } from "../sky/frames.js";
import { cutout, pixelScales, type Window } from "../sky/geom.js";
import { imageSolidAngles } from "../sky/solid-angle.js";
import type { Frame, SkyPosition, WcsGeom } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";
import { halfWidths } from "../sky/window.js";
import type { Response } from "./response.js";
import { positionOf, radiusOf, type Shape } from "./shape.js";

/** Which images of a shape are computed, and what stays the same from one set of its parameters to the next while the grid of samples does. */
export interface ShapeSampling {
  readonly shape: Shape;
  /** Indices of the parameters that vary. */
  readonly free: readonly number[];
  /** TeV; undefined of a shape that is the same at all energies. */
  readonly energy: number | undefined;
  /** Solid angles of the pixels of a window. */
  readonly areas: CacheScope<Float64Array>;
  /** (lon, lat) of every sample in the model's frame, in the order in which they are read. */
  readonly sky: CacheScope<Float64Array>;
}

/** Beyond this many, sample positions are computed anew each time. */
export const MAX_KEPT = 1 << 18;

export const shapeSampling = (
  shape: Shape,
  free: readonly number[],
  response: Response,
  energy?: number,
): ShapeSampling => ({
  shape,
  free,
  energy,
  areas: response.arrays("solid angles of windows"),
  sky: response.arrays("sample positions of shapes"),
});

/** Of the shape at the centre of each bin of true energy; one for all where it is the same at all energies. */
export function samplingsByEnergy(shape: Shape, free: readonly number[], response: Response): ShapeSampling[] {
  if (shape.declaration.energyDependent !== true) return [shapeSampling(shape, free, response)];
  return Array.from(axisCenters(response.energyTrue), (energy) => shapeSampling(shape, free, response, energy));
}

/**
 * Adds to images (zero before) surface brightness times solid angle, sampled at the centres of factor x factor parts of each pixel, and its derivatives. Returns the box outside
 * of which they stay zero.
 */
export function fillSampled(
  sampling: ShapeSampling,
  p: Float64Array,
  geom: WcsGeom,
  order: 0 | 1 | 2,
  samples: number,
  images: readonly Float64Array[],
): Box {
  const [nx, ny] = geom.npix;
  const grid = sampleGrid(sampling, p, geom, samples);
  const { box, factor } = grid;
  const places = keptPlaces(sampling, geom, grid);
  const locate = locator(geom, sampling.shape.frame);
  const areas = sampling.areas.get([...geom.wcs.crpix, nx, ny], () => imageSolidAngles(geom));
  const isPerPixel = sampling.shape.declaration.perPixel === true;
  const sample = sampler(sampling, p, order);
  const sky = new Float64Array(2);
  let next = 0;
  for (let y = box.y0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++) {
      const pixel = y * nx + x;
      for (let j = 0; j < factor; j++) {
        for (let i = 0; i < factor; i++) {
          if (places === undefined) {
            locate(x + (i + 0.5) / factor - 0.5, y + (j + 0.5) / factor - 0.5, sky);
            sample(sky[0]!, sky[1]!, images, pixel);
          } else sample(places[next++]!, places[next++]!, images, pixel);
        }
      }
      const area = areas[pixel]!;
      const weight = (isPerPixel && Number.isFinite(area) ? 1 : area) / (factor * factor);
      for (const image of images) image[pixel] = Number.isFinite(weight) ? image[pixel]! * weight : 0;
    }
  }
  return box;
}

/**
 * What a box of pixels has to hold beside the evaluation radius of a shape, deg. Gammapy rounds such a box to whole pixels, which cuts off up to a pixel of the radius: pieces of the rim of a disk, and 1e-5 of a
 * Gaussian, so that the statistic has steps where place or size move the box.
 */
export const marginOf = ({ declaration }: Shape, geom: WcsGeom): number =>
  declaration.sampling === "gammapy" ? 0 : Math.max(...pixelScales(geom));

/** Half widths, deg in the plane of the projection, of a window that holds `radius` deg around a shape. Gammapy has its radius for both, which is too narrow far from the equator of plate carree. */
export const halfWidthsOf = (
  { declaration }: Shape,
  position: SkyPosition,
  radius: number,
  geom: WcsGeom,
): [number, number] => (declaration.sampling === "gammapy" ? [radius, radius] : halfWidths(geom, position, radius));

/** Samples of an image: factor^2 in each pixel of the box. */
interface SampleGrid {
  readonly box: Box;
  readonly factor: number;
}

/** The pixels that may hold a part of the shape; null: it has no place or extent of its own, or they are not in the image. */
function pixelsAround(shape: Shape, p: Float64Array, geom: WcsGeom): Window | null {
  const position = positionOf(shape, p);
  const radius = radiusOf(shape, p);
  if (position === null || !Number.isFinite(radius)) return null;
  const scale = Math.max(...pixelScales(geom));
  const [x, y] = halfWidthsOf(shape, position, Math.max(radius, scale), geom);
  const margin = marginOf(shape, geom);
  return cutout(geom, position, [2 * (x + margin), 2 * (y + margin)])?.window ?? null;
}

export function boxOf(shape: Shape, p: Float64Array, geom: WcsGeom): Box {
  const { x0, y0, nx, ny } = pixelsAround(shape, p, geom) ?? { x0: 0, y0: 0, nx: geom.npix[0], ny: geom.npix[1] };
  return { x0, y0, x1: x0 + nx, y1: y0 + ny };
}

function sampleGrid({ shape, energy }: ShapeSampling, p: Float64Array, geom: WcsGeom, samples: number): SampleGrid {
  const { declaration } = shape;
  const position = positionOf(shape, p);
  const part = pixelsAround(shape, p, geom);
  const binSize = declaration.binSizeMin(p);
  // without extent there is no brightness, on any grid: a fit that tries this need not pay for the finest
  const isNothing =
    binSize === 0 && position !== null && !Number.isFinite(declaration.evaluate(position.lon, position.lat, p, energy));
  const factor = part === null || isNothing ? 1 : samples;
  const whole = { x0: 0, y0: 0, nx: geom.npix[0], ny: geom.npix[1] };
  const { x0, y0, nx, ny } = factor > 1 && part !== null ? part : whole;
  return { box: { x0, y0, x1: x0 + nx, y1: y0 + ny }, factor };
}

/** (lon, lat) of the samples, one after the other; undefined where there are too many to keep. */
function keptPlaces({ shape, sky }: ShapeSampling, geom: WcsGeom, grid: SampleGrid): Float64Array | undefined {
  const { box, factor } = grid;
  const count = (box.x1 - box.x0) * (box.y1 - box.y0) * factor * factor;
  if (count > MAX_KEPT) return undefined;
  const key = [...geom.wcs.crpix, ...geom.npix, box.x0, box.x1, box.y0, box.y1, factor];
  return sky.get(key, () => sampleSky(geom, grid, shape.frame, count));
}

function sampleSky(geom: WcsGeom, { box, factor }: SampleGrid, frame: Frame, count: number): Float64Array {
  const sky = new Float64Array(2 * count);
  const locate = locator(geom, frame);
  const one = new Float64Array(2);
  let next = 0;
  for (let y = box.y0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++) {
      for (let j = 0; j < factor; j++) {
        for (let i = 0; i < factor; i++) {
          locate(x + (i + 0.5) / factor - 0.5, y + (j + 0.5) / factor - 0.5, one);
          sky[next++] = one[0]!;
          sky[next++] = one[1]!;
        }
      }
    }
  }
  return sky;
}

/** From pixel coordinates to (lon, lat) in `frame`; NaN off the sky. */
export function locator(geom: WcsGeom, frame: Frame): (x: number, y: number, out: Float64Array) => void {
  const { pixToSky } = makeProjector(geom.wcs);
  if (geom.wcs.frame === frame) return pixToSky;
  return (x, y, out) => {
    pixToSky(x, y, out);
    if (!Number.isNaN(out[0])) convertFrame(out[0]!, out[1]!, geom.wcs.frame, frame, out);
  };
}

/** Adds brightness and derivatives at (lon, lat) to pixel k of the images. */
export function sampler(
  { shape, free, energy }: ShapeSampling,
  p: Float64Array,
  order: 0 | 1 | 2,
): (lon: number, lat: number, images: readonly Float64Array[], k: number) => void {
  const total = p.length;
  const nq = free.length;
  const g = new Float64Array(total);
  const h = new Float64Array(total * total);
  const { evaluate, derivatives } = functionsAt(shape.declaration, p, energy);
  return (lon, lat, images, k) => {
    if (Number.isNaN(lon)) return;
    if (order === 0) {
      images[0]![k]! += evaluate(lon, lat);
      return;
    }
    images[0]![k]! += derivatives!(lon, lat, g, h, order);
    for (let a = 0, q = 1 + nq; a < nq; a++) {
      images[1 + a]![k]! += g[free[a]!]!;
      if (order === 2) for (let b = 0; b <= a; b++) images[q++]![k]! += h[free[a]! * total + free[b]!]!;
    }
  };
}

function functionsAt(model: SpatialDeclaration, p: Float64Array, energy: number | undefined): SpatialFunction {
  const { evaluate, derivatives } = model;
  const own = evaluate.at?.(p, energy);
  if (own !== undefined && (derivatives === undefined || derivatives.at === evaluate.at)) return own;
  return {
    evaluate: own?.evaluate ?? ((lon, lat) => model.evaluate(lon, lat, p, energy)),
    ...(derivatives && {
      derivatives:
        derivatives.at?.(p, energy).derivatives ??
        ((lon, lat, g, h, order) => model.derivatives!(lon, lat, p, g, h, energy, order)),
    }),
  };
}
