/** Real and imaginary parts. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export const complex = (size: number): Complex => ({ re: new Float64Array(size), im: new Float64Array(size) });

/** The same numbers with real and imaginary part exchanged: its forward transform is the inverse one, exchanged again. */
export const exchanged = ({ re, im }: Complex): Complex => ({ re: im, im: re });

/** Transforms of n points, for many columns at once. */
export interface Fft {
  readonly n: number;
  /**
   * sum_j x_j exp(-2 pi i j k / n) along the first axis of `x` [n, columns]; `work` has the same size. Both are overwritten, and returned is the one with
   * the result.
   */
  transform(x: Complex, work: Complex, columns: number): Complex;
}

/** The least number of points from n on that has no prime factors but 2 and 3, of the latter at most three. */
export function goodLength(n: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (const odd of [1, 3, 9, 27]) {
    let length = odd;
    while (length < n) length *= 2;
    best = Math.min(best, length);
  }
  return best;
}

/**
 * Stockham's self-sorting transform with radices 4, 3 and 2 [Van Loan, Computational Frameworks for the Fast Fourier Transform, section 1.7]. The inner loops run
 * over columns, so that each factor is read once for all of them.
 */
export function createFft(n: number): Fft {
  const radices: number[] = [];
  for (let rest = n; rest > 1; rest /= radices.at(-1)!) {
    const radix = [4, 3, 2].find((r) => rest % r === 0);
    if (radix === undefined) throw new RangeError(`createFft: ${n} has prime factors beyond 2 and 3; take goodLength`);
    radices.push(radix);
  }
  const factors = complex(n);
  for (let k = 0; k < n; k++) {
    factors.re[k] = Math.cos((2 * Math.PI * k) / n);
    factors.im[k] = -Math.sin((2 * Math.PI * k) / n);
  }
  return {
    n,
    transform(x, work, columns) {
      let [from, to] = [x, work];
      let length = n;
      for (let i = 0, s = columns; i < radices.length; i++) {
        const radix = radices[i]!;
        const step = n / length;
        length /= radix;
        const pass = radix === 4 ? pass4 : radix === 3 ? pass3 : pass2;
        pass(from.re, from.im, to.re, to.im, length, s, factors, step);
        s *= radix;
        [from, to] = [to, from];
      }
      return from;
    },
  };
}

/*
 * Passes from x to y: with w = exp(-2 pi i p / (radix length)), y[radix p + k] = w^k sum_j x[p + j length] exp(-2 pi i j k / radix), each of these s numbers;
 * w^k is factor p k step.
 */

function pass2(
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  length: number,
  s: number,
  { re, im }: Complex,
  step: number,
): void {
  const apart = s * length;
  for (let p = 0, a = 0, to = 0; p < length; p++, to += s) {
    const wr = re[p * step]!;
    const wi = im[p * step]!;
    for (const end = a + s; a < end; a++, to++) {
      const b = a + apart;
      const dr = xr[a]! - xr[b]!;
      const di = xi[a]! - xi[b]!;
      yr[to] = xr[a]! + xr[b]!;
      yi[to] = xi[a]! + xi[b]!;
      yr[to + s] = dr * wr - di * wi;
      yi[to + s] = dr * wi + di * wr;
    }
  }
}

const SIN_60 = Math.sqrt(3) / 2;

function pass3(
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  length: number,
  s: number,
  { re, im }: Complex,
  step: number,
): void {
  const apart = s * length;
  for (let p = 0, a = 0, to = 0; p < length; p++, to += 2 * s) {
    const w1r = re[p * step]!;
    const w1i = im[p * step]!;
    const w2r = re[2 * p * step]!;
    const w2i = im[2 * p * step]!;
    for (const end = a + s; a < end; a++, to++) {
      const b = a + apart;
      const c = b + apart;
      const sr = xr[b]! + xr[c]!;
      const si = xi[b]! + xi[c]!;
      // -i sin(60 deg) (b - c)
      const ur = SIN_60 * (xi[b]! - xi[c]!);
      const ui = -SIN_60 * (xr[b]! - xr[c]!);
      const tr = xr[a]! - 0.5 * sr;
      const ti = xi[a]! - 0.5 * si;
      yr[to] = xr[a]! + sr;
      yi[to] = xi[a]! + si;
      const y1r = tr + ur;
      const y1i = ti + ui;
      const y2r = tr - ur;
      const y2i = ti - ui;
      yr[to + s] = y1r * w1r - y1i * w1i;
      yi[to + s] = y1r * w1i + y1i * w1r;
      yr[to + 2 * s] = y2r * w2r - y2i * w2i;
      yi[to + 2 * s] = y2r * w2i + y2i * w2r;
    }
  }
}

function pass4(
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  length: number,
  s: number,
  { re, im }: Complex,
  step: number,
): void {
  const apart = s * length;
  for (let p = 0, a = 0, to = 0; p < length; p++, to += 3 * s) {
    const w1r = re[p * step]!;
    const w1i = im[p * step]!;
    const w2r = re[2 * p * step]!;
    const w2i = im[2 * p * step]!;
    const w3r = re[3 * p * step]!;
    const w3i = im[3 * p * step]!;
    for (const end = a + s; a < end; a++, to++) {
      const b = a + apart;
      const c = b + apart;
      const d = c + apart;
      const acr = xr[a]! + xr[c]!;
      const aci = xi[a]! + xi[c]!;
      const a_cr = xr[a]! - xr[c]!;
      const a_ci = xi[a]! - xi[c]!;
      const bdr = xr[b]! + xr[d]!;
      const bdi = xi[b]! + xi[d]!;
      // -i (b - d)
      const b_dr = xi[b]! - xi[d]!;
      const b_di = xr[d]! - xr[b]!;
      const y1r = a_cr + b_dr;
      const y1i = a_ci + b_di;
      const y2r = acr - bdr;
      const y2i = aci - bdi;
      const y3r = a_cr - b_dr;
      const y3i = a_ci - b_di;
      yr[to] = acr + bdr;
      yi[to] = aci + bdi;
      yr[to + s] = y1r * w1r - y1i * w1i;
      yi[to + s] = y1r * w1i + y1i * w1r;
      yr[to + 2 * s] = y2r * w2r - y2i * w2i;
      yi[to + 2 * s] = y2r * w2i + y2i * w2r;
      yr[to + 3 * s] = y3r * w3r - y3i * w3i;
      yi[to + 3 * s] = y3r * w3i + y3i * w3r;
    }
  }
}
