/**
 * Sky regions seen in the pixels of a WCS, with the conventions of astropy-regions: a shape keeps its form in pixels,
 * sized by the pixel scale at its centre and turned by the direction of north there. Where pixels are no squares (or longitude increases to the
 * right) it keeps its form in the plane of the projection instead, so that a circle stays one on the sky.
 */
import { SpecError } from "../errors.js";
import { convertFrame, offsetBy, toFrame } from "./frames.js";
import { determinant, isSquare, rotatedSteps } from "./linear.js";
import {
  oblique,
  type PixelRegion,
  type Point,
  pixelDifference,
  pixelEllipse,
  pixelPolygon,
  pixelRectangle,
  pixelRing,
} from "./pixel-regions.js";
import type { Frame, Region, SkyPosition, Wcs } from "./types.js";
import { makeProjector } from "./wcs.js";

const DEG = 180 / Math.PI;
const ARCSEC = 1 / 3600;

/** The shape of `region` in the pixels of `wcs`; null for a point, which has none. */
export function regionToPixels(region: Region, wcs: Wcs): PixelRegion | null {
  if (region.shape === "point") return null;
  if (region.shape === "difference") {
    const whole = regionToPixels(region.region, wcs);
    return (
      whole &&
      pixelDifference(
        whole,
        region.without.flatMap((r) => regionToPixels(r, wcs) ?? []),
      )
    );
  }
  const { skyToPix } = makeProjector(wcs);
  const out = new Float64Array(2);
  const place = (position: SkyPosition): Point => {
    const { lon, lat } = toFrame(position, wcs.frame);
    skyToPix(lon, lat, out);
    return [out[0]!, out[1]!];
  };
  if (region.shape === "polygon") return pixelPolygon(region.vertices.map(place));
  const [x0, y0] = place(region.center);
  const [x1, y1] = place(offsetBy(region.center, 0, ARCSEC));
  const [dx, dy] = [x1 - x0, y1 - y0];
  if (isSquare(wcs.cd) && determinant(wcs.cd) < 0) return shapeAt(region, [x0, y0], dx, dy);
  // west and north in the plane, as the pixels of a usual map lie
  const [a, b, c, d] = wcs.cd;
  const toPlane = [-a, -b, c, d] as const;
  return oblique(shapeAt(region, [0, 0], -(a * dx + b * dy), c * dx + d * dy), [x0, y0], toPlane);
}

/** A shape with its centre at a point; (dx, dy) is the step of one arcsec to the north of its frame. */
function shapeAt(
  region: Exclude<Region, { shape: "point" | "polygon" | "difference" }>,
  center: Point,
  dx: number,
  dy: number,
): PixelRegion {
  const scale = ARCSEC / Math.hypot(dx, dy);
  switch (region.shape) {
    case "circle": {
      const d = (2 * region.radius) / scale;
      const circle = pixelEllipse(center, d, d, 0);
      return { ...circle, contains: (x, y) => Math.hypot(x - circle.x, y - circle.y) < d / 2 };
    }
    case "annulus": {
      const circle = pixelEllipse(center, (2 * region.outer) / scale, (2 * region.outer) / scale, 0);
      const area = (Math.PI * (region.outer ** 2 - region.inner ** 2)) / scale ** 2;
      const contains = (x: number, y: number) => {
        const r = Math.hypot(x - circle.x, y - circle.y) * scale;
        return r < region.outer && r >= region.inner;
      };
      return { ...circle, area, contains };
    }
    default: {
      const make = region.shape.startsWith("ellipse") ? pixelEllipse : pixelRectangle;
      const angle = region.angle + Math.atan2(dy, dx) * DEG - 90;
      const shape = (width: number, height: number) => make(center, width / scale, height / scale, angle);
      return "outer" in region
        ? pixelRing(shape(...region.inner), shape(...region.outer))
        : shape(region.width, region.height);
    }
  }
}

/** Where a region is: its centre; of a polygon the mean direction of its corners, of a difference the centre of the whole. */
export function regionCenter(region: Region): SkyPosition {
  if (region.shape === "difference") return regionCenter(region.region);
  return region.shape === "polygon" ? meanPosition(region.vertices) : region.center;
}

/**
 * The mean direction of positions, in the frame of the first.
 * @throws SpecError where there are none.
 */
export function meanPosition(positions: readonly SkyPosition[]): SkyPosition {
  const first = positions[0];
  if (first === undefined) throw new SpecError("No positions given, expected at least one to take the mean of");
  if (positions.length === 1) return first;
  const all = positions.map((position) => toFrame(position, first.frame));
  const mean = meanDirection(
    all.map(({ lon }) => lon),
    all.map(({ lat }) => lat),
  );
  return { ...mean, frame: first.frame };
}

/** The mean direction of longitudes and latitudes [n], deg; those that are not finite do not count. */
export function meanDirection(lon: ArrayLike<number>, lat: ArrayLike<number>): { lon: number; lat: number } {
  let [x, y, z] = [0, 0, 0];
  for (let i = 0; i < lon.length; i++) {
    const [a, b] = [lon[i]! / DEG, lat[i]! / DEG];
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    x += Math.cos(b) * Math.cos(a);
    y += Math.cos(b) * Math.sin(a);
    z += Math.sin(b);
  }
  const mean = Math.atan2(y, x) * DEG;
  return { lon: mean < 0 ? mean + 360 : mean, lat: Math.atan2(z, Math.hypot(x, y)) * DEG };
}

/** The tangential WCS around a position, on which regions without an image of their own are measured. */
export function tangentWcs(center: SkyPosition, binsz: number, npix: readonly [number, number]): Wcs {
  const { lon, lat, frame } = center;
  return {
    projection: "TAN",
    frame,
    crval: [lon, lat],
    crpix: [(npix[0] + 1) / 2, (npix[1] + 1) / 2],
    cd: rotatedSteps(-binsz, binsz),
    lonpole: lat < 90 ? 180 : 0,
    latpole: lat,
  };
}

/** Whether positions are in a region, seen in the tangential plane at its centre. A point contains everything, as in Gammapy. */
export function makeRegionTest(region: Region): (position: SkyPosition) => boolean {
  const { frame } = regionCenter(region);
  const isInside = coordinateTest(region, frame);
  return (position) => {
    const { lon, lat } = toFrame(position, frame);
    return isInside(lon, lat);
  };
}

/** {@link makeRegionTest} for many coordinates of one frame, deg: calls allocate nothing. */
export function coordinateTest(region: Region, frame: Frame): (lon: number, lat: number) => boolean {
  const center = regionCenter(region);
  const wcs = tangentWcs(center, 0.1, [1, 1]);
  const pixels = regionToPixels(region, wcs);
  if (pixels === null) return () => true;
  const { skyToPix } = makeProjector(wcs);
  const out = new Float64Array(2);
  return (lon, lat) => {
    convertFrame(lon, lat, frame, center.frame, out);
    skyToPix(out[0]!, out[1]!, out);
    return pixels.contains(out[0]!, out[1]!);
  };
}

/** A distance from the centre of a region that nothing in it exceeds, deg; 0 of a point. */
export function regionReach(region: Region): number {
  const pixels = regionToPixels(region, tangentWcs(regionCenter(region), 0.1, [1, 1]));
  if (pixels === null) return 0;
  // distances in a tangential plane are at least those on the sky
  const [xmin, xmax, ymin, ymax] = pixels.extent;
  return 0.1 * Math.hypot(Math.max(xmax, -xmin), Math.max(ymax, -ymin));
}

/** {@link makeRegionTest} for one position. */
export function regionContains(region: Region, position: SkyPosition): boolean {
  return makeRegionTest(region)(position);
}
