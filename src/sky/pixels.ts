/** Pixels of geometries of all kinds: how many they are, where, and how large. */
import { UnsupportedError } from "../errors.js";
import { nBins } from "./axis.js";
import { toFrame } from "./frames.js";
import { healpixPixelisation } from "./healpix-pixels.js";
import type { Pixelisation } from "./pixelisation.js";
import { regionPixelisation } from "./region-pixels.js";
import type { Frame, Geom, Pixels, SkyPosition, WcsGeom } from "./types.js";
import { wcsPixelisation } from "./wcs-pixels.js";

const PIXELISATIONS: { readonly [K in Geom["kind"]]: Pixelisation<Extract<Geom, { kind: K }>> } = {
  wcs: wcsPixelisation,
  region: regionPixelisation,
  healpix: healpixPixelisation,
};

const pixelisationOf = (geom: Geom): Pixelisation<Geom> => PIXELISATIONS[geom.kind] as unknown as Pixelisation<Geom>;

/** The pixels of a geometry, without its other axes. */
export function pixelsOf(geom: Geom): Pixels {
  return pixelisationOf(geom).pixels(geom);
}

/** Shape of one image of a map's data: [ny, nx], or [1, 1] of a region. */
export function imageShape(geom: Geom): readonly number[] {
  return pixelisationOf(geom).shape(geom);
}

/** Number of pixels of a geometry, without its other axes. */
export function nPix(geom: Geom): number {
  return imageShape(geom).reduce((n, length) => n * length, 1);
}

/** Columns and rows of one image of the data; pixels that are in no image are in one row. */
export function imageSize(geom: Geom): readonly [nx: number, ny: number] {
  const [ny, nx] = imageShape(geom);
  return nx === undefined ? [ny!, 1] : [nx, ny!];
}

/** Shape of a map's data: the bins of the axes, the last of them first, then the pixels. */
export function shape(geom: Geom): number[] {
  return [...geom.axes.map(nBins).reverse(), ...imageShape(geom)];
}

/** Number of values of a map. */
export function size(geom: Geom): number {
  return geom.axes.reduce((n, axis) => n * nBins(axis), nPix(geom));
}

/** The frame of a geometry's positions. */
export function geomFrame(geom: Geom): Frame {
  return pixelisationOf(geom).frame(geom);
}

/** "50 x 40 pixels of a TAN image", "one region" */
export function describePixels(geom: Geom): string {
  return pixelisationOf(geom).describe(geom);
}

/** Whether pixels of equal index are the same. */
export function samePixels(a: Geom, b: Geom): boolean {
  return a.kind === b.kind && pixelisationOf(a).same(a, b);
}

/** Longitude and latitude of the middle of each pixel [nPix], deg in the geometry's frame; NaN off the sky. */
export function pixelCenters(geom: Geom): { lon: Float64Array; lat: Float64Array } {
  const pixels = pixelsOf(geom);
  const lon = new Float64Array(pixels.nPix);
  const lat = new Float64Array(pixels.nPix);
  const out = new Float64Array(2);
  for (let i = 0; i < pixels.nPix; i++) {
    pixels.center(i, out);
    lon[i] = out[0]!;
    lat[i] = out[1]!;
  }
  return { lon, lat };
}

/** The middle of one pixel; NaN off the sky. */
export function pixelCenter(geom: Geom, index: number): SkyPosition {
  const pixels = pixelsOf(geom);
  const out = new Float64Array(2);
  pixels.center(index, out);
  return { lon: out[0]!, lat: out[1]!, frame: pixels.frame };
}

/** Solid angle of each pixel, sr, [nPix]; NaN where a part of it is off the sky. */
export function solidAngle(geom: Geom): Float64Array {
  return pixelsOf(geom).solidAngles();
}

/** Whether a pixel holds the position. */
export function contains(geom: Geom, position: SkyPosition): boolean {
  const pixels = pixelsOf(geom);
  const { lon, lat } = toFrame(position, pixels.frame);
  return pixels.indexOf(lon, lat) >= 0;
}

/** A geometry whose pixels are an image, for code that needs rows and columns; others are refused. `where`: starts the message. */
export function imageGeom(geom: Geom, where: string): WcsGeom {
  if (geom.kind === "wcs") return geom;
  throw new UnsupportedError(
    `${where}: found ${describePixels(geom)}, expected an image with rows and columns of pixels (WCS)`,
  );
}
