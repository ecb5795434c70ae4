import type { PsfKernel } from "../irf/psf-kernel.js";
import type { Cache } from "../math/cache.js";
import { type Box, createGrid, type Grid, gridLength, type Transforms } from "../math/convolution.js";
import { type BlurBoxes, scatter } from "./direct.js";

/** A psf on one grid of transforms. */
export interface PsfGrid extends Grid {
  /** Spectrum of image t. */
  kernel(t: number): Float64Array;
  readonly transforms: Transforms;
}

/** A psf with its grids, made when they are asked for. */
export interface BlurKernel extends PsfKernel {
  grid(ny: number, nx: number): PsfGrid;
}

/** The psf with grids that are kept in `cache`, their spectra with them. */
export function withGrids(psf: PsfKernel, cache: Cache, owner: string, transforms: Transforms): BlurKernel {
  const isKept = (size: number) => psf.half.length * size <= MAX_KEPT;
  const bytes = ({ size }: PsfGrid) => 8 * size * (isKept(size) ? psf.half.length : 2);
  const grids = cache.scope<PsfGrid>(owner, bytes);
  return { ...psf, grid: (ny, nx) => grids.get([ny, nx], () => withPsf(ny, nx, psf, transforms)) };
}

/** Numbers in the spectra kept of one grid. */
const MAX_KEPT = 1 << 21;

/** Pixels of `limit` that a psf of `half` pixels reaches from `box`. */
export function reached(box: Box, half: number, limit: Box): Box {
  return {
    x0: Math.max(limit.x0, box.x0 - half),
    x1: Math.min(limit.x1, box.x1 + half),
    y0: Math.max(limit.y0, box.y0 - half),
    y1: Math.min(limit.y1, box.y1 + half),
  };
}

/** Pixels of `box` that image t of the psf can cover at once. */
export function overlap({ half }: PsfKernel, t: number, box: Box): number {
  const width = 2 * half[t]! + 1;
  return Math.min(width, box.x1 - box.x0) * Math.min(width, box.y1 - box.y0);
}

/** The grid for images in `from` and results in `to` that reach at most `half` pixels. */
export function psfGrid(psf: BlurKernel, half: number, from: Box, to: Box): PsfGrid {
  const ny = gridLength(from.y0, from.y1, to.y0, to.y1, half);
  const nx = gridLength(from.x0, from.x1, to.x0, to.x1, half);
  return psf.grid(ny, nx);
}

function withPsf(ny: number, nx: number, { data, half, size, isOne }: PsfKernel, transforms: Transforms): PsfGrid {
  const grid = createGrid(ny, nx, transforms);
  const spectra: Float64Array[] = [];
  const image = (t: number) => data.subarray(t * size * size, (t + 1) * size * size);
  const spectrumOf = (t: number): Float64Array => {
    if (spectra[t] === undefined) {
      if (half.length * grid.size > MAX_KEPT) spectra.length = 0;
      const even = t - (t % 2);
      [spectra[even], spectra[even + 1]] = grid.kernels(image(even), image(Math.min(even + 1, half.length - 1)), size);
    }
    return spectra[t]!;
  };
  return { ...grid, transforms, kernel: (t) => spectrumOf(isOne ? t % 2 : t) };
}

/** Adding to an image takes so many times as long as summing. */
const SCATTER = 2;

/**
 * out(t) = images(t) (x) image t of the psf, for every t, at the pixels that the psf reaches. Sparse images are summed directly, so these keep exact zeros;
 * others go through transforms, two at a time.
 */
export function blurEach(
  images: (t: number) => Float64Array,
  psf: BlurKernel,
  boxes: BlurBoxes,
  out: (t: number) => Float64Array,
): void {
  const { width, from, to } = boxes;
  let waiting = -1;
  const transform = (t: number, u: number) => {
    const half = Math.max(psf.half[t]!, psf.half[u]!);
    const box = reached(from, half, to);
    const grid = psfGrid(psf, half, from, box);
    const spectrum = grid.transforms.spectrum(grid.size);
    grid.transform(images(t), images(u), width, from, from.x0, from.y0, spectrum);
    grid.convolve(spectrum, grid.kernel(t), grid.kernel(u), out(t), out(u), width, box, from.x0, from.y0);
  };
  for (let t = 0; t < psf.half.length; t++) {
    const count = nonZero(images(t), width, from);
    const { cost } = psfGrid(psf, psf.half[t]!, from, reached(from, psf.half[t]!, to));
    if (SCATTER * count * overlap(psf, t, to) <= cost) scatter(images(t), psf, t, boxes, out(t));
    else if (waiting < 0) waiting = t;
    else {
      transform(waiting, t);
      waiting = -1;
    }
  }
  if (waiting >= 0) transform(waiting, waiting);
}

function nonZero(image: Float64Array, width: number, { x0, x1, y0, y1 }: Box): number {
  let count = 0;
  for (let y = y0; y < y1; y++) {
    for (let k = y * width + x0; k < y * width + x1; k++) count += Number(image[k] !== 0);
  }
  return count;
}
