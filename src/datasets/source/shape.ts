import type { SpatialDeclaration } from "../../models/declaration.js";
import { convertFrame } from "../../sky/frames.js";
import { cutout, pixelScales } from "../../sky/geom.js";
import { solidAngle } from "../../sky/solid-angle.js";
import type { Frame, SkyPosition, WcsGeom } from "../../sky/types.js";
import { makeProjector } from "../../sky/wcs.js";
import { packedLength } from "../flux/types.js";

const MAX_OVERSAMPLING = 200;
/** Gammapy's margin around the evaluation radius, deg. */
export const CUTOUT_MARGIN = 0.1;

/**
 * Share of a source in each pixel `[ny, nx]`: surface brightness times solid angle, sampled on a finer grid where the shape asks for it
 * (Gammapy's SpatialModel.integrate_geom). Image 0 is the share; from order 1 follow the derivatives by the parameters `free`, from order 2 the second
 * derivatives, packed as in FluxVector.
 */
export function shapeImages(
  model: SpatialDeclaration,
  p: Float64Array,
  frame: Frame,
  free: readonly number[],
  position: SkyPosition | null,
  geom: WcsGeom,
  order: 0 | 1 | 2,
): Float64Array[] {
  const [nx, ny] = geom.npix;
  const nq = free.length;
  const count = order === 0 ? 1 : order === 1 ? 1 + nq : 1 + nq + packedLength(nq);
  const images = Array.from({ length: count }, () => new Float64Array(nx * ny));
  const scale = Math.max(...pixelScales(geom));
  const radius = model.global === true ? Number.POSITIVE_INFINITY : model.evaluationRadius(p);
  const part =
    position === null || !Number.isFinite(radius) ? null : cutout(geom, position, 2 * Math.max(radius, scale));
  const factor = part === null ? 1 : oversampling(scale, model.binSizeMin(p));
  const window = factor > 1 && part !== null ? part.window : { x0: 0, y0: 0, nx, ny };
  const sample = sampler(model, p, frame, free, geom, order);
  const areas = solidAngle(geom);
  for (let y = window.y0; y < window.y0 + window.ny; y++) {
    for (let x = window.x0; x < window.x0 + window.nx; x++) {
      const pixel = y * nx + x;
      for (let j = 0; j < factor; j++) {
        for (let i = 0; i < factor; i++) {
          sample(x + (i + 0.5) / factor - 0.5, y + (j + 0.5) / factor - 0.5, images, pixel);
        }
      }
      const weight = areas[pixel]! / (factor * factor);
      for (const image of images) image[pixel] = Number.isFinite(weight) ? image[pixel]! * weight : 0;
    }
  }
  return images;
}

function oversampling(scale: number, binSizeMin: number | undefined): number {
  if (binSizeMin === undefined) return 1;
  return binSizeMin > 0 ? Math.min(Math.ceil(scale / binSizeMin), MAX_OVERSAMPLING) : MAX_OVERSAMPLING;
}

/** Adds brightness and derivatives at pixel position (x, y) to pixel k of the images. */
function sampler(
  model: SpatialDeclaration,
  p: Float64Array,
  frame: Frame,
  free: readonly number[],
  geom: WcsGeom,
  order: 0 | 1 | 2,
): (x: number, y: number, images: readonly Float64Array[], k: number) => void {
  const projector = makeProjector(geom.wcs);
  const sky = new Float64Array(2);
  const total = p.length;
  const nq = free.length;
  const g = new Float64Array(total);
  const h = new Float64Array(total * total);
  return (x, y, images, k) => {
    projector.pixToSky(x, y, sky);
    if (Number.isNaN(sky[0])) return;
    if (geom.wcs.frame !== frame) convertFrame(sky[0]!, sky[1]!, geom.wcs.frame, frame, sky);
    if (order === 0) {
      images[0]![k]! += model.evaluate(sky[0]!, sky[1]!, p);
      return;
    }
    images[0]![k]! += model.derivatives!(sky[0]!, sky[1]!, p, g, h);
    for (let a = 0, q = 1 + nq; a < nq; a++) {
      images[1 + a]![k]! += g[free[a]!]!;
      if (order === 2) for (let b = 0; b <= a; b++) images[q++]![k]! += h[free[a]! * total + free[b]!]!;
    }
  };
}
