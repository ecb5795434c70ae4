/** Regions turned about a point of a plane. */
import { UnsupportedError } from "../errors.js";
import { offsetBy, separation, toFrame } from "../sky/frames.js";
import type { PixelRegion } from "../sky/pixel-regions.js";
import type { Region, SkyPosition, Wcs } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";

type Point = readonly [number, number];
const DEG = 180 / Math.PI;

const turned = (x: number, y: number, [x0, y0]: Point, angle: number): Point => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [x0 + c * (x - x0) - s * (y - y0), y0 + s * (x - x0) + c * (y - y0)];
};

/** A shape turned counter-clockwise, in pixels; `angle` in rad. */
export function turnedShape(shape: PixelRegion, center: Point, angle: number): PixelRegion {
  const [x, y] = turned(shape.x, shape.y, center, angle);
  // The extent is that of the circle around the shape.
  const [xmin, xmax, ymin, ymax] = shape.extent;
  const reach = Math.hypot(Math.max(xmax - shape.x, shape.x - xmin), Math.max(ymax - shape.y, shape.y - ymin));
  const [x0, y0] = center;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return {
    x,
    y,
    area: shape.area,
    extent: [x - reach, x + reach, y - reach, y + reach],
    contains: (px, py) =>
      Math.abs(px - x) <= reach &&
      Math.abs(py - y) <= reach &&
      shape.contains(x0 + c * (px - x0) + s * (py - y0), y0 - s * (px - x0) + c * (py - y0)),
  };
}

/** The region on the sky that a turned copy is in the plane: its centre (or corners) turned, sized by the scale of the plane there. */
export function turnedRegion(region: Region, wcs: Wcs, center: Point, angle: number): Region {
  const { skyToPix, pixToSky } = makeProjector(wcs);
  const out = new Float64Array(2);
  const move = (position: SkyPosition): SkyPosition => {
    const { lon, lat } = toFrame(position, wcs.frame);
    skyToPix(lon, lat, out);
    const [x, y] = turned(out[0]!, out[1]!, center, angle);
    pixToSky(x, y, out);
    return { lon: out[0]!, lat: out[1]!, frame: wcs.frame };
  };
  if (region.shape === "point") return { ...region, center: move(region.center) };
  if (region.shape === "polygon") return { ...region, vertices: region.vertices.map(move) };
  if (region.shape === "difference") {
    return {
      ...region,
      region: turnedRegion(region.region, wcs, center, angle),
      without: region.without.map((r) => turnedRegion(r, wcs, center, angle)),
    };
  }
  const place = move(region.center);
  const scale = localScale(wcs, place) / localScale(wcs, toFrame(region.center, wcs.frame));
  if (region.shape === "circle") return { ...region, center: place, radius: region.radius / scale };
  if (region.shape === "annulus")
    return { ...region, center: place, inner: region.inner / scale, outer: region.outer / scale };
  if (region.shape === "ellipse" || region.shape === "rectangle") {
    return {
      ...region,
      center: place,
      width: region.width / scale,
      height: region.height / scale,
      angle: region.angle + angle * DEG - northTurn(wcs, region.center, place),
    };
  }
  throw new UnsupportedError({
    where: "OFF regions",
    found: `an ON region of the shape ${region.shape}`,
    expected: "a circle, annulus, ellipse, rectangle, polygon or point",
  });
}

/** Pixels for one arcsec to the north, with its direction. */
function step(wcs: Wcs, position: SkyPosition): Point {
  const { skyToPix } = makeProjector(wcs);
  const out = new Float64Array(2);
  const place = toFrame(position, wcs.frame);
  skyToPix(place.lon, place.lat, out);
  const [x, y] = [out[0]!, out[1]!];
  const north = offsetBy(place, 0, 1 / 3600);
  skyToPix(north.lon, north.lat, out);
  return [out[0]! - x, out[1]! - y];
}

const localScale = (wcs: Wcs, position: SkyPosition): number => Math.hypot(...step(wcs, position));

/** How much north turns between two places of the plane, deg. */
function northTurn(wcs: Wcs, from: SkyPosition, to: SkyPosition): number {
  const [a, b] = [step(wcs, from), step(wcs, to)];
  return (Math.atan2(b[1], b[0]) - Math.atan2(a[1], a[0])) * DEG;
}

/** Distance of two positions, deg. */
export function distance(a: SkyPosition, b: SkyPosition): number {
  const there = toFrame(b, a.frame);
  return separation(a.lon, a.lat, there.lon, there.lat);
}
