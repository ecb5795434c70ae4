import type { Box } from "../math/convolution.js";
import { type Complex, complex } from "../math/fft.js";
import { type BlurKernel, overlap, type PsfGrid, psfGrid, reached } from "./blur.js";

/** Images, `width` wide, to be blurred by a psf; they are zero outside `box`, and results are wanted in `limit`. */
export interface Sharp {
  readonly images: readonly Float64Array[];
  readonly width: number;
  readonly box: Box;
  readonly limit: Box;
  readonly psf: BlurKernel | null;
}

/** Grids whose spectra of the images are kept. */
const MAX_GRIDS = 4;

/** Keeps the blurred images of one set of sharp ones. */
export interface Blurred {
  /** Takes the first `count` of other images. */
  set(sharp: Sharp, count: number): void;
  /**
   * The images (x) image t of the psf, where it reaches from the box. Undefined while it takes less to sum directly at `pixels` pixels, and at all those asked for
   * before.
   */
  maps(t: number, pixels: number): readonly Float64Array[] | undefined;
}

export function createBlurred(nTrue: number): Blurred {
  let sharp: Sharp | undefined;
  let count = 0;
  /** Multiply-adds of direct sums. */
  const spent = new Float64Array(nTrue);
  const isMade = new Uint8Array(nTrue);
  const kept: Float64Array[][] = Array.from({ length: nTrue }, () => []);
  const spectra: { readonly nx: number; readonly ny: number; readonly pairs: Complex[]; isMade: boolean }[] = [];

  /** Spectra of the images on a grid, two in each. */
  function spectraOn(grid: PsfGrid, { images, width, box }: Sharp): readonly Complex[] {
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

  function make(t: number, sharp: Sharp, psf: BlurKernel): void {
    const { images, width, box, limit } = sharp;
    const to = reached(box, psf.half[t]!, limit);
    const grid = psfGrid(psf, psf.half[t]!, box, to);
    const pairs = spectraOn(grid, sharp);
    const kernel = grid.kernel(t);
    const maps = kept[t]!;
    for (let i = 0; i < count; i++) {
      if ((maps[i]?.length ?? 0) < images[i]!.length) maps[i] = new Float64Array(images[i]!.length);
    }
    for (let i = 0; i < count; i += 2) {
      const other = maps[Math.min(i + 1, count - 1)]!;
      grid.convolve(pairs[i / 2]!, kernel, kernel, maps[i]!, other, width, to, box.x0, box.y0);
    }
    isMade[t] = 1;
    // transforms leave rounding noise where the source is hardly; predicted counts must not be negative for it
    const value = maps[0]!;
    for (let k = 0; k < value.length; k++) if (value[k]! < 0) value[k] = 0;
  }

  return {
    set(next, n) {
      sharp = next;
      count = n;
      for (const s of spectra) s.isMade = false;
      spent.fill(0);
      isMade.fill(0);
    },
    maps(t, pixels) {
      if (sharp === undefined || sharp.psf === null) return sharp?.images;
      if (isMade[t] === 1) return kept[t];
      const { box, limit, psf } = sharp;
      spent[t]! += pixels * count * overlap(psf, t, box);
      const { cost } = psfGrid(psf, psf.half[t]!, box, reached(box, psf.half[t]!, limit));
      if (spent[t]! <= cost * Math.ceil(count / 2)) return undefined;
      make(t, sharp, psf);
      return kept[t];
    },
  };
}
