/** Floats that were rounded to integers times a scale, with a known random offset that is taken away again (FITS 4.0, section 10.2). */

/** Numbers in the table of random numbers. */
const N_RANDOM = 10_000;
/** Integer of an exact zero under SUBTRACTIVE_DITHER_2. */
const ZERO = -2147483646;
/** Integer of a value that is not defined. */
export const NULL_VALUE = -2147483647;

export type Dither = "none" | "1" | "2";

/** The table of appendix I: Park and Miller's generator from 1, as float32. */
export function randomTable(): Float32Array {
  const table = new Float32Array(N_RANDOM);
  let seed = 1;
  for (let i = 0; i < N_RANDOM; i++) {
    seed = (16807 * seed) % 2147483647;
    table[i] = seed / 2147483647;
  }
  return table;
}

export interface Quantized {
  readonly scale: number;
  readonly zero: number;
  /** Integer of NaN. */
  readonly blank: number;
}

/** Values of the integers of tile `row` (from 0); `seed` is ZDITHER0. Without a `table` there is no random offset. */
export function dequantize(
  stored: ArrayLike<number>,
  { scale, zero, blank }: Quantized,
  dither: Dither,
  { row, seed, table }: { readonly row: number; readonly seed: number; readonly table: Float32Array | undefined },
): Float64Array {
  const out = new Float64Array(stored.length);
  const startOf = (at: number) => (table === undefined ? 0 : Math.floor(table[at]! * 500));
  let first = (row + seed - 1) % N_RANDOM;
  let next = startOf(first);
  for (let i = 0; i < out.length; i++) {
    const value = stored[i]!;
    const offset = table === undefined ? 0 : 0.5 - table[next]!;
    if (value === blank) out[i] = Number.NaN;
    else if (dither === "2" && value === ZERO) out[i] = 0;
    else out[i] = (value + offset) * scale + zero;
    if (++next === N_RANDOM) {
      first = (first + 1) % N_RANDOM;
      next = startOf(first);
    }
  }
  return out;
}
