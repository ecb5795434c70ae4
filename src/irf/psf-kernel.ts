import { FormatError, UnsupportedError } from "../errors.js";
import type { CacheScope } from "../math/cache.js";
import { axisCenters, axisPix, nBins } from "../sky/axis.js";
import { pixelScales, roundUpToOdd } from "../sky/geom.js";
import { isSquare, lineDistances } from "../sky/linear.js";
import type { MapAxis, SkyMap, WcsGeom } from "../sky/types.js";
import { type PsfProfile, profileAtEnergy, profileBetweenCenters, radiusFinder } from "./psf.js";
import { halfPositions, quadrantPositions } from "./psf-samples.js";

/**
 * Images `data[(t * size + y) * size + x]`, each summing to one (or zero), centred on the middle pixel and its own image under a half turn around it; `half[t]` pixels
 * around the middle can be non-zero.
 */
export interface PsfKernel {
  readonly size: number;
  readonly half: Int32Array;
  readonly data: Float64Array;
  /** All images are the same one. */
  readonly isOne?: boolean;
}

/** The psf of one place, with the sum of each image per pixel before it was normalised: what it counts for in a mix of places. */
export interface PsfImages extends PsfKernel {
  readonly sums: Float64Array;
}

/** Radius of the images: this fraction of the events. */
const CONTAINMENT = 0.999;
/** Samples per 68 % radius, and their limit. */
const PRECISION = 12;
const MAX_OVERSAMPLING = 4;

/**
 * The psf on the pixels of a true-energy geometry, as Gammapy's PSFMap.get_psf_kernel computes it: image j is sampled at the centre of energy
 * bin j on up to 4 x 4 points a pixel, out to the 99.9 % radius of node j of the psf's own energy axis, and normalised. Where the psf has fewer energies (Gammapy's images beyond
 * its nodes are empty), or is given in reconstructed energy (cut data keep the whole psf), out to that of the nearest node. Squares are taken along the axes of the projection, as
 * there: a turn changes them by the curvature of the projection alone. Pixels of other forms are sampled where they are, in a parallelogram around the circle of that radius (Gammapy
 * takes squares of the longer side for them). `kept`: sample positions of
 * kernels before it. The image does not depend on the place of `geom`.
 */
export function psfKernel(
  psf: PsfProfile,
  geom: WcsGeom,
  energyTrue: MapAxis,
  kept: CacheScope<SamplePositions>,
): PsfImages {
  const { cd, projection } = geom.wcs;
  const square = isSquare(cd);
  const binsz = Math.max(...pixelScales(geom));
  const [dx, dy] = square ? [binsz, binsz] : lineDistances(cd);
  const nImages = nBins(energyTrue);
  const nRad = nBins(psf.rad);
  const nNodes = nBins(psf.energy);
  const findRadius = radiusFinder(psf.rad);
  const profile = new Float64Array(nRad);
  const radii = Float64Array.from({ length: nNodes }, (_, k) =>
    findRadius(psf.data.subarray(k * nRad, (k + 1) * nRad), CONTAINMENT),
  );
  const halfWidth = (radius: number, step: number) => (roundUpToOdd((2 * radius) / step) - 1) / 2;
  const [nx, ny] = [halfWidth(Math.max(...radii), dx), halfWidth(Math.max(...radii), dy)];
  const size = 2 * Math.max(nx, ny) + 1;
  const data = new Float64Array(nImages * size * size);
  const half = new Int32Array(nImages);
  const sums = new Float64Array(nImages);
  const centers = axisCenters(energyTrue);
  const isByIndex = nNodes >= nImages && energyTrue.name !== "energy";
  for (let t = 0; t < nImages; t++) {
    profileBetweenCenters(psf, centers[t]!, profile);
    const r68 = findRadius(profile, 0.68);
    profileAtEnergy(psf, centers[t]!, profile);
    const factor = Math.min(Math.ceil(PRECISION / ((2 * r68) / binsz)), MAX_OVERSAMPLING);
    const radius = radii[isByIndex ? t : nearestNode(psf.energy, centers[t]!)]!;
    const [hx, hy] = [halfWidth(radius, dx), halfWidth(radius, dy)];
    half[t] = Math.max(hx, hy);
    const at = t * size * size;
    if (square) {
      const { pix, count } = positionsFor(psf.rad, projection, binsz, (nx + 1) * factor, factor, kept);
      sums[t] = addImage(profile, pix, count, factor, hx, data, at, size);
    } else {
      const { pix } = kept.get([psf.rad, projection, ...cd, nx, ny, factor], () => ({
        pix: halfPositions(psf.rad, projection, cd, ny + 1, 2 * nx + 1, factor),
        count: (2 * nx + 1) * factor,
      }));
      sums[t] = addOblique(profile, pix, factor, nx, hx, hy, data, at, size);
    }
    sums[t]! /= factor * factor;
  }
  return { size, half, data, sums };
}

function nearestNode(axis: MapAxis, e: number): number {
  return Math.min(Math.max(Math.round(axisPix(axis, e)), 0), nBins(axis) - 1);
}

/** Image k of a psf as that of `count` energies. */
export function repeatedImage(psf: PsfImages, k: number, count: number): PsfImages {
  const half = psf.half[k]!;
  const size = 2 * half + 1;
  const margin = (psf.size - size) / 2;
  const data = new Float64Array(count * size * size);
  for (let y = 0; y < size; y++) {
    const from = (k * psf.size + margin + y) * psf.size + margin;
    data.set(psf.data.subarray(from, from + size), y * size);
  }
  for (let t = 1; t < count; t++) data.copyWithin(t * size * size, 0, size * size);
  const sums = new Float64Array(count).fill(psf.sums[k]!);
  return { size, half: new Int32Array(count).fill(half), data, sums, isOne: true };
}

/** Whether a psf is given as images on the pixels, and not as profiles. */
export const isPsfKernel = ({ geom }: SkyMap): boolean => geom.kind === "wcs" && geom.axes.length === 1;

/** Of the largest value of an image: what rounding to float32 and sampling leave between the two sides of the middle. */
const SIDES = 1e-4;
/** Of the size of a pixel: what rounding leaves. */
const SCALE = 1e-4;

/** The kernel that a file holds, each image normalised. Refused where it does not fit the pixels and energies of the data, or has a direction. */
export function kernelOfImages(map: SkyMap, geom: WcsGeom, energyTrue: MapAxis, where: string): PsfKernel {
  const { npix, wcs } = map.geom as WcsGeom;
  const [nx, ny] = npix;
  const [found, expected] = [pixelScales(map.geom as WcsGeom), pixelScales(geom)];
  const nImages = nBins(energyTrue);
  if (nx % 2 === 0 || ny % 2 === 0 || nBins(map.geom.axes[0]!) !== nImages) {
    throw new UnsupportedError(
      `${where}: found kernels of ${nx} x ${ny} pixels in ${nBins(map.geom.axes[0]!)} energy bins, expected odd numbers of pixels in the ${nImages} bins of the exposure`,
    );
  }
  if (wcs.projection !== geom.wcs.projection || expected.some((scale, i) => Math.abs(found[i]! / scale - 1) > SCALE)) {
    throw new UnsupportedError(
      `${where}: found kernels on pixels of ${found.join(" x ")} deg (${wcs.projection}), expected ${expected.join(" x ")} deg (${geom.wcs.projection}) as in the counts`,
    );
  }
  const size = Math.max(nx, ny);
  const data = new Float64Array(nImages * size * size);
  const [left, below] = [(size - nx) / 2, (size - ny) / 2];
  for (let t = 0; t < nImages; t++) {
    const image = map.data.subarray(t * nx * ny, (t + 1) * nx * ny);
    const broken = image.findIndex((x) => !Number.isFinite(x));
    if (broken >= 0) {
      throw new FormatError({
        where,
        found: `${image[broken]} in pixel ${broken} of image ${t}`,
        expected: "finite numbers",
        remedy: "write the psf again",
      });
    }
    const [peak, total] = [Math.max(...image), image.reduce((a, b) => a + b, 0)];
    for (let k = 0; k < image.length; k++) {
      const [value, other] = [image[k]!, image[image.length - 1 - k]!];
      if (!(Math.abs(value - other) <= SIDES * peak)) {
        throw new UnsupportedError(
          `${where}: image ${t} is not the same on both sides of its middle (${value} and ${other}); a psf with a direction is not supported`,
        );
      }
      const at = (t * size + below + Math.floor(k / nx)) * size + left + (k % nx);
      if (total > 0) data[at] = (value + other) / 2 / total;
    }
  }
  return { size, half: new Int32Array(nImages).fill((size - 1) / 2), data };
}

/** Deg on the sky that the width of a kernel counts for each of its pixels. */
export function kernelStep(geom: WcsGeom): number {
  return isSquare(geom.wcs.cd) ? Math.max(...pixelScales(geom)) : Math.min(...lineDistances(geom.wcs.cd));
}

/** Where samples lie on the rad axis, in rows of `count`. */
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
    pix: quadrantPositions(rad, projection, binsz, n, factor),
    count: n,
  }));
}

/**
 * Sums the profile over factor x factor points a pixel, out to `half` pixels, and normalises the image by the sum that it returns. `pix` [count, count]: where the samples of one quadrant
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
): number {
  const middle = (size - 1) / 2;
  let total = 0;
  for (let y = 0; y <= half; y++) {
    for (let x = 0; x <= half; x++) {
      const sum = sampleSum(profile, pix, count, factor, y * factor * count + x * factor);
      const above = at + (middle + y) * size + middle;
      const below = at + (middle - y) * size + middle;
      out[above + x] = out[above - x] = out[below + x] = out[below - x] = sum;
      total += sum * (x === 0 ? 1 : 2) * (y === 0 ? 1 : 2);
    }
  }
  if (total > 0) for (let k = at; k < at + size * size; k++) out[k]! /= total;
  return total;
}

/** The same for pixels of any form. `pix`: where the samples of the rows from the middle on lie on the rad axis, `width` columns on either side of it. */
function addOblique(
  profile: Float64Array,
  pix: Float64Array,
  factor: number,
  width: number,
  halfX: number,
  halfY: number,
  out: Float64Array,
  at: number,
  size: number,
): number {
  const middle = at + ((size - 1) / 2) * (size + 1);
  const count = (2 * width + 1) * factor;
  let total = 0;
  for (let y = 0; y <= halfY; y++) {
    for (let x = y === 0 ? 0 : -halfX; x <= halfX; x++) {
      const sum = sampleSum(profile, pix, count, factor, y * factor * count + (width + x) * factor);
      const step = y * size + x;
      out[middle + step] = out[middle - step] = sum;
      total += step === 0 ? sum : 2 * sum;
    }
  }
  if (total > 0) for (let k = at; k < at + size * size; k++) out[k]! /= total;
  return total;
}

/** Sum of the profile over factor x factor samples from `from` on, in rows of `count`. */
function sampleSum(profile: Float64Array, pix: Float64Array, count: number, factor: number, from: number): number {
  const last = Math.max(profile.length - 2, 0);
  const next = profile.length > 1 ? 1 : 0;
  let sum = 0;
  for (let j = 0; j < factor; j++) {
    let k = from + j * count;
    for (let i = 0; i < factor; i++, k++) {
      const position = pix[k]!;
      const bin = position < 0 ? 0 : position > last ? last : Math.floor(position);
      const value = profile[bin]! + (position - bin) * (profile[bin + next]! - profile[bin]!);
      if (value > 0) sum += value;
    }
  }
  return sum;
}
