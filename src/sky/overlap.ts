/** How the pixels of one image overlap those of another. */
import { convertFrame } from "./frames.js";
import { createClip, emptyPolygon, polygonArea } from "./polygon.js";
import type { WcsGeom } from "./types.js";
import { makeProjector } from "./wcs.js";

/** Takes a pixel of the target, the share of the source pixel that is in it, and the area of that share in pixels of the target. */
export type Visit = (target: number, share: number, area: number) => void;

/** Halvings of a pixel that the edge of a map of the sky tears apart. */
const DEPTH = 5;
/** The middle of a quadrilateral and the mean of its corners may differ by this part of its diagonals. */
const DISTORTION = 0.1;
/** Signs of the corners of a square, around it. */
const CORNERS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
] as const;

/**
 * A function that visits the pixels of `to` that a pixel of `from` overlaps. Pixels are quadrilaterals in the pixels of `to`: their corners are exact, their sides
 * straight. One that is bent too much for that, or torn by the edge of a map of the sky, is halved until its parts are not.
 */
export function makeOverlaps(from: WcsGeom, to: WcsGeom): (pixel: number, visit: Visit) => void {
  const { pixToSky } = makeProjector(from.wcs);
  const { skyToPix } = makeProjector(to.wcs);
  const [width] = from.npix;
  const [nx, ny] = to.npix;
  const point = new Float64Array(2);
  const polygon = emptyPolygon(4);
  const areaWithin = createClip();

  /** Writes the pixel position in `to` of one in `from` into `point`. */
  function locate(x: number, y: number): void {
    pixToSky(x, y, point);
    if (Number.isNaN(point[0])) return;
    convertFrame(point[0]!, point[1]!, from.wcs.frame, to.wcs.frame, point);
    skyToPix(point[0]!, point[1]!, point);
  }

  /** Takes the corners of the square of half width h around (x, y); false where they are no quadrilateral on the map. */
  function isQuadrilateral(x: number, y: number, h: number): boolean {
    let meanX = 0;
    let meanY = 0;
    polygon.count = 0;
    for (const [u, v] of CORNERS) {
      locate(x + u * h, y + v * h);
      polygon.x[polygon.count] = point[0]!;
      polygon.y[polygon.count++] = point[1]!;
      meanX += point[0]! / 4;
      meanY += point[1]! / 4;
    }
    locate(x, y);
    const diagonal = (k: number) => Math.hypot(polygon.x[k + 2]! - polygon.x[k]!, polygon.y[k + 2]! - polygon.y[k]!);
    // NaN where a corner is off the sky
    return Math.hypot(point[0]! - meanX, point[1]! - meanY) <= DISTORTION * Math.max(diagonal(0), diagonal(1));
  }

  /** Visits the pixels under the polygon, which is `share` of a pixel. */
  function visitPolygon(share: number, visit: Visit): void {
    const { x, y } = polygon;
    const scale = share / polygonArea(polygon);
    const firstX = Math.max(0, Math.floor(Math.min(x[0]!, x[1]!, x[2]!, x[3]!) + 0.5));
    const lastX = Math.min(nx - 1, Math.floor(Math.max(x[0]!, x[1]!, x[2]!, x[3]!) + 0.5));
    const lastY = Math.min(ny - 1, Math.floor(Math.max(y[0]!, y[1]!, y[2]!, y[3]!) + 0.5));
    for (let j = Math.max(0, Math.floor(Math.min(y[0]!, y[1]!, y[2]!, y[3]!) + 0.5)); j <= lastY; j++) {
      for (let i = firstX; i <= lastX; i++) {
        const area = areaWithin(polygon, i - 0.5, i + 0.5, j - 0.5, j + 0.5);
        if (area > 0) visit(j * nx + i, scale * area, area);
      }
    }
  }

  /** The square of half width h around (x, y), which is `share` of a pixel. */
  function visitSquare(x: number, y: number, h: number, share: number, depth: number, visit: Visit): void {
    if (isQuadrilateral(x, y, h) && polygonArea(polygon) > 0) {
      visitPolygon(share, visit);
      return;
    }
    if (depth < DEPTH) {
      for (const [u, v] of CORNERS) visitSquare(x + (u * h) / 2, y + (v * h) / 2, h / 2, share / 4, depth + 1, visit);
      return;
    }
    // so small that its middle stands for it
    locate(x, y);
    const i = Math.floor(point[0]! + 0.5);
    const j = Math.floor(point[1]! + 0.5);
    if (i >= 0 && j >= 0 && i < nx && j < ny) visit(j * nx + i, share, 0);
  }

  return (pixel, visit) => visitSquare(pixel % width, Math.floor(pixel / width), 0.5, 1, 0, visit);
}
