import { SpecError } from "../errors.js";
import type { MaskPixels } from "../fold/types.js";
import type { RandomStream } from "../math/random.js";

/** As many events a bin on average, and they are better drawn bin by bin. */
const DENSE = 2;

/**
 * Draws independent Poisson counts of means mu [n] (negative: 0). Where events are few, their total is drawn first and each then gets its bin
 * by the alias method [Walker 1977, ACM Trans. Math. Softw. 3, 253; Vose 1991]: the same distribution at a cost that follows the events.
 */
export function poissonSampler(mu: Float64Array, where: string): (random: RandomStream, out: Float64Array) => void {
  const n = mu.length;
  requireCounts(mu, where);
  const means = mu.map((m) => Math.max(m, 0));
  const total = means.reduce((sum, m) => sum + m, 0);
  if (!(total < DENSE * n)) {
    return (random, out) => {
      for (let i = 0; i < n; i++) out[i] = random.poisson(means[i]!);
    };
  }
  const table = aliasTable(means, total);
  return (random, out) => {
    out.fill(0);
    for (let left = random.poisson(total); left > 0; left--) {
      const u = random.uniform() * n;
      const i = Math.floor(u);
      // no branch: where an event goes cannot be predicted
      const moved = Number(u - i >= table[2 * i]!);
      out[i + moved * table[2 * i + 1]!]!++;
    }
  };
}

/** [n, 2] Bin i keeps its events with this probability, else they go to the bin so many further. */
function aliasTable(weights: Float64Array, total: number): Float64Array {
  const n = weights.length;
  const threshold = weights.map((w) => (w * n) / total);
  const table = new Float64Array(2 * n);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = 0; i < n; i++) (threshold[i]! < 1 ? small : large).push(i);
  while (small.length > 0 && large.length > 0) {
    const s = small.pop()!;
    const l = large[large.length - 1]!;
    table[2 * s + 1] = l - s;
    threshold[l]! -= 1 - threshold[s]!;
    if (threshold[l]! < 1) small.push(large.pop()!);
  }
  // what rounding left over
  for (const i of [...small, ...large]) threshold[i] = 1;
  for (let i = 0; i < n; i++) table[2 * i] = threshold[i]!;
  return table;
}

/** Flat bins of a mask, one energy bin of `nPix` pixels after the other. */
export function flatBins(mask: MaskPixels, nPix: number): Int32Array {
  const out = new Int32Array(mask.reduce((n, pixels) => n + pixels.length, 0));
  let k = 0;
  for (let r = 0; r < mask.length; r++) for (const i of mask[r]!) out[k++] = r * nPix + i;
  return out;
}

/** `map` in the bins of `bins`. */
export function pickBins(map: Float64Array, bins: Int32Array): Float64Array {
  const out = new Float64Array(bins.length);
  for (let i = 0; i < bins.length; i++) out[i] = map[bins[i]!]!;
  return out;
}

/** `map` with the bins of `bins` replaced by data. */
export function replaceBins(map: Float64Array, bins: Int32Array, data: Float64Array, from = 0): Float64Array {
  const out = map.slice();
  for (let i = 0; i < bins.length; i++) out[bins[i]!] = data[from + i]!;
  return out;
}

/** One array for each energy bin, all pixels, as one array over the bins of the mask. */
export function inMask(mask: MaskPixels, data: Float64Array): Float64Array {
  const nPix = data.length / mask.length;
  const count = mask.reduce((n, pixels) => n + pixels.length, 0);
  if (count === data.length) return data;
  const out = new Float64Array(count);
  let k = 0;
  for (let r = 0; r < mask.length; r++) {
    const pixels = mask[r]!;
    for (let i = 0; i < pixels.length; i++) out[k++] = data[r * nPix + pixels[i]!]!;
  }
  return out;
}

/** Refuses to draw what is expected where that is no number. */
export function requireCounts(mu: Float64Array, where: string): void {
  const bad = mu.findIndex((x) => !Number.isFinite(x));
  if (bad < 0) return;
  throw new SpecError(
    `${where}: the models predict ${mu[bad]} counts in bin ${bad} of ${mu.length}, from which nothing can be drawn; look for values of the models that are too large or not defined there`,
  );
}
