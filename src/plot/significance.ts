/** How far counts are from what is expected, by pixel. */

/** Standard deviations out to which a Gaussian is taken. */
const TRUNCATE = 4;

/**
 * sqrt(TS) of Cash, 2 (m - n + n ln(n / m)), with the sign of n - m, of counts n where m are expected [height, width]. With `sigma` [pixels] n and m are sums
 * under a Gaussian w: sum w n is taken for a Poisson number times sum w^2 m / sum w m, which gives it the right mean and variance (Bohm & Zech 2014, NIM A
 * 748, 1). Pixels where either is NaN give nothing, and are NaN; so are those where nothing is expected.
 */
export function significanceImage(
  counts: ArrayLike<number>,
  expected: ArrayLike<number>,
  width: number,
  height: number,
  sigma: number,
): Float64Array {
  const isOut = Array.from(counts, (n, i) => !Number.isFinite(n + expected[i]!));
  const filled = (values: ArrayLike<number>) => Float64Array.from(isOut, (out, i) => (out ? 0 : values[i]!));
  const reach = sigma > 0 ? Math.floor(TRUNCATE * sigma + 0.5) : 0;
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    reach === 0 ? 1 : Math.exp(-0.5 * ((k - reach) / sigma) ** 2),
  );
  const squares = weights.map((w) => w * w);
  const sums = (values: ArrayLike<number>, kernel: Float64Array) => underKernel(filled(values), width, height, kernel);
  const n = sums(counts, weights);
  const m = sums(expected, weights);
  const variance = sums(expected, squares);
  return n.map((seen, i) => {
    const mean = m[i]!;
    if (isOut[i] || !(mean > 0)) return Number.NaN;
    const log = seen > 0 ? seen * Math.log(seen / mean) : 0;
    // rounding may leave less than nothing
    const ts = Math.max(0, 2 * (mean - seen + log)) * (mean / variance[i]!);
    return Math.sign(seen - mean) * Math.sqrt(ts);
  });
}

/** Sums of the values under the product of the kernel in x and in y; beyond the edges there is nothing. */
function underKernel(values: Float64Array, width: number, height: number, kernel: Float64Array): Float64Array {
  const along = (source: Float64Array, step: number, n: number, at: (i: number) => number) =>
    source.map((_, i) => {
      const reach = (kernel.length - 1) / 2;
      let sum = 0;
      const place = at(i);
      for (let k = Math.max(-reach, -place); k <= Math.min(reach, n - 1 - place); k++) {
        sum += kernel[k + reach]! * source[i + k * step]!;
      }
      return sum;
    });
  const rows = along(values, 1, width, (i) => i % width);
  return along(rows, width, height, (i) => Math.floor(i / width));
}
