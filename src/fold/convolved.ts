import type { Box } from "../math/convolution.js";
import { type Complex, complex } from "../math/fft.js";
import { type BlurKernel, overlap, type PsfGrid, psfGrid, reached } from "./blur.js";
import type { SharpImages } from "./direct.js";

/** Images whose convolution is wanted in `limit`. */
export interface SourceImages extends SharpImages {
  readonly limit: Box;
  readonly psf: BlurKernel | null;
}

/** The images of a source convolved with the psf of each true-energy bin, made when they save time. */
export interface Convolved {
  source: SourceImages | undefined;
  /** Its values may be negative: the psf is a derivative. */
  readonly signed: boolean;
  /** How many of its images are wanted. */
  count: number;
  /** Multiply-adds of direct sums so far, by true-energy bin. */
  readonly spent: Float64Array;
  /** The convolved images of each true-energy bin, and whether they are those of the source. */
  readonly maps: readonly Float64Array[][];
  readonly isMade: Uint8Array;
  /** The newest `MAX_GRIDS` grids. */
  readonly spectra: Spectra[];
}

/** Transforms of the images on one grid, two images in each, and whether they are those of the source. */
interface Spectra {
  readonly nx: number;
  readonly ny: number;
  readonly pairs: Complex[];
  isMade: boolean;
}

/** Grids whose spectra of the images are kept. */
const MAX_GRIDS = 4;

export const createConvolved = (nTrue: number, signed = false): Convolved => ({
  source: undefined,
  signed,
  count: 0,
  spent: new Float64Array(nTrue),
  maps: Array.from({ length: nTrue }, () => []),
  isMade: new Uint8Array(nTrue),
  spectra: [],
});

/** Takes the first `count` of other images. */
export function setImages(c: Convolved, source: SourceImages, count: number): void {
  c.source = source;
  c.count = count;
  for (const spectra of c.spectra) spectra.isMade = false;
  c.spent.fill(0);
  c.isMade.fill(0);
}

/**
 * The images (x) image t of the psf, where it reaches from the box. Undefined while it takes less to sum directly at `pixels` pixels, and at all those asked for
 * before.
 */
export function convolvedMaps(c: Convolved, t: number, pixels: number): readonly Float64Array[] | undefined {
  const { source, count, spent } = c;
  if (source === undefined || source.psf === null) return source?.images;
  if (c.isMade[t] === 1) return c.maps[t];
  const { box, limit, psf } = source;
  spent[t]! += pixels * count * overlap(psf, t, box);
  const { cost } = psfGrid(psf, psf.half[t]!, box, reached(box, psf.half[t]!, limit));
  if (spent[t]! <= cost * Math.ceil(count / 2)) return undefined;
  convolve(c, t, source, psf);
  return c.maps[t];
}

function convolve(c: Convolved, t: number, source: SourceImages, psf: BlurKernel): void {
  const { images, width, box, limit } = source;
  const { count } = c;
  const to = reached(box, psf.half[t]!, limit);
  const grid = psfGrid(psf, psf.half[t]!, box, to);
  const pairs = spectraOn(c, grid, source);
  const kernel = grid.kernel(t);
  const maps = c.maps[t]!;
  for (let i = 0; i < count; i++) {
    if ((maps[i]?.length ?? 0) < images[i]!.length) maps[i] = new Float64Array(images[i]!.length);
  }
  for (let i = 0; i < count; i += 2) {
    const other = maps[Math.min(i + 1, count - 1)]!;
    grid.convolve(pairs[i / 2]!, kernel, kernel, maps[i]!, other, width, to, box.x0, box.y0);
  }
  c.isMade[t] = 1;
  if (c.signed) return;
  // transforms leave rounding noise where the source is hardly; predicted counts must not be negative for it
  const value = maps[0]!;
  for (let k = 0; k < value.length; k++) if (value[k]! < 0) value[k] = 0;
}

/** Spectra of the images on a grid. */
function spectraOn({ spectra, count }: Convolved, grid: PsfGrid, source: SourceImages): readonly Complex[] {
  const { images, width, box } = source;
  let found = spectra.find(({ nx, ny }) => nx === grid.nx && ny === grid.ny);
  if (found === undefined) {
    found = { nx: grid.nx, ny: grid.ny, pairs: [], isMade: false };
    if (spectra.push(found) > MAX_GRIDS) spectra.shift();
  }
  for (let i = 0; i < count && !found.isMade; i += 2) {
    const pair = (found.pairs[i / 2] ??= complex(grid.size));
    grid.transform(images[i]!, images[Math.min(i + 1, count - 1)]!, width, box, box.x0, box.y0, pair);
  }
  found.isMade = true;
  return found.pairs;
}
