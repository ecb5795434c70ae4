import { SpecError } from "../errors.js";
import { convertFrame } from "../sky/frames.js";
import { pixelScales } from "../sky/geom.js";
import { imageGeom, nPix } from "../sky/pixels.js";
import type { SkyMap } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";

/** A local maximum of an image. */
export interface Peak {
  readonly value: number;
  /** 0-based pixel. */
  readonly x: number;
  readonly y: number;
  /** ICRS, deg. */
  readonly ra: number;
  readonly dec: number;
}

/** Options of `findPeaks`. */
export interface PeakOptions {
  /** Only values above this. */
  readonly threshold: number;
  /** No two peaks nearer than this, deg, in either direction of the pixels; default: one pixel. */
  readonly minDistance?: number;
  /** Number of the energy bin; default 0. */
  readonly energyBin?: number;
}

/**
 * Pixels that none is above in a square of `minDistance` around them, highest first, as Gammapy's find_peaks finds them; of equal neighbours the first. NaN is
 * no value.
 * @throws SpecError where the map has no such energy bin.
 * @throws UnsupportedError where it is no image of pixels.
 */
export function findPeaks(map: SkyMap, { threshold, minDistance, energyBin = 0 }: PeakOptions): Peak[] {
  const geom = imageGeom(map.geom, "findPeaks");
  const n = nPix(geom);
  const [nx, ny] = geom.npix;
  const image = map.data.subarray(energyBin * n, (energyBin + 1) * n);
  if (image.length === 0) throw new SpecError(`findPeaks: there is no energy bin ${energyBin}`);
  const [sx, sy] = pixelScales(geom);
  const half = minDistance === undefined ? 1 : Math.round((minDistance / sx + minDistance / sy) / 2);
  const { pixToSky } = makeProjector(geom.wcs);
  const sky = new Float64Array(2);
  const peaks: Peak[] = [];
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const value = image[y * nx + x]!;
      if (!(value > threshold) || !isHighest(image, nx, ny, x, y, half)) continue;
      pixToSky(x, y, sky);
      convertFrame(sky[0]!, sky[1]!, geom.wcs.frame, "icrs", sky);
      peaks.push({ value, x, y, ra: sky[0]!, dec: sky[1]! });
    }
  }
  return peaks.sort((a, b) => b.value - a.value);
}

function isHighest(image: Float64Array, nx: number, ny: number, x: number, y: number, half: number): boolean {
  const value = image[y * nx + x]!;
  for (let v = Math.max(0, y - half); v <= Math.min(ny - 1, y + half); v++) {
    for (let u = Math.max(0, x - half); u <= Math.min(nx - 1, x + half); u++) {
      const other = image[v * nx + u]!;
      if (other > value || (other === value && v * nx + u < y * nx + x)) return false;
    }
  }
  return true;
}
