import { SpecError } from "../errors.js";
import { lnPoisson, poissonDeviance } from "../math/gamma.js";

/** ln of P(n | mu + b) / P(n | best mu >= 0), the order in which counts are accepted. */
function lnRatio(n: number, mu: number, background: number): number {
  return (n < background ? poissonDeviance(n, background) : 0) - poissonDeviance(n, mu + background);
}

/** Whether n counts are among those accepted for a signal mu: counts of higher rank hold less than `level` of the probability. */
function isAccepted(n: number, mu: number, background: number, level: number): boolean {
  const mean = mu + background;
  if (mean === 0) return n === 0;
  const rank = lnRatio(n, mu, background);
  const reach = 12 * Math.sqrt(mean + 1) + 40;
  let higher = 0;
  for (let k = Math.max(0, Math.floor(mean - reach)); k <= mean + reach; k++) {
    if (k === n) continue;
    const r = lnRatio(k, mu, background);
    if (r > rank || (r === rank && k < n)) higher += Math.exp(lnPoisson(k, mean));
  }
  return higher < level;
}

/** Ends of the interval of a Poisson mean, in counts. */
export interface FeldmanCousinsInterval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Confidence interval of a Poisson signal mu >= 0 over a known background, for n observed counts, by the likelihood-ratio order of Feldman & Cousins (1998),
 * Phys. Rev. D 57, 3873: it covers at least `level` everywhere, and turns from limit to interval by itself.
 * @throws SpecError where `n` is not a whole number of at least 0, or `level` not between 0 and 1.
 */
export function feldmanCousins(n: number, background: number, level = 0.9): FeldmanCousinsInterval {
  if (!(Number.isInteger(n) && n >= 0))
    throw new SpecError(`feldmanCousins: ${n} counts; expected a whole number, 0 or more`);
  if (!(background >= 0 && background < Number.POSITIVE_INFINITY)) {
    throw new SpecError(`feldmanCousins: the background is ${background}; expected a finite number, 0 or more`);
  }
  if (!(level > 0 && level < 1)) throw new SpecError(`feldmanCousins: the level is ${level}; expected between 0 and 1`);
  const accepted = (mu: number) => isAccepted(n, mu, background, level);
  const step = 0.005 * Math.max(1, Math.sqrt(n / 10));
  let lower = 0;
  while (!accepted(lower)) lower += step;
  if (lower > 0) lower = edge(accepted, lower - step, lower);
  let upper = Math.max(lower, n - background) + 6 * Math.sqrt(n + 4) + 12;
  while (accepted(upper)) upper *= 2;
  while (upper > lower && !accepted(upper)) upper -= step;
  upper = edge(accepted, upper + step, Math.max(upper, lower));
  // counts are discrete, so the upper end can rise with the background: as in the paper, it is lengthened so that it never does
  for (let b = background + 0.02; b < background + 1; b += 0.02) {
    const there = (mu: number) => isAccepted(n, mu, b, level);
    for (let mu = upper + 50 * step; mu > upper; mu -= step) {
      if (there(mu)) upper = edge(there, mu + step, mu);
    }
  }
  return { lower, upper };
}

/** Where acceptance begins between `out` and `inside`. */
function edge(accepted: (mu: number) => boolean, out: number, inside: number): number {
  let a = out;
  let b = inside;
  for (let i = 0; i < 40; i++) {
    const middle = 0.5 * (a + b);
    if (accepted(middle)) b = middle;
    else a = middle;
  }
  return b;
}
