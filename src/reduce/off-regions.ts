/** OFF regions: copies of the ON region turned about the pointing. */
import { SpecError } from "../errors.js";
import { separation, toFrame } from "../sky/frames.js";
import { wcsGeom } from "../sky/geom.js";
import type { PixelRegion } from "../sky/pixel-regions.js";
import { regionCenter, regionToPixels } from "../sky/regions.js";
import type { Region, SkyPosition, Wcs, WcsGeom } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";
import { type Excluded, type Exclusion, excludedIn } from "./exclusion.js";
import { turnedRegion, turnedShape } from "./turned.js";

/** OFF regions, and the plane in which they are copies of the ON region. */
export interface OffRegions {
  readonly regions: readonly Region[];
  readonly shapes: readonly PixelRegion[];
  readonly wcs: Wcs;
}

/** How OFF regions are found. Angles in deg, as seen from the pointing. */
export interface ReflectedOptions {
  readonly method?: "reflected";
  readonly exclusion?: Exclusion;
  /** Between neighbouring OFF regions; default 0. */
  readonly minDistance?: number;
  /** Between the ON region and the first; default 0.1 rad. */
  readonly minDistanceInput?: number;
  /** Steps where a place is excluded; default 0.1 rad. */
  readonly increment?: number;
  readonly maxRegions?: number;
}

/** OFF regions at equal angles. */
export interface WobbleOptions {
  readonly method: "wobble";
  readonly exclusion?: Exclusion;
  /** Number of OFF regions. */
  readonly n: number;
}

const RAD = Math.PI / 180;

/**
 * As many copies of the ON region as fit around the pointing at its distance, one after the other, that do not touch what is excluded. Sizes are those of the pixels of
 * 0.01 deg of a tangential plane at the pointing, as in Gammapy's ReflectedRegionsFinder; a pointing inside of the region gives none.
 * @throws SpecError where the increment is not above 0.
 */
export function reflectedRegions(on: Region, pointing: SkyPosition, options: ReflectedOptions = {}): OffRegions {
  const { minDistance = 0, minDistanceInput = 0.1 / RAD, increment = 0.1 / RAD, maxRegions = 10_000 } = options;
  if (!(increment > 0))
    throw new SpecError({
      where: "reflected regions",
      found: `an increment of ${increment} deg`,
      expected: "one above 0",
    });
  const plane = planeOf(on, pointing);
  const size = angularSize(plane);
  const [gap, gapInput, step] = [minDistance * RAD, minDistanceInput * RAD, increment * RAD];
  const angles: number[] = [];
  const excluded = excludedIn(options.exclusion, plane.geom.wcs.frame);
  const end = 2 * Math.PI - size - gap - gapInput;
  for (let angle = size + gap + gapInput; angle < end && angles.length < maxRegions; ) {
    if (isFree(turnedShape(plane.shape, plane.center, angle), plane, excluded)) {
      angles.push(angle);
      angle += size + gap;
    } else angle += step;
  }
  return copies(on, plane, angles);
}

/**
 * `n` copies at equal angles, without those that touch what is excluded; none where two of them overlap. A point is excluded within a pixel of 0.01 deg.
 * @throws SpecError where the number is not a whole one of at least 1.
 */
export function wobbleRegions(on: Region, pointing: SkyPosition, { n, exclusion }: WobbleOptions): OffRegions {
  if (!(Number.isInteger(n) && n > 0))
    throw new SpecError({
      where: "wobble regions",
      found: `${n} OFF regions`,
      expected: "a whole number of at least 1",
    });
  const plane = planeOf(on, pointing);
  const excluded = excludedIn(exclusion, plane.geom.wcs.frame);
  const angles = Array.from({ length: n }, (_, k) => (2 * Math.PI * (k + 1)) / (n + 1)).filter((angle) =>
    isFree(turnedShape(plane.shape, plane.center, angle), plane, excluded),
  );
  const found = copies(on, plane, angles);
  return on.shape !== "point" && overlap(found.shapes, plane.geom) ? { ...found, regions: [], shapes: [] } : found;
}

/** The tangential plane at the pointing, in the frame of the region, with the region in it. */
interface Plane {
  readonly geom: WcsGeom;
  readonly center: readonly [number, number];
  readonly shape: PixelRegion;
}

function planeOf(on: Region, pointing: SkyPosition): Plane {
  const place = regionCenter(on);
  const center = toFrame(pointing, place.frame);
  const width = 4 * separation(place.lon, place.lat, center.lon, center.lat) + 0.3;
  const geom = wcsGeom({ center, binsz: 0.01, width, proj: "TAN" });
  const out = new Float64Array(2);
  const { skyToPix } = makeProjector(geom.wcs);
  skyToPix(center.lon, center.lat, out);
  const [x, y] = [out[0]!, out[1]!];
  const shape = regionToPixels(on, geom.wcs);
  if (shape !== null) return { geom, center: [x, y], shape };
  skyToPix(place.lon, place.lat, out);
  return { geom, center: [x, y], shape: pointShape(out[0]!, out[1]!) };
}

/** A point, touched by what lies within a pixel. */
const pointShape = (x0: number, y0: number): PixelRegion => ({
  x: x0,
  y: y0,
  contains: (x, y) => Math.hypot(x - x0, y - y0) < 1,
  extent: [x0 - 1, x0 + 1, y0 - 1, y0 + 1],
  area: 0,
});

function copies(on: Region, { geom, center, shape }: Plane, angles: readonly number[]): OffRegions {
  return {
    regions: angles.map((angle) => turnedRegion(on, geom.wcs, center, angle)),
    shapes: angles.map((angle) => turnedShape(shape, center, angle)),
    wcs: geom.wcs,
  };
}

/** Calls `visit` with the pixels of the plane whose middles are in a shape, until it returns true. */
function someInside(
  shape: PixelRegion,
  [nx, ny]: readonly [number, number],
  visit: (x: number, y: number) => boolean,
): boolean {
  const [xmin, xmax, ymin, ymax] = shape.extent;
  for (let y = Math.max(0, Math.floor(ymin)); y <= Math.min(ny - 1, Math.ceil(ymax)); y++) {
    for (let x = Math.max(0, Math.floor(xmin)); x <= Math.min(nx - 1, Math.ceil(xmax)); x++) {
      if (shape.contains(x, y) && visit(x, y)) return true;
    }
  }
  return false;
}

/** The spread of the directions of the pixels of the region, seen from the pointing, rad. */
function angularSize({ geom, center, shape }: Plane): number {
  const angles: number[] = [];
  someInside(shape, geom.npix, (x, y) => {
    angles.push(Math.atan2(center[0] - x, center[1] - y));
    return false;
  });
  const spread = (values: readonly number[]) =>
    values.reduce((a, b) => Math.max(a, b), -Infinity) - values.reduce((a, b) => Math.min(a, b), Infinity);
  const size = spread(angles);
  return size > Math.PI ? spread(angles.map((a) => (a >= 0 ? a - 2 * Math.PI : a))) : size;
}

function isFree(shape: PixelRegion, { geom }: Plane, excluded: Excluded): boolean {
  const { pixToSky } = makeProjector(geom.wcs);
  const out = new Float64Array(2);
  pixToSky(shape.x, shape.y, out);
  const [xmin, xmax] = shape.extent;
  if (!excluded.isNear(out[0]!, out[1]!, ((xmax - xmin) / 2 + 2) * 0.01)) return true;
  return !someInside(shape, geom.npix, (x, y) => {
    pixToSky(x, y, out);
    return excluded.contains(out[0]!, out[1]!);
  });
}

function overlap(shapes: readonly PixelRegion[], geom: WcsGeom): boolean {
  const taken = new Set<number>();
  return shapes.some((shape) => {
    const own: number[] = [];
    const hit = someInside(shape, geom.npix, (x, y) => {
      own.push(y * geom.npix[0] + x);
      return taken.has(own.at(-1)!);
    });
    for (const pixel of own) taken.add(pixel);
    return hit;
  });
}
