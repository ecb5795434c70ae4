/**
 * Convergence of chains [chains, samples], one parameter at a time: Vehtari, Gelman, Simpson, Carpenter & Buerkner (2021), Bayesian Analysis
 * 16, 667. Each chain is split in halves first, so that a drift counts as disagreement.
 */
import { normalPpf } from "../math/special.js";

/** Draws of one parameter, one array for each chain, all of one length. */
export type Draws = readonly Float64Array[];

/** Rank-normalised split R-hat, the larger of that of the draws and that of their distances from the median; converged: below 1.01. */
export function rHat(draws: Draws): number {
  const halves = split(draws);
  const median = quantile(sorted(halves), 0.5);
  const folded = halves.map((chain) => chain.map((x) => Math.abs(x - median)));
  return Math.max(plainRHat(normalised(halves)), plainRHat(normalised(folded)));
}

/** Effective number of independent draws for the centre of the distribution. */
export function essBulk(draws: Draws): number {
  return effectiveSize(normalised(split(draws)));
}

/** The same for its tails: the smaller of those for the 5 % and the 95 % quantile. */
export function essTail(draws: Draws): number {
  const all = sorted(draws);
  const sizes = [0.05, 0.95].map((level) => {
    const q = quantile(all, level);
    return effectiveSize(split(draws).map((chain) => chain.map((x) => (x <= q ? 1 : 0))));
  });
  return Math.min(...sizes);
}

/** The same for the mean itself: the error of the mean is the standard deviation over its root. */
export function essMean(draws: Draws): number {
  return effectiveSize(split(draws));
}

/**
 * Integrated autocorrelation time in steps: the chains' autocorrelation functions averaged, summed up to the first lag of at least 5
 * times the sum so far (Sokal 1997; Foreman-Mackey et al. 2013). Trustworthy where the chains are at least 50 times as long.
 */
export function autocorrelationTime(draws: Draws): number {
  const chains = draws.map(centred).filter((c) => c.variance > 0);
  const n = draws[0]!.length;
  if (chains.length === 0) return Number.NaN;
  let tau = 1;
  for (let lag = 1; lag < n; lag++) {
    let rho = 0;
    for (const c of chains) rho += autocovariance(c.x, lag) / c.variance;
    tau += (2 * rho) / chains.length;
    if (lag >= 5 * tau) break;
  }
  return tau;
}

/** R-hat of chains as they are: root of the variance of all draws over the mean variance within chains. */
function plainRHat(chains: Draws): number {
  const n = chains[0]!.length;
  const within = chains.reduce((sum, c) => sum + variance(c), 0) / chains.length;
  const between = variance(Float64Array.from(chains, mean));
  // chains that do not move, at one place or several
  if (!(within > 0)) return between > 0 ? Number.POSITIVE_INFINITY : 1;
  return Math.sqrt(between / within + (n - 1) / n);
}

/** Equation 10 ff.: autocorrelation from all chains, summed over Geyer's initial positive and monotone sequence of pairs of lags. */
function effectiveSize(draws: Draws): number {
  const m = draws.length;
  const n = draws[0]!.length;
  const chains = draws.map(centred);
  if (n < 4 || draws.some((c) => !c.every(Number.isFinite))) return Number.NaN;
  const meanVariance = chains.reduce((sum, c) => sum + c.variance, 0) / m;
  const within = (meanVariance * n) / (n - 1);
  const between = m > 1 ? variance(Float64Array.from(chains, (c) => c.mean)) : 0;
  const pooled = meanVariance + between;
  // one value only
  if (!(pooled > 0)) return m * n;
  const rho = (lag: number) => {
    if (lag === 0) return 1;
    let sum = 0;
    for (const c of chains) sum += autocovariance(c.x, lag);
    return 1 - (within - sum / m) / pooled;
  };
  let pairs = 0;
  let last = Number.POSITIVE_INFINITY;
  for (let lag = 0; ; lag += 2) {
    const even = rho(lag);
    const pair = even + rho(lag + 1);
    if (pair < 0 || lag + 4 >= n) {
      // the even lag of the pair at which the sum ends counts once: antithetic chains are more precise than independent ones
      pairs += Math.max(even, 0) / 2;
      break;
    }
    last = Math.min(last, pair);
    pairs += last;
  }
  const total = m * n;
  return total / Math.max(2 * pairs - 1, 1 / Math.log10(total));
}

function split(draws: Draws): Float64Array[] {
  const n = draws[0]!.length;
  const half = n >> 1;
  return draws.flatMap((chain) => [chain.subarray(0, half), chain.subarray(n - half)]);
}

/** Normal scores of the ranks among all draws, ties shared: equation 14. */
function normalised(chains: Draws): Float64Array[] {
  const n = chains[0]!.length;
  const total = chains.length * n;
  const all = new Float64Array(total);
  for (const [k, chain] of chains.entries()) all.set(chain, k * n);
  const order = Uint32Array.from(all, (_, k) => k).sort((a, b) => all[a]! - all[b]!);
  const scores = new Float64Array(total);
  for (let from = 0; from < total; ) {
    let to = from + 1;
    while (to < total && all[order[to]!] === all[order[from]!]) to++;
    // ranks count from 1: the mean of from + 1 ... to
    const score = normalPpf(((from + to + 1) / 2 - 0.375) / (total + 0.25));
    for (let k = from; k < to; k++) scores[order[k]!] = score;
    from = to;
  }
  return chains.map((_, k) => scores.subarray(k * n, (k + 1) * n));
}

function sorted(chains: Draws): Float64Array {
  const n = chains[0]!.length;
  const all = new Float64Array(chains.length * n);
  for (const [k, chain] of chains.entries()) all.set(chain, k * n);
  return all.sort();
}

/** Linear between the order statistics, as numpy's default. */
export function quantile(ascending: Float64Array, level: number): number {
  const at = level * (ascending.length - 1);
  const k = Math.min(Math.floor(at), ascending.length - 2);
  if (ascending.length < 2) return ascending[0] ?? Number.NaN;
  return ascending[k]! + (at - k) * (ascending[k + 1]! - ascending[k]!);
}

function mean(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  return sum / x.length;
}

function variance(x: Float64Array): number {
  const centre = mean(x);
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i]! - centre) ** 2;
  return sum / (x.length - 1);
}

/** Mean, deviations from it and variance with divisor n. */
function centred(chain: Float64Array): { readonly mean: number; readonly x: Float64Array; readonly variance: number } {
  const centre = mean(chain);
  const x = chain.map((v) => v - centre);
  return { mean: centre, x, variance: autocovariance(x, 0) };
}

function autocovariance(x: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < x.length; i++) sum += x[i]! * x[i - lag]!;
  return sum / x.length;
}
