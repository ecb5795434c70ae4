import type { CacheScope } from "../math/cache.js";
import type { Box } from "../math/convolution.js";
import type { SpatialDeclaration } from "../models/declaration.js";
import { convertFrame } from "../sky/frames.js";
import { cutout, pixelScales } from "../sky/geom.js";
import { imageSolidAngles } from "../sky/solid-angle.js";
import type { Frame, SkyPosition, WcsGeom } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";
import { packedLength } from "./flux/types.js";
import type { Response } from "./response.js";

const MAX_OVERSAMPLING = 200;
/** Gammapy's margin around the evaluation radius, deg. */
export const CUTOUT_MARGIN = 0.1;

/** Images of a shape, and the pixels outside of which they are zero. */
export interface ShapeImages {
  readonly images: readonly Float64Array[];
  readonly box: Box;
}

/** What stays the same from one set of shape parameters to the next while the grid of samples does. */
export interface Samples {
  /** Solid angles of the pixels of a window. */
  readonly areas: CacheScope<Float64Array>;
  /** (lon, lat) of every sample in the model's frame, in the order in which they are read. */
  readonly sky: CacheScope<Float64Array>;
}

/** Beyond this many, sample positions are computed anew each time. */
const MAX_KEPT = 1 << 18;

export const createSamples = (response: Response): Samples => ({
  areas: response.arrays("solid angles of windows"),
  sky: response.arrays("sample positions of shapes"),
});

/**
 * Share of a source in each pixel `[ny, nx]`: surface brightness times solid angle, sampled on a finer grid where the shape asks for it
 * (Gammapy's SpatialModel.integrate_geom). Image 0 is the share; from order 1 follow the derivatives by the parameters `free`, from order 2 the second
 * derivatives, packed as in FluxVector. `samples`: those of earlier calls
 * for the same frame and map; `kept`: what an earlier call returned, whose images are overwritten.
 */
export function shapeImages(
  model: SpatialDeclaration,
  p: Float64Array,
  frame: Frame,
  free: readonly number[],
  position: SkyPosition | null,
  geom: WcsGeom,
  order: 0 | 1 | 2,
  samples: Samples,
  kept?: ShapeImages,
): ShapeImages {
  const [nx, ny] = geom.npix;
  const nq = free.length;
  const count = order === 0 ? 1 : order === 1 ? 1 + nq : 1 + nq + packedLength(nq);
  const images = Array.from({ length: count }, (_, i) => {
    const former = kept?.images[i];
    return former?.length === nx * ny ? former.fill(0) : new Float64Array(nx * ny);
  });
  const scale = Math.max(...pixelScales(geom));
  const radius = model.global === true ? Number.POSITIVE_INFINITY : model.evaluationRadius(p);
  const part =
    position === null || !Number.isFinite(radius) ? null : cutout(geom, position, 2 * Math.max(radius, scale));
  const binSize = model.binSizeMin(p);
  // without extent there is no brightness, on any grid: a fit that tries this need not pay for the finest
  const isNothing =
    binSize === 0 && position !== null && !Number.isFinite(model.evaluate(position.lon, position.lat, p));
  const factor = part === null || isNothing ? 1 : oversampling(scale, binSize);
  const { x0, y0, ...size } = factor > 1 && part !== null ? part.window : { x0: 0, y0: 0, nx, ny };
  const box = { x0, y0, x1: x0 + size.nx, y1: y0 + size.ny };
  const places = samplePlaces(geom, box, factor, frame, samples);
  const areas = samples.areas.get([...geom.wcs.crpix, nx, ny], () => imageSolidAngles(geom));
  const sample = sampler(model, p, free, order);
  const sky = new Float64Array(2);
  const locate = places === undefined ? locator(geom, frame) : undefined;
  let next = 0;
  for (let y = y0; y < box.y1; y++) {
    for (let x = x0; x < box.x1; x++) {
      const pixel = y * nx + x;
      for (let j = 0; j < factor; j++) {
        for (let i = 0; i < factor; i++) {
          if (places === undefined) {
            locate!(x + (i + 0.5) / factor - 0.5, y + (j + 0.5) / factor - 0.5, sky);
            sample(sky[0]!, sky[1]!, images, pixel);
          } else sample(places[next++]!, places[next++]!, images, pixel);
        }
      }
      const weight = areas[pixel]! / (factor * factor);
      for (const image of images) image[pixel] = Number.isFinite(weight) ? image[pixel]! * weight : 0;
    }
  }
  return { images, box };
}

/** Absent where there are too many to keep. */
function samplePlaces(geom: WcsGeom, box: Box, factor: number, frame: Frame, samples: Samples) {
  const count = (box.x1 - box.x0) * (box.y1 - box.y0) * factor * factor;
  if (count > MAX_KEPT) return undefined;
  const key = [...geom.wcs.crpix, ...geom.npix, box.x0, box.x1, box.y0, box.y1, factor];
  return samples.sky.get(key, () => sampleSky(geom, box, factor, frame, count));
}

function sampleSky(geom: WcsGeom, box: Box, factor: number, frame: Frame, count: number): Float64Array {
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

function oversampling(scale: number, binSizeMin: number | undefined): number {
  if (binSizeMin === undefined) return 1;
  return binSizeMin > 0 ? Math.min(Math.ceil(scale / binSizeMin), MAX_OVERSAMPLING) : MAX_OVERSAMPLING;
}

/** Adds brightness and derivatives at (lon, lat) to pixel k of the images. */
function sampler(
  model: SpatialDeclaration,
  p: Float64Array,
  free: readonly number[],
  order: 0 | 1 | 2,
): (lon: number, lat: number, images: readonly Float64Array[], k: number) => void {
  const total = p.length;
  const nq = free.length;
  const g = new Float64Array(total);
  const h = new Float64Array(total * total);
  return (lon, lat, images, k) => {
    if (Number.isNaN(lon)) return;
    if (order === 0) {
      images[0]![k]! += model.evaluate(lon, lat, p);
      return;
    }
    images[0]![k]! += model.derivatives!(lon, lat, p, g, h, undefined, order);
    for (let a = 0, q = 1 + nq; a < nq; a++) {
      images[1 + a]![k]! += g[free[a]!]!;
      if (order === 2) for (let b = 0; b <= a; b++) images[q++]![k]! += h[free[a]! * total + free[b]!]!;
    }
  };
}
