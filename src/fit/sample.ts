import { SpecError, unknownName } from "../errors.js";
import {
  type Chains,
  ensemble,
  equalWeights,
  type Guess,
  independentPriors,
  type NestedResult,
  nested,
  nuts,
  type RunOptions,
  runAsync,
  summarize,
  uniformTransform,
} from "../sampling/index.js";
import type { Joint } from "./joint.js";
import { type Posterior, type PosteriorPrior, type Sampler, warningsOf } from "./posterior.js";
import type { FitResult } from "./result.js";

const INFINITE = Number.POSITIVE_INFINITY;

/** Options of `samplePosterior`. */
export interface SampleOptions extends RunOptions {
  /** Default: nuts. */
  readonly sampler?: Sampler;
  /** Samples of all chains together, at least; default 10 000. */
  readonly samples?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Limits of the prior by parameter id, in its unit; those of the parameter itself hold as well. */
  readonly ranges?: Readonly<Record<string, readonly [min: number, max: number]>>;
  /** nested: without a range of its own a parameter is flat within so many errors of its fitted value; default 8. */
  readonly nSigma?: number;
  /** nuts: chains, default 4; ensemble: walkers, default the larger of 32 and 4 n. */
  readonly chains?: number;
  /** Steps of each chain before the kept ones; default: nuts 500, ensemble 1000. */
  readonly warmup?: number;
  /** ensemble: keep every thin-th step; default 20. */
  readonly thin?: number;
  /** nuts: default 0.8. */
  readonly targetAcceptance?: number;
  /** nested: live points, default 500. */
  readonly live?: number;
}

/**
 * Samples the posterior of the free parameters around a fit [samples, n], in their units: by the No-U-Turn Sampler [Hoffman & Gelman 2014, JMLR 15, 1593], an
 * ensemble of walkers [Goodman & Weare 2010, Comm. App. Math. Comp. Sci. 5, 65] or nested sampling [Skilling 2004, AIP Conf. Proc. 735, 395]. Priors: those of
 * the models, which are part of the joint statistic; for all else flat in the parameter, within its limits.
 * @throws SpecError where the fit is of other parameters, none is free, one has neither an error nor a range, or an option is out of its range.
 * @example
 * ```ts
 * import { compileJoint, fitJoint, samplePosterior } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const joint = compileJoint(datasets, models);
 * const posterior = await samplePosterior(joint, fitJoint(joint), { samples: 400, warmup: 200, seed: 1 });
 * const alpha = posterior.parameters.find((p) => p.id === "Crab Nebula.alpha")!;
 * console.assert(Math.abs(alpha.mean - 1.23) < 0.02 && Math.abs(alpha.std - 0.037) < 0.01);
 * ```
 */
export async function sample(joint: Joint, fit: FitResult, options: SampleOptions = {}): Promise<Posterior> {
  const { sampler = "nuts", samples = 10_000, seed = 1 } = options;
  const { parameters, objective } = joint;
  const n = parameters.length;
  checkOptions(joint, fit, options);
  const guess = guessOf(joint, fit, options);
  const priors = priorsOf(joint, guess, sampler, options);
  const lower = Float64Array.from(priors, (p) => p.lower);
  const upper = Float64Array.from(priors, (p) => p.upper);
  // the logarithm of a norm well above 0 is nearly normal, and one below has none
  const log = Uint8Array.from(parameters, (p, i) => (p.isNorm && lower[i]! >= 0 && isClear(guess, i) ? 1 : 0));
  const target = { objective, lower, upper, log };
  const { warmup, chains, thin = 20, targetAcceptance, live } = options;

  let drawn: Chains;
  let run: NestedResult | undefined;
  if (sampler === "nuts") {
    const number = chains ?? 4;
    const each = Math.ceil(samples / number);
    drawn = await runAsync(
      nuts(target, guess, { seed, samples: each, chains: number, warmup, targetAcceptance }),
      options,
    );
  } else if (sampler === "ensemble") {
    const walkers = chains ?? Math.max(32, 4 * n);
    const each = Math.ceil(samples / walkers);
    drawn = await runAsync(ensemble(target, guess, { seed, samples: each, walkers, warmup, thin }), options);
  } else {
    // the statistic holds the models' own priors as densities; sampling a flat range instead divides by its width
    const logWidths = priors.reduce((sum, p) => sum + (p.kind === "model" ? Math.log(p.upper - p.lower) : 0), 0);
    const logLikelihood = (x: Float64Array) => -0.5 * objective.value(x) + logWidths;
    const transform = independentPriors(priors.map((p) => uniformTransform(p.lower, p.upper)));
    run = await runAsync(nested({ n, logLikelihood, transform }, { seed, live }), options);
    const { points, index } = equalWeights(run, samples, seed);
    const value = Float64Array.from(index, (k) => -2 * (run!.logLikelihood[k]! - logWidths));
    const acceptance = run.weights.length / run.calls;
    drawn = { n, chains: 1, samples, chain: points, value, acceptance, divergences: 0, calls: run.calls };
  }
  const summary = summarize(drawn, run && Math.min(run.effectiveSize, samples));
  const posterior: Omit<Posterior, "warnings"> = {
    ...drawn,
    sampler,
    seed,
    parameters: summary.parameters.map((p, i) => ({
      ...p,
      id: parameters[i]!.id,
      unit: parameters[i]!.unit,
      prior: priors[i]!,
    })),
    covariance: summary.covariance,
    correlation: summary.correlation,
    ...(run && { evidence: { logZ: run.logZ, logZError: run.logZError, information: run.information } }),
  };
  const warnings = warningsOf(posterior);
  if (!fit.success) warnings.unshift(`the samples start from a fit that did not converge: ${fit.message}`);
  return { ...posterior, warnings };
}

function checkOptions({ parameters }: Joint, fit: FitResult, options: SampleOptions): void {
  const names = parameters.map((p) => p.id);
  if (names.length === 0) throw new SpecError("sample: all parameters are frozen; free at least one");
  if (names.length !== fit.free.ids.length || names.some((id, i) => id !== fit.free.ids[i])) {
    throw new SpecError(
      `sample: the fit has the free parameters ${fit.free.ids.join(", ")}, the models ${names.join(", ")}; fit again`,
    );
  }
  for (const [id, [min, max]] of Object.entries(options.ranges ?? {})) {
    if (!names.includes(id)) throw unknownName("sample: ranges", "free parameter", id, names);
    if (!(min < max))
      throw new SpecError(`sample: the range of ${id} is [${min}, ${max}]; the first has to be below the second`);
  }
  const { samples = 1 } = options;
  if (!(Number.isInteger(samples) && samples > 0))
    throw new SpecError(`sample: samples is ${samples}, expected a whole number above 0`);
}

/** Values and covariance of the fit; a parameter at a limit has no correlations there, and its error is one-sided. */
function guessOf({ parameters }: Joint, { free }: FitResult, { ranges = {} }: SampleOptions): Guess {
  const n = parameters.length;
  const covariance = free.covariance.slice();
  parameters.forEach(({ id }, i) => {
    if (covariance[i * (n + 1)]! > 0) return;
    const range = ranges[id];
    const error = free.errors[i]!;
    // the standard deviation of a flat distribution
    const sigma = error > 0 && Number.isFinite(error) ? error : range && (range[1] - range[0]) / Math.sqrt(12);
    if (!(sigma !== undefined && Number.isFinite(sigma))) {
      throw new SpecError(`sample: the fit gives ${id} no error (${error}); freeze it, or give it a range in ranges`);
    }
    covariance[i * (n + 1)] = sigma * sigma;
  });
  return { start: free.values.slice(), covariance };
}

function priorsOf(joint: Joint, guess: Guess, sampler: Sampler, options: SampleOptions): PosteriorPrior[] {
  const { start, covariance } = guess;
  const n = start.length;
  const { nSigma = 8 } = options;
  return joint.parameters.map((p, i) => {
    const hasOwn = p.entries.some((e) => joint.entries[e]!.parameter.prior !== undefined);
    const given = options.ranges?.[p.id];
    const width = nSigma * Math.sqrt(covariance[i * (n + 1)]!);
    const fromFit = sampler === "nested" && given === undefined;
    const isFree = Number.isNaN(p.min) && Number.isNaN(p.max);
    // so that its logarithm can be sampled; what is cut has a probability below 1e-6
    const isPositive = given === undefined && p.isNorm && isFree && isClear(guess, i);
    const limits =
      given !== undefined ? "given" : fromFit ? "fit error" : isPositive ? "positive" : isFree ? "none" : "parameter";
    const [min, max] = given ?? (fromFit ? [start[i]! - width, start[i]! + width] : [-INFINITE, INFINITE]);
    const lower = Math.max(min, Number.isNaN(p.min) ? -INFINITE : p.min, isPositive ? 0 : -INFINITE);
    const upper = Math.min(max, Number.isNaN(p.max) ? INFINITE : p.max);
    if (!(lower < upper)) {
      throw new SpecError(
        `sample: the range [${min}, ${max}] of ${p.id} has no overlap with its limits [${p.min}, ${p.max}]`,
      );
    }
    // a fit may lie outside the range asked for
    start[i] = Math.min(Math.max(start[i]!, lower), upper);
    return { kind: hasOwn ? "model" : "flat", lower, upper, limits };
  });
}

/** 5 errors above 0. */
function isClear({ start, covariance }: Guess, i: number): boolean {
  return start[i]! > 5 * Math.sqrt(covariance[i * (start.length + 1)]!);
}
