/**
 * The inverse H-transform: from sums and differences of 2 x 2 blocks, level by level, back to pixels. Integers are held as float64, for sums of large
 * tiles have more than 32 bits; masks of bits are therefore multiples that are rounded down.
 */
export function inverseTransform(a: Float64Array, rows: number, columns: number, scale: number): void {
  const levels = Math.ceil(Math.log2(Math.max(rows, columns)));
  const scratch = new Float64Array(Math.max(rows, columns));
  let bit = 2 ** Math.max(0, levels - 1);
  if (levels > 0) a[0] = rounded(a[0]!, 4 * bit, 2 * bit - 1);
  for (let k = levels - 1; k >= 0; k--, bit /= 2) {
    const [nxTop, nyTop] = [Math.ceil(rows / 2 ** k), Math.ceil(columns / 2 ** k)];
    for (let i = 0; i < nxTop; i++) interleave(a, columns * i, nyTop, 1, scratch);
    for (let j = 0; j < nyTop; j++) interleave(a, j, nxTop, columns, scratch);
    if (scale > 1) smooth(a, nxTop, nyTop, columns, Math.floor(scale / 2));
    invertLevel(a, { nxTop, nyTop, columns, bit, last: k === 0 });
  }
}

/** `x` to a multiple of `step`; halves go away from zero: `below` is added to what is negative. */
function rounded(x: number, step: number, below: number): number {
  return Math.floor((x + (x >= 0 ? Math.floor(step / 2) : below)) / step) * step;
}

/** Whether the bit of the value `bit` is set. */
const has = (x: number, bit: number) => Math.abs(Math.floor(x / bit) % 2) === 1;

interface Level {
  readonly nxTop: number;
  readonly nyTop: number;
  readonly columns: number;
  readonly bit: number;
  readonly last: boolean;
}

function invertLevel(a: Float64Array, { nxTop, nyTop, columns, bit, last }: Level): void {
  const divisor = last ? 4 : 2;
  const half = (x: number) => Math.floor(x / divisor);
  const first = (x: number) => rounded(x, 2 * bit, bit - 1);
  const second = (x: number) => rounded(x, bit, last ? 0 : bit / 2 - 1);
  /** Of two neighbours, from their sum and difference. */
  const pair = (at: number, next: number) => {
    const h = first(a[next]!);
    const low = has(h, 2 * bit) ? 2 * bit : 0;
    const h0 = a[at]! >= 0 ? a[at]! - low : a[at]! + low;
    a[next] = half(h0 + h);
    a[at] = half(h0 - h);
  };
  for (let i = 0; i + 1 < nxTop; i += 2) {
    let s = columns * i;
    for (let j = 0; j + 1 < nyTop; j += 2, s += 2) {
      const hc = second(a[s + columns + 1]!);
      const low = has(hc, bit) ? bit : 0;
      const inward = (x: number) => (x >= 0 ? x - low : x + low);
      const hx = inward(first(a[s + columns]!));
      const hy = inward(first(a[s + 1]!));
      const odd = (+has(hc, 2 * bit) + +has(hx, 2 * bit) + +has(hy, 2 * bit)) % 2;
      const low1 = odd * 2 * bit;
      const h = a[s]!;
      const h0 = h >= 0 ? h + low - low1 : h + (low === 0 ? low1 : low - low1);
      a[s + columns + 1] = half(h0 + hx + hy + hc);
      a[s + columns] = half(h0 + hx - hy - hc);
      a[s + 1] = half(h0 - hx + hy - hc);
      a[s] = half(h0 - hx - hy + hc);
    }
    if (nyTop % 2 === 1) pair(s, s + columns);
  }
  if (nxTop % 2 === 1) {
    let s = columns * (nxTop - 1);
    for (let j = 0; j + 1 < nyTop; j += 2, s += 2) pair(s, s + 1);
    if (nyTop % 2 === 1) a[s] = half(a[s]!);
  }
}

/** The first and the second half of a row of `n`, one after the other in turns. */
function interleave(a: Float64Array, start: number, n: number, stride: number, scratch: Float64Array): void {
  const half = (n + 1) >> 1;
  for (let i = 0; i < n; i++) scratch[i] = a[start + i * stride]!;
  for (let i = 0; i < half; i++) a[start + 2 * i * stride] = scratch[i]!;
  for (let i = half; i < n; i++) a[start + (2 * (i - half) + 1) * stride] = scratch[i]!;
}

const clamp = (x: number, low: number, high: number) => Math.max(Math.min(x, high), low);
/** x / step, towards zero. */
const quotient = (x: number, step: number) => Math.trunc(x / step) + 0;

/** Differences that were lost in a lossy tile, guessed from neighbouring blocks by at most `limit`. */
function smooth(a: Float64Array, nxTop: number, nyTop: number, columns: number, limit: number): void {
  const slope = (s: number, step: number, target: number) => {
    const [minus, zero, plus] = [a[s - step]!, a[s]!, a[s + step]!];
    const high = 4 * Math.max(Math.min(plus - zero, zero - minus), 0);
    const low = 4 * Math.min(Math.max(plus - zero, zero - minus), 0);
    if (low >= high) return;
    const rest = clamp(plus - minus, low, high) - 8 * a[target]!;
    a[target]! += clamp(quotient(rest, 8), -limit, limit);
  };
  for (let i = 2; i < nxTop - 2; i += 2) {
    for (let j = 0, s = columns * i; j < nyTop; j += 2, s += 2) slope(s, 2 * columns, s + columns);
  }
  for (let i = 0; i < nxTop; i += 2) {
    for (let j = 2, s = columns * i + 2; j < nyTop - 2; j += 2, s += 2) slope(s, 2, s + 1);
  }
  for (let i = 2; i < nxTop - 2; i += 2) {
    for (let j = 2, s = columns * i + 2; j < nyTop - 2; j += 2, s += 2) curvature(a, s, columns, limit);
  }
}

function curvature(a: Float64Array, s: number, columns: number, limit: number): void {
  const [mm, pm, mp, pp] = [
    a[s - 2 * columns - 2]!,
    a[s + 2 * columns - 2]!,
    a[s - 2 * columns + 2]!,
    a[s + 2 * columns + 2]!,
  ];
  const h0 = a[s]!;
  const [hx, hy] = [2 * a[s + columns]!, 2 * a[s + 1]!];
  const bound = (inner: (x: number) => number, outer: (...x: number[]) => number) =>
    16 * outer(inner(pp - h0) - hx - hy, inner(h0 - pm) + hx - hy, inner(h0 - mp) - hx + hy, inner(mm - h0) + hx + hy);
  const high = bound((x) => Math.max(x, 0), Math.min);
  const low = bound((x) => Math.min(x, 0), Math.max);
  if (low >= high) return;
  const rest = clamp(pp + mm - mp - pm, low, high) - 64 * a[s + columns + 1]!;
  a[s + columns + 1]! += clamp(quotient(rest, 64), -limit, limit);
}
