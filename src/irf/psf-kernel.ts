import { axisCenters, axisPix, nBins } from "../sky/axis.js";
import { pixelScales, roundUpToOdd, wcsGeom } from "../sky/geom.js";
import type { MapAxis, WcsGeom } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";
import { type PsfProfile, profileAtEnergy, radiusFinder } from "./psf.js";

/** Images `data[(t * size + y) * size + x]`, each summing to one (or zero), centred on the middle pixel; `half[t]` pixels around it can be non-zero. */
export interface PsfKernel {
  readonly size: number;
  readonly half: Int32Array;
  readonly data: Float64Array;
}

/** Radius of the images: this fraction of the events. */
const CONTAINMENT = 0.999;
/** Samples per 68 % radius, and their limit. */
const PRECISION = 12;
const MAX_OVERSAMPLING = 4;
const RAD = Math.PI / 180;

/**
 * The psf on the pixels of a true-energy geometry, as Gammapy's PSFMap.get_psf_kernel computes it: image j is sampled at the centre of energy
 * bin j on up to 4 x 4 points a pixel, out to the 99.9 % radius of node j of the psf's own energy axis (images beyond its nodes are empty), and
 * normalised. The image depends on neither the place of `geom` nor on pixel directions that a projection around its reference point does not know.
 */
export function psfKernel(psf: PsfProfile, geom: WcsGeom, energyTrue: MapAxis): PsfKernel {
  const binsz = Math.max(...pixelScales(geom));
  const nImages = nBins(energyTrue);
  const nRad = nBins(psf.rad);
  const nNodes = nBins(psf.energyTrue);
  const findRadius = radiusFinder(psf.rad);
  const profile = new Float64Array(nRad);
  const radii = Float64Array.from({ length: nNodes }, (_, k) =>
    findRadius(psf.data.subarray(k * nRad, (k + 1) * nRad), CONTAINMENT),
  );
  const size = roundUpToOdd((2 * Math.max(...radii)) / binsz);
  const data = new Float64Array(nImages * size * size);
  const half = new Int32Array(nImages);
  const centers = axisCenters(energyTrue);
  for (let t = 0; t < Math.min(nImages, nNodes); t++) {
    profileAtEnergy(psf, centers[t]!, profile);
    const r68 = findRadius(profile, 0.68);
    const factor = Math.min(Math.ceil(PRECISION / ((2 * r68) / binsz)), MAX_OVERSAMPLING);
    const n = roundUpToOdd((2 * radii[t]!) / binsz);
    half[t] = (n - 1) / 2;
    addImage(psf.rad, profile, geom.wcs.projection, binsz, n, factor, data, t * size * size, size);
  }
  return { size, half, data };
}

/** Sums the profile over factor x factor points a pixel of an image of n x n pixels, and normalises it. One quadrant is computed, the others are its mirror images. */
function addImage(
  rad: MapAxis,
  profile: Float64Array,
  projection: string,
  binsz: number,
  n: number,
  factor: number,
  out: Float64Array,
  at: number,
  size: number,
): void {
  const h = (n - 1) / 2;
  const { wcs } = wcsGeom({ center: { lon: 0, lat: 0, frame: "icrs" }, binsz, npix: n, proj: projection });
  const { pixToSky } = makeProjector(wcs);
  const sky = new Float64Array(2);
  const middle = (size - 1) / 2;
  const lookup = radialLookup(rad, profile);
  let total = 0;
  for (let y = 0; y <= h; y++) {
    for (let x = 0; x <= h; x++) {
      let sum = 0;
      for (let j = 0; j < factor; j++) {
        for (let i = 0; i < factor; i++) {
          pixToSky(h + x + (i + 0.5) / factor - 0.5, h + y + (j + 0.5) / factor - 0.5, sky);
          sum += lookup(distanceFromOrigin(sky[0]!, sky[1]!));
        }
      }
      for (const yy of y === 0 ? [0] : [-y, y]) {
        for (const xx of x === 0 ? [0] : [-x, x]) {
          out[at + (middle + yy) * size + middle + xx] = sum;
          total += sum;
        }
      }
    }
  }
  if (total > 0) for (let k = at; k < at + size * size; k++) out[k]! /= total;
}

/** Great-circle distance of (lon, lat) from (0, 0), deg. */
function distanceFromOrigin(lon: number, lat: number): number {
  const a = Math.sin((lat * RAD) / 2);
  const b = Math.sin((lon * RAD) / 2);
  return (2 / RAD) * Math.asin(Math.min(1, Math.sqrt(a * a + Math.cos(lat * RAD) * b * b)));
}

/** Linear interpolation of the profile in the bins of the rad axis, outer cells extrapolated, clipped at zero. */
function radialLookup(rad: MapAxis, profile: Float64Array): (r: number) => number {
  const last = profile.length - 2;
  if (last < 0) return () => Math.max(profile[0]!, 0);
  const centers = axisCenters(rad);
  const step = centers[1]! - centers[0]!;
  const regular =
    rad.interp === "lin" && centers.every((c, i) => Math.abs(c - centers[0]! - i * step) < 1e-10 * Math.abs(c));
  return (r) => {
    const pix = regular ? (r - centers[0]!) / step : axisPix(rad, r);
    const i = Math.min(Math.max(Math.floor(pix), 0), last);
    const a = profile[i]!;
    return Math.max(a + (pix - i) * (profile[i + 1]! - a), 0);
  };
}
