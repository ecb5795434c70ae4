import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { Executor } from "../execute/types.js";
import { fit } from "../fit/fit.js";
import { compareModels } from "../fit/goodness.js";
import type { FitResult } from "../fit/result.js";
import type { KindContext } from "../likelihood/kind.js";
import { compileLikelihood } from "../likelihood/likelihood.js";
import { chi2Sf } from "../math/gamma.js";
import { normalIsf } from "../math/special.js";
import type { StopSignal } from "../math/types.js";
import type { Models } from "../models/types.js";
import { saturatedStat } from "./toy-data.js";
import { toys } from "./toys.js";

/** How many toys are drawn, from which seed, and where they are computed. */
export interface PValueOptions {
  readonly n: number;
  readonly seed: number;
  readonly executor?: Executor;
  readonly jobSize?: number;
  readonly signal?: StopSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How rare what was observed is among toys. */
export interface PValue {
  readonly observed: number;
  /** (toys at or above the observed + 1) / (n + 1): never 0, as the observed data are one of the draws. */
  readonly pValue: number;
  /** Binomial error. */
  readonly pError: number;
  /** One-sided significance of the p-value, in standard deviations. */
  readonly significance: number;
  /** Toys at or above the observed value. */
  readonly nAbove: number;
  /** Values of the toys that converged. */
  readonly toys: Float64Array;
  readonly nFailed: number;
}

/** Options of `nestedPValue`. */
export interface NestedOptions extends PValueOptions {
  /** The null value of one of the parameters in question is its limit: Chernoff's half instead of Wilks. */
  readonly boundary?: boolean;
}

/** p-value of the ts of two nested models, with both fits to the data. */
export interface NestedPValue extends PValue {
  /** More free parameters in the alternative. */
  readonly dof: number;
  /** What the theorem of Wilks (with `boundary`, of Chernoff) would say, valid for large counts. */
  readonly asymptotic: number;
  /** Toys where the fit of the alternative ended without converging (a shape runs away where there is no source): the statistic that it reached counts. */
  readonly nUnconverged: number;
  readonly null: FitResult;
  readonly alternative: FitResult;
}

/**
 * `context`: of the null hypothesis. p-value of ts = stat(null) - stat(alternative): of a source, a cutoff, an extension. The toys are those of the null hypothesis fitted to the data, and
 * both are fitted to each.
 */
export async function nestedPValue(
  datasets: readonly Dataset[],
  context: KindContext,
  alternativeModels: Models,
  options: NestedOptions,
): Promise<NestedPValue> {
  const fitted = fitOrThrow(datasets, context, "null hypothesis");
  const alternative = fitOrThrow(datasets, { ...context, models: alternativeModels }, "alternative");
  const run = await toys(
    datasets,
    { ...context, models: fitted.models },
    {
      ...options,
      errors: false,
      alternatives: { alternative: alternative.models },
    },
  );
  const other = run.alternatives.alternative!;
  const ts = run.stat.map((stat, i) => (run.success[i] ? stat - other.stat[i]! : Number.NaN));
  const observed = fitted.totalStat - alternative.totalStat;
  const dof = alternative.free.ids.length - fitted.free.ids.length;
  return {
    ...rarity(observed, ts),
    dof,
    asymptotic: dof > 0 ? compareModels(fitted, alternative, options).pValue : Number.NaN,
    nUnconverged: ts.reduce((sum, t, i) => sum + (Number.isFinite(t) && other.success[i] === 0 ? 1 : 0), 0),
    null: fitted,
    alternative,
  };
}

/** p-value of the deviance of a fit, with the fit to the data. */
export interface ToyGoodness extends PValue {
  /** Bins in the fit minus free parameters: the mean that the deviance has for large counts. */
  readonly dof: number;
  /** p-value of a chi-square of that dof. */
  readonly asymptotic: number;
  readonly result: FitResult;
}

/** Goodness of fit: how often toys of the fitted models, fitted again, have a deviance (statistic above that of the saturated model) as high as the data. */
export async function toyGoodness(
  datasets: readonly Dataset[],
  context: KindContext,
  options: PValueOptions,
): Promise<ToyGoodness> {
  const result = fitOrThrow(datasets, context, "fit");
  const best = { ...context, models: result.models };
  const run = await toys(datasets, best, { ...options, errors: false });
  const deviance = run.stat.map((stat, i) => (run.success[i] ? stat - run.saturated[i]! : Number.NaN));
  const joint = compileLikelihood(datasets, best);
  const observed = result.totalStat - saturatedStat(joint, result.free.values);
  const dof = result.datasets.reduce((sum, d) => sum + d.nFitBins, 0) - result.free.ids.length;
  return { ...rarity(observed, deviance), dof, asymptotic: dof > 0 ? chi2Sf(observed, dof) : Number.NaN, result };
}

function fitOrThrow(datasets: readonly Dataset[], context: KindContext, what: string): FitResult {
  const result = fit(datasets, context);
  if (!result.success) throw new SpecError(`p-value: the ${what} could not be fitted to the data: ${result.message}`);
  return result;
}

/** `values` NaN where a toy failed. */
function rarity(observed: number, values: Float64Array): PValue {
  const good = values.filter(Number.isFinite);
  const n = good.length;
  // equal up to rounding counts as equal
  const threshold = observed - 1e-9 * Math.max(1, Math.abs(observed));
  const nAbove = good.reduce((sum, v) => sum + (v >= threshold ? 1 : 0), 0);
  const pValue = (nAbove + 1) / (n + 1);
  return {
    observed,
    pValue,
    pError: Math.sqrt((pValue * (1 - pValue)) / (n + 1)),
    significance: normalIsf(pValue),
    nAbove,
    toys: good,
    nFailed: values.length - n,
  };
}
