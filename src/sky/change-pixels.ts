/** Images that hold the HEALPix pixels of a map, and HEALPix pixels that an image holds. */
import { SpecError } from "../errors.js";
import { separation, toFrame } from "./frames.js";
import { wcsGeom } from "./geom.js";
import { pixelCenters, pixelsOf } from "./pixels.js";
import type { HealpixGeom, WcsGeom } from "./types.js";

/** An image wider than this, in deg, is one of the whole sky. */
const WHOLE = 120;

/**
 * The image of the pixels that a HEALPix map has: AIT of the whole sky, or TAN around them. `size`: of its pixels, deg, or how many of them lie along its
 * longer side.
 */
export function imageOver(healpix: HealpixGeom, size: { readonly binsz: number } | { readonly npix: number }): WcsGeom {
  const { axes, frame } = healpix;
  const { lon, lat } = pixelCenters(healpix);
  const { index, weight } = pixelsOf(healpix).middle;
  const main = index[weight.indexOf(Math.max(...weight))]!;
  const center = { lon: lon[main]!, lat: lat[main]!, frame };
  const radius = lon.reduce((most, l, i) => Math.max(most, separation(center.lon, center.lat, l, lat[i]!)), 0);
  const width = 2 * (radius + 60 / healpix.nside);
  const whole = width > WHOLE;
  const length = whole ? 360 : width;
  const n = "npix" in size ? size.npix : Math.ceil(length / size.binsz - 1e-9);
  const binsz = "npix" in size ? length / n : size.binsz;
  return whole
    ? wcsGeom({ center: { lon: 0, lat: 0, frame }, npix: [n, Math.ceil(n / 2)], binsz, proj: "AIT", axes })
    : wcsGeom({ center, npix: [n, n], binsz, proj: "TAN", axes });
}

/** The HEALPix pixels whose middles lie in an image, numbered by RING. @throws SpecError where there are none. */
export function healpixOver(image: WcsGeom, nside: number): HealpixGeom {
  const frame = image.wcs.frame === "galactic" ? "galactic" : "icrs";
  const all: HealpixGeom = { kind: "healpix", nside, nested: false, frame, pixels: null, axes: image.axes };
  const { lon, lat } = pixelCenters(all);
  const { frame: own, indexOf } = pixelsOf(image);
  const isInside = (i: number) => {
    const at = toFrame({ lon: lon[i]!, lat: lat[i]!, frame }, own);
    return indexOf(at.lon, at.lat) >= 0;
  };
  const pixels = Int32Array.from(lon.keys()).filter(isInside);
  if (pixels.length === 0) {
    throw new SpecError(`no HEALPix pixel of nside ${nside} has its middle in the image; take a larger nside`);
  }
  return pixels.length === lon.length ? all : { ...all, pixels };
}
