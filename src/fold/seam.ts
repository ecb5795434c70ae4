/** Extended sources where a map of the whole sky joins itself. */

import { toFrame } from "../sky/frames.js";
import { isClosed } from "../sky/seam.js";
import type { WcsGeom } from "../sky/types.js";
import { projectedPosition } from "../sky/wcs-pixels.js";
import { positionOf, radiusOf, type Shape } from "./shape.js";

/** What of an extended source is lost, in words: the part across the seam, which images on one window do not hold. */
export function seamWarnings(shape: Shape, p: Float64Array, geom: WcsGeom, name: string, dataset: string): string[] {
  const position = positionOf(shape, p);
  const radius = radiusOf(shape, p);
  if (shape.declaration.point === true || position === null || !Number.isFinite(radius) || !isClosed(geom)) return [];
  const [x] = projectedPosition(geom, position);
  const { lat } = toFrame(position, geom.wcs.frame);
  // columns are steps of longitude
  const columns = radius / (Math.abs(geom.wcs.cd[0]) * Math.max(Math.cos((lat * Math.PI) / 180), 1e-3));
  if (x - columns >= -0.5 && x + columns <= geom.npix[0] - 0.5) return [];
  return [
    `source "${name}" reaches over the seam of the map of the whole sky of dataset "${dataset}", where it is cut: what lies on the other side is not predicted; take a map whose edge is elsewhere, or cut the sky in parts`,
  ];
}
