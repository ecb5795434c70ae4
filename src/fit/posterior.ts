import type { Chains, ParameterSummary } from "../sampling/index.js";

/** How a posterior is sampled: No-U-Turn Sampler (Hamiltonian), ensemble of walkers (as emcee), or nested sampling. */
export type Sampler = "nuts" | "ensemble" | "nested";

/** Flat between two limits, which may be infinite; "model": the prior declared in the models, as far as these limits. */
export interface PosteriorPrior {
  readonly kind: "flat" | "model";
  readonly lower: number;
  readonly upper: number;
  /** Where the limits come from: the parameter's own, the caller's, the fit's error, or a norm 5 errors above 0 that is taken for positive. */
  readonly limits: "none" | "parameter" | "given" | "fit error" | "positive";
}

/** Numbers in `unit`, but for R-hat, effective sizes and the autocorrelation time (in kept steps). */
export interface PosteriorParameter extends ParameterSummary {
  /** `<model>.<parameter>` */
  readonly id: string;
  readonly unit: string;
  readonly prior: PosteriorPrior;
}

/** Mean of the likelihood over the prior, in the normalisation of the statistic: L = exp(-stat/2). Only differences for the same data mean something. */
export interface Evidence {
  readonly logZ: number;
  readonly logZError: number;
  /** Kullback-Leibler divergence of the posterior from the prior, nats. */
  readonly information: number;
}

/** Samples of the free parameters: `chain` [chains, samples, n], and `value`, their -2 ln(L prior), [chains, samples]. */
export interface Posterior extends Chains {
  readonly sampler: Sampler;
  readonly seed: number;
  readonly parameters: readonly PosteriorParameter[];
  /** [n, n] in the units of the parameters. */
  readonly covariance: Float64Array;
  readonly correlation: Float64Array;
  /** Nested sampling only. */
  readonly evidence?: Evidence;
  /** What makes the samples doubtful, and what to do; empty if nothing does. */
  readonly warnings: readonly string[];
}

/** Limits of Vehtari et al. (2021): R-hat 1.01, 400 effective draws; of Foreman-Mackey et al. (2013): 50 autocorrelation times. */
export function warningsOf(posterior: Omit<Posterior, "warnings">): string[] {
  const { sampler, parameters, divergences, chains, samples } = posterior;
  const out: string[] = [];
  if (divergences > 0) {
    out.push(
      `${divergences} of ${chains * samples} steps met places where the probability vanishes or bends too sharply; the samples may miss them: raise targetAcceptance (0.95), or give limits that leave them out`,
    );
  }
  for (const p of parameters) {
    if (sampler === "nuts" && !(p.rHat < 1.01)) {
      out.push(`${p.id}: R-hat is ${p.rHat.toFixed(3)}, above 1.01: the chains disagree; take more warmup and samples`);
    }
    const size = Math.min(p.essBulk, p.essTail);
    if (!(size >= 400)) {
      out.push(
        `${p.id}: only ${Math.floor(size)} effective samples, 400 are the least for quantiles; take more samples`,
      );
    }
    if (sampler === "ensemble" && !(samples >= 50 * p.autocorrelationTime)) {
      out.push(
        `${p.id}: the walkers ran for ${Math.floor(samples / p.autocorrelationTime)} autocorrelation times, 50 are needed; raise thin or samples`,
      );
    }
    if (p.prior.limits === "fit error" && reachesEdge(p)) {
      out.push(
        `${p.id}: the samples reach an edge of the range [${p.prior.lower.toPrecision(4)}, ${p.prior.upper.toPrecision(4)}] taken from the fit's error; give a wider one in ranges`,
      );
    }
  }
  return out;
}

/** A 2 sigma quantile is nearer to an edge than to the median. */
function reachesEdge({ quantiles, prior }: PosteriorParameter): boolean {
  const [low, , median, , high] = quantiles as readonly [number, number, number, number, number];
  return low - prior.lower < (median - low) / 2 || prior.upper - high < (high - median) / 2;
}
