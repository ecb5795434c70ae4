import type { CacheScope } from "../math/cache.js";
import { axisCenters, axisPix, nBins } from "../sky/axis.js";
import { pixelScales, roundUpToOdd, wcsGeom } from "../sky/geom.js";
import type { MapAxis, WcsGeom } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";
import { type PsfProfile, profileAtEnergy, radiusFinder } from "./psf.js";

/**
 * Images `data[(t * size + y) * size + x]`, each summing to one (or zero), centred on the middle pixel and its own mirror image in x and in y; `half[t]` pixels around
 * the middle can be non-zero.
 */
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
 * normalised. `kept`: sample positions of kernels before it. The image depends on neither the place of `geom` nor on pixel directions that a projection around its reference point does not know.
 */
export function psfKernel(
  psf: PsfProfile,
  geom: WcsGeom,
  energyTrue: MapAxis,
  kept: CacheScope<SamplePositions>,
): PsfKernel {
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
  const reach = (size - 1) / 2 + 1;
  for (let t = 0; t < Math.min(nImages, nNodes); t++) {
    profileAtEnergy(psf, centers[t]!, profile);
    const r68 = findRadius(profile, 0.68);
    const factor = Math.min(Math.ceil(PRECISION / ((2 * r68) / binsz)), MAX_OVERSAMPLING);
    const { pix, count } = positionsFor(psf.rad, geom.wcs.projection, binsz, reach * factor, factor, kept);
    half[t] = (roundUpToOdd((2 * radii[t]!) / binsz) - 1) / 2;
    addImage(profile, pix, count, factor, half[t]!, data, t * size * size, size);
  }
  return { size, half, data };
}

/** Where the samples of one quadrant lie on the rad axis, `[count, count]`. */
export interface SamplePositions {
  readonly pix: Float64Array;
  readonly count: number;
}

/** Kernels of about the same size share their positions. */
const STEP = 32;

/** `samplePositions` for `count` points a side or more: all places on a map have them in common. */
function positionsFor(
  rad: MapAxis,
  projection: string,
  binsz: number,
  count: number,
  factor: number,
  kept: CacheScope<SamplePositions>,
): SamplePositions {
  const n = Math.ceil(count / STEP) * STEP;
  return kept.get([rad, projection, binsz, factor, n], () => ({
    pix: samplePositions(rad, projection, binsz, n, factor),
    count: n,
  }));
}

/**
 * Sums the profile over factor x factor points a pixel, out to `half` pixels, and normalises the image. `pix` [count, count]: where the samples of one quadrant
 * lie on the rad axis; the others are its mirror images. Outer cells are extrapolated, negative values count as zero.
 */
function addImage(
  profile: Float64Array,
  pix: Float64Array,
  count: number,
  factor: number,
  half: number,
  out: Float64Array,
  at: number,
  size: number,
): void {
  const middle = (size - 1) / 2;
  const last = Math.max(profile.length - 2, 0);
  const next = profile.length > 1 ? 1 : 0;
  let total = 0;
  for (let y = 0; y <= half; y++) {
    for (let x = 0; x <= half; x++) {
      let sum = 0;
      for (let j = 0; j < factor; j++) {
        let k = (y * factor + j) * count + x * factor;
        for (let i = 0; i < factor; i++, k++) {
          const position = pix[k]!;
          const bin = position < 0 ? 0 : position > last ? last : Math.floor(position);
          const value = profile[bin]! + (position - bin) * (profile[bin + next]! - profile[bin]!);
          if (value > 0) sum += value;
        }
      }
      const above = at + (middle + y) * size + middle;
      const below = at + (middle - y) * size + middle;
      out[above + x] = out[above - x] = out[below + x] = out[below - x] = sum;
      total += sum * (x === 0 ? 1 : 2) * (y === 0 ? 1 : 2);
    }
  }
  if (total > 0) for (let k = at; k < at + size * size; k++) out[k]! /= total;
}

/**
 * Position on the rad axis of sample (i, j) of one quadrant, `[count, count]`; `factor` samples a pixel, the first at the lower edge of the middle pixel. Where the
 * projection keeps longitude to columns and latitude to rows (CAR), the trigonometry is done once for each of them.
 */
function samplePositions(rad: MapAxis, projection: string, binsz: number, count: number, factor: number): Float64Array {
  const { wcs } = wcsGeom({ center: { lon: 0, lat: 0, frame: "icrs" }, binsz, npix: 1, proj: projection });
  const { pixToSky } = makeProjector({ ...wcs, cd: [binsz, 0, 0, binsz] });
  const sky = new Float64Array(2);
  const place = (i: number) => (i + 0.5) / factor - 0.5;
  const lon = new Float64Array(count);
  const lat = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    pixToSky(place(i), 0, sky);
    lon[i] = haversine(sky[0]!);
    pixToSky(0, place(i), sky);
    lat[i] = sky[1]!;
  }
  const end = place(count - 1);
  pixToSky(end, end, sky);
  const separable =
    Math.abs(haversine(sky[0]!) / lon[count - 1]! - 1) < 1e-12 && Math.abs(sky[1]! - lat[count - 1]!) < 1e-12;
  const out = new Float64Array(count * count);
  for (let j = 0, k = 0; j < count; j++) {
    const a = haversine(lat[j]!);
    const c = Math.cos(lat[j]! * RAD);
    for (let i = 0; i < count; i++, k++) {
      if (separable) out[k] = axisPix(rad, arc(a + c * lon[i]!));
      else {
        pixToSky(place(i), place(j), sky);
        out[k] = axisPix(rad, arc(haversine(sky[1]!) + Math.cos(sky[1]! * RAD) * haversine(sky[0]!)));
      }
    }
  }
  return out;
}

/** sin^2(x / 2), x in deg */
function haversine(x: number): number {
  const s = Math.sin((x * RAD) / 2);
  return s * s;
}

/** The angle in deg whose haversine is h; the series of asin is exact to rounding where it is used. */
function arc(h: number): number {
  const s = Math.sqrt(h);
  if (h > 1e-3) return (2 / RAD) * Math.asin(Math.min(1, s));
  return (2 / RAD) * s * (1 + h * (1 / 6 + h * (3 / 40 + h * (15 / 336 + h * (105 / 3456 + h * (945 / 42240))))));
}
