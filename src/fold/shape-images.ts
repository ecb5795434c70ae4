/** Images of a shape and their derivatives. */
import type { Box } from "../math/convolution.js";
import { affine, type Jet } from "../models/jet.js";
import { pixelScales } from "../sky/geom.js";
import type { WcsGeom } from "../sky/types.js";
import { blend } from "./blend.js";
import { fillIntegrated } from "./edges/integrated.js";
import { packedLength } from "./flux/types.js";
import { fillNarrow, integratedShare } from "./narrow.js";
import { oversampling } from "./oversampling.js";
import { profilesOf } from "./shape.js";
import { boxOf, fillSampled, type ShapeSampling } from "./shape-sampling.js";

/** Images of a shape, and the pixels outside of which they are zero. */
export interface ShapeImages {
  readonly images: readonly Float64Array[];
  readonly box: Box;
  /** Work arrays: images that are mixed in. */
  readonly others: readonly Float64Array[];
}

/**
 * Share of a source in each pixel `[ny, nx]`: surface brightness times solid angle, integrated along the edges of pixels where the shape is made of profiles, else sampled on a finer grid where it asks for it
 * (Gammapy's SpatialModel.integrate_geom), or, of a shape much narrower than a pixel, the image of a point with its variance. From one to the next it passes smoothly. Image 0
 * is the share; from order 1 follow the derivatives by the free parameters, from order 2 the second derivatives, packed as in FluxVector. `kept`: what an earlier call
 * returned, whose images are overwritten.
 */
export function shapeImages(
  sampling: ShapeSampling,
  p: Float64Array,
  geom: WcsGeom,
  order: 0 | 1 | 2,
  kept?: ShapeImages,
): ShapeImages {
  const { shape } = sampling;
  const [nx, ny] = geom.npix;
  const free = order === 0 ? [] : sampling.free;
  const zero = (former?: readonly Float64Array[]) => zeroImages(imageCount(free.length, order), nx * ny, former);
  const images = zero(kept?.images);
  let others = kept?.others ?? [];
  const share = integratedShare(shape, p, geom, free);
  if (share === 0) return { images, box: fillNarrow(shape, p, geom, free, order, images), others };
  const profiles = profilesOf(shape.declaration);
  const { factor, more } =
    profiles === undefined ? oversampling(shape.declaration, p, Math.max(...pixelScales(geom)), free) : { factor: 0 };
  let box =
    profiles === undefined
      ? fillSampled(sampling, p, geom, order, factor, images)
      : fillIntegrated(sampling, profiles(p), p, geom, boxOf(shape, p, geom), order, images);
  const mix = (fill: (other: readonly Float64Array[]) => Box, weight: Jet) => {
    others = zero(others);
    box = union(box, fill(others));
    blend(images, others, weight, order, nx, box);
  };
  if (more !== undefined) mix((other) => fillSampled(sampling, p, geom, order, factor + 1, other), more);
  if (share !== 1) mix((other) => fillNarrow(shape, p, geom, free, order, other), affine(-1, share, 1));
  return { images, box, others };
}

const union = (a: Box, b: Box): Box => ({
  x0: Math.min(a.x0, b.x0),
  x1: Math.max(a.x1, b.x1),
  y0: Math.min(a.y0, b.y0),
  y1: Math.max(a.y1, b.y1),
});

/** Of a shape with nq free parameters: value, first and second derivatives. */
function imageCount(nq: number, order: 0 | 1 | 2): number {
  return order === 0 ? 1 : order === 1 ? 1 + nq : 1 + nq + packedLength(nq);
}

function zeroImages(count: number, length: number, kept: readonly Float64Array[] = []): Float64Array[] {
  return Array.from({ length: count }, (_, i) => {
    const former = kept[i];
    return former?.length === length ? former.fill(0) : new Float64Array(length);
  });
}
