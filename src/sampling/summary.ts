import { autocorrelationTime, essBulk, essMean, essTail, quantile, rHat } from "./diagnostics.js";
import type { Chains } from "./types.js";

/** Levels of the quantiles: -2, -1, 0, 1 and 2 sigma of a normal distribution. */
export const QUANTILE_LEVELS = [
  0.022750131948179212, 0.15865525393145707, 0.5, 0.8413447460685429, 0.9772498680518208,
] as const;

/** One parameter of a posterior. */
export interface ParameterSummary {
  readonly mean: number;
  readonly std: number;
  /** At `QUANTILE_LEVELS`. */
  readonly quantiles: readonly number[];
  /** Monte Carlo error of the mean. */
  readonly meanError: number;
  /** NaN where the draws are not chains (nested sampling). */
  readonly rHat: number;
  readonly essBulk: number;
  readonly essTail: number;
  /** Steps. */
  readonly autocorrelationTime: number;
}

export interface Summary {
  readonly parameters: readonly ParameterSummary[];
  /** [n, n] */
  readonly covariance: Float64Array;
  /** [n, n] */
  readonly correlation: Float64Array;
}

/** `independent`: effective number of draws that are known to be independent, of one chain; absent: from the chains themselves. */
export function summarize(draws: Pick<Chains, "n" | "chains" | "samples" | "chain">, independent?: number): Summary {
  const { n } = draws;
  const centre = new Float64Array(n);
  const parameters = Array.from({ length: n }, (_, i): ParameterSummary => {
    const chains = drawsOf(draws, i);
    const all = drawsOf({ ...draws, chains: 1, samples: draws.chains * draws.samples }, i)[0]!.sort();
    const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
    centre[i] = mean;
    const std = Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (all.length - 1));
    const quantiles = QUANTILE_LEVELS.map((level) => quantile(all, level));
    if (independent !== undefined) {
      const meanError = std / Math.sqrt(independent);
      const same = { rHat: Number.NaN, essBulk: independent, essTail: independent, autocorrelationTime: 1 };
      return { mean, std, quantiles, meanError, ...same };
    }
    return {
      mean,
      std,
      quantiles,
      meanError: std / Math.sqrt(essMean(chains)),
      rHat: rHat(chains),
      essBulk: essBulk(chains),
      essTail: essTail(chains),
      autocorrelationTime: autocorrelationTime(chains),
    };
  });
  const covariance = covarianceOf(draws, centre);
  const correlation = covariance.map((c, k) =>
    k % n === Math.floor(k / n)
      ? 1
      : c / Math.sqrt(covariance[Math.floor(k / n) * (n + 1)]! * covariance[(k % n) * (n + 1)]!),
  );
  return { parameters, covariance, correlation };
}

/** Parameter i of every chain. */
export function drawsOf(
  { n, chains, samples, chain }: Pick<Chains, "n" | "chains" | "samples" | "chain">,
  i: number,
): Float64Array[] {
  return Array.from({ length: chains }, (_, k) =>
    Float64Array.from({ length: samples }, (_, s) => chain[(k * samples + s) * n + i]!),
  );
}

function covarianceOf({ n, chain }: Pick<Chains, "n" | "chain">, centre: Float64Array): Float64Array {
  const rows = chain.length / n;
  const out = new Float64Array(n * n);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < n; i++) {
      const d = chain[r * n + i]! - centre[i]!;
      for (let j = 0; j <= i; j++) out[i * n + j]! += d * (chain[r * n + j]! - centre[j]!);
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) out[j * n + i] = out[i * n + j]! /= rows - 1;
  return out;
}
