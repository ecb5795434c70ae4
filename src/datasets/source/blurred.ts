import type { PsfKernel } from "../../irf/psf-kernel.js";
import type { Box } from "../../math/convolution.js";
import { type Complex, complex } from "../../math/fft.js";
import { psfGrid, reached, widest } from "./blur.js";

/** Images, `width` wide, to be blurred by a psf; they are zero outside `box`, and results are wanted in `limit`. */
export interface Sharp {
  readonly images: readonly Float64Array[];
  readonly width: number;
  readonly box: Box;
  readonly limit: Box;
  readonly psf: PsfKernel | null;
}

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
  let isTransformed = false;
  /** Multiply-adds of direct sums. */
  const spent = new Float64Array(nTrue);
  const isMade = new Uint8Array(nTrue);
  const kept: Float64Array[][] = Array.from({ length: nTrue }, () => []);
  const spectra: Complex[] = [];

  function make(t: number, { images, width, box, limit }: Sharp, psf: PsfKernel): void {
    const grid = psfGrid(psf, box, reached(box, widest(psf), limit));
    const to = reached(box, psf.half[t]!, limit);
    const maps = kept[t]!;
    const kernel = grid.kernel(t);
    for (let i = 0, pair = 0; i < count; i += 2, pair++) {
      if (!isTransformed) {
        if ((spectra[pair]?.re.length ?? 0) < grid.size) spectra[pair] = complex(grid.size);
        const other = i + 1 < count ? images[i + 1] : undefined;
        grid.transform(images[i]!, other, width, box, box.x0, box.y0, spectra[pair]!);
      }
      for (let k = i; k < Math.min(i + 2, count); k++) {
        if ((maps[k]?.length ?? 0) < images[k]!.length) maps[k] = new Float64Array(images[k]!.length);
      }
      const other = i + 1 < count ? maps[i + 1] : undefined;
      grid.convolve(spectra[pair]!, kernel, kernel, maps[i]!, other, width, to, box.x0, box.y0);
    }
    isTransformed = true;
    isMade[t] = 1;
    // transforms leave rounding noise where the source is hardly; predicted counts must not be negative for it
    const value = maps[0]!;
    for (let k = 0; k < value.length; k++) if (value[k]! < 0) value[k] = 0;
  }

  return {
    set(next, n) {
      sharp = next;
      count = n;
      isTransformed = false;
      spent.fill(0);
      isMade.fill(0);
    },
    maps(t, pixels) {
      if (sharp === undefined || sharp.psf === null) return sharp?.images;
      if (isMade[t] === 1) return kept[t];
      const { box, limit, psf } = sharp;
      const width = 2 * psf.half[t]! + 1;
      spent[t]! += pixels * count * Math.min(width, box.x1 - box.x0) * Math.min(width, box.y1 - box.y0);
      const { cost } = psfGrid(psf, box, reached(box, widest(psf), limit));
      if (spent[t]! <= cost * Math.ceil(count / 2)) return undefined;
      make(t, sharp, psf);
      return kept[t];
    },
  };
}
