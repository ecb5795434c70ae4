/** A Gaussian blur in two passes, sigma in pixels. Pixels without a value (NaN) neither give nor take part: weights are renormalised. */
export function smoothImage(values: ArrayLike<number>, width: number, height: number, sigma: number): Float64Array {
  const radius = Math.ceil(4 * sigma);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-0.5 * ((i - radius) / sigma) ** 2));
  let sums = Float64Array.from(values, (v) => (Number.isNaN(v) ? 0 : v));
  let weights = Float64Array.from(values, (v) => (Number.isNaN(v) ? 0 : 1));
  const pass = (source: Float64Array, stepX: number, stepY: number): Float64Array<ArrayBuffer> => {
    const out = new Float64Array(source.length);
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++) {
          const x = i + k * stepX;
          const y = j + k * stepY;
          if (x >= 0 && x < width && y >= 0 && y < height) sum += kernel[k + radius]! * source[y * width + x]!;
        }
        out[j * width + i] = sum;
      }
    }
    return out;
  };
  sums = pass(pass(sums, 1, 0), 0, 1);
  weights = pass(pass(weights, 1, 0), 0, 1);
  return sums.map((s, i) => (Number.isNaN(values[i]!) ? Number.NaN : s / weights[i]!));
}
