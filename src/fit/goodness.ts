import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { KindContext } from "../likelihood/kind.js";
import { asimov } from "../likelihood/simulate.js";
import { chi2Sf, lnPoisson, poissonDeviance } from "../math/gamma.js";
import { normalIsf, normalSf } from "../math/special.js";
import type { Models } from "../models/types.js";
import { type FitOptions, fit } from "./fit.js";
import type { Joint } from "./joint.js";
import type { DatasetStat, FitResult } from "./result.js";
import { checkFitted, type Fitted } from "./search.js";

/** What a comparison needs of a fit. */
export type Compared = Pick<FitResult, "success" | "message" | "totalStat"> & {
  readonly free: Pick<FitResult["free"], "ids">;
  readonly datasets: readonly Pick<DatasetStat, "name" | "nFitBins">[];
};

/** Likelihood-ratio test of a null hypothesis that is nested in an alternative. */
export interface Comparison {
  /** -2 ln L of the null hypothesis above that of the alternative. */
  readonly ts: number;
  readonly dof: number;
  readonly sqrtTs: number;
  /** Probability of such a ts or a larger one if the null hypothesis is true (Wilks; Chernoff with `boundary`). */
  readonly pValue: number;
  /** One-sided Gaussian standard deviations of that probability. */
  readonly significance: number;
  /** Empty where all is well. */
  readonly message: string;
}

/** What a comparison of nested models cannot see in the two fits. */
export interface ComparisonOptions {
  /** Parameters that the alternative has more; default: the difference of the numbers of free parameters. */
  readonly dof?: number;
  /** The null value of one of them is its limit (a norm that cannot be negative at 0): half the chi2 of dof - 1, half that of dof. */
  readonly boundary?: boolean;
}

/** Rounding, and where each fit stopped. */
const ROUNDING = 1e-6;

/**
 * Likelihood ratio of two nested models fitted to the same datasets: ts = stat(null) - stat(alternative), as probability by Wilks 1938 (Ann. Math. Stat. 9, 60),
 * with `boundary` by Chernoff 1954 (Ann. Math. Stat. 25, 573).
 * @throws SpecError where the fits are to different data, or the alternative has no more free parameters than the null hypothesis and `dof` is not given.
 * @example
 * ```ts
 * import { compareModels, fit, updateParameters } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const powerLaw = updateParameters(models, { "Crab Nebula.beta": { value: 0, frozen: true } });
 * const { ts, significance } = compareModels(fit(datasets, powerLaw), fit(datasets, models));
 * console.assert(ts > 0 && significance > 5); // the spectrum is curved
 * ```
 */
export function compareModels(nullFit: Compared, alternative: Compared, options: ComparisonOptions = {}): Comparison {
  const names = (r: Compared) => r.datasets.map((d) => `${d.name} (${d.nFitBins} bins)`).join(", ");
  if (names(nullFit) !== names(alternative)) {
    throw new SpecError(
      `comparison of models: the null fit is to ${names(nullFit)}, the alternative to ${names(alternative)}; fit both to the same data`,
    );
  }
  const dof = options.dof ?? alternative.free.ids.length - nullFit.free.ids.length;
  if (!(Number.isInteger(dof) && dof > 0)) {
    throw new SpecError(
      `comparison of models: the alternative has ${alternative.free.ids.length} free parameters, the null hypothesis ${nullFit.free.ids.length}; it must be nested in the alternative and have fewer (or give dof)`,
    );
  }
  const ts = nullFit.totalStat - alternative.totalStat;
  const failed = [nullFit, alternative].flatMap((r, i) =>
    r.success ? [] : [`the ${i === 0 ? "null" : "alternative"} fit did not converge: ${r.message}`],
  );
  if (ts < -ROUNDING)
    failed.push(
      `ts is negative (${Number(ts.toPrecision(4))}): the alternative is not at its minimum, or the models are not nested`,
    );
  const t = Math.max(ts, 0);
  const pValue = tailOf(t, dof, options.boundary === true);
  return { ts, dof, sqrtTs: Math.sqrt(t), pValue, significance: significanceOf(t, pValue), message: failed.join("; ") };
}

/** Beyond 38 standard deviations the probability is below the smallest double; there sqrt(ts) is as good. */
const significanceOf = (ts: number, pValue: number) => (pValue > 1e-300 ? normalIsf(pValue) : Math.sqrt(ts));

function tailOf(ts: number, dof: number, boundary: boolean): number {
  if (!boundary) return chi2Sf(ts, dof);
  // chi2 of 0 degrees of freedom is 0 itself
  const fewer = dof === 1 ? (ts < ROUNDING ? 1 : 0) : chi2Sf(ts, dof - 1);
  return 0.5 * (fewer + chi2Sf(ts, dof));
}

/** The comparison to be expected if `truth` is true: both fitted to its Asimov data (the expectations themselves). */
export function expectedComparison(
  datasets: readonly Dataset[],
  truth: KindContext,
  nullModels: Models,
  options: ComparisonOptions & FitOptions = {},
): Comparison {
  const expected = datasets.map((dataset) => asimov(dataset, truth));
  const nullFit = fit(expected, { ...truth, models: nullModels }, options);
  return compareModels(nullFit, fit(expected, truth, options), options);
}

/** Information criteria of a fit; of models fitted to the same data the lower one is preferred. */
export interface InformationCriteria {
  readonly nFree: number;
  readonly nBins: number;
  /** Akaike 1974; with the correction for few bins; Schwarz 1978. */
  readonly aic: number;
  readonly aicc: number;
  readonly bic: number;
}

/**
 * AIC [Akaike 1974, IEEE Trans. Autom. Control 19, 716], AIC corrected for few bins, and BIC [Schwarz 1978, Ann. Stat. 6, 461]. Comparable between models fitted
 * to the same data: the statistic has no terms of the data alone.
 */
export function informationCriteria({ totalStat, free, datasets }: Compared): InformationCriteria {
  const nFree = free.ids.length;
  const nBins = datasets.reduce((sum, d) => sum + d.nFitBins, 0);
  const aic = totalStat + 2 * nFree;
  return {
    nFree,
    nBins,
    aic,
    aicc: nBins > nFree + 1 ? aic + (2 * nFree * (nFree + 1)) / (nBins - nFree - 1) : Number.NaN,
    bic: totalStat + nFree * Math.log(nBins),
  };
}

/** Goodness of fit of one dataset. */
export interface DatasetGoodness {
  readonly name: string;
  readonly nBins: number;
  /** -2 ln of the likelihood ratio to a model that predicts the data exactly. */
  readonly deviance: number;
  /** What to expect of it, and its standard deviation, if the model is right. */
  readonly expected: number;
  readonly spread: number;
  readonly pValue: number;
  readonly message: string;
}

/** Goodness of fit of all datasets together, and of each. */
export interface Goodness {
  readonly datasets: readonly DatasetGoodness[];
  readonly deviance: number;
  /** Bins less free parameters. */
  readonly dof: number;
  readonly expected: number;
  readonly spread: number;
  readonly pValue: number;
  readonly message: string;
}

/** Expected counts below which the deviance of a bin does not follow chi2. */
const FEW = 5;

/**
 * How well the best fit describes the data. Where expected counts are few the deviance does not follow chi2: its mean and variance are then summed over the
 * Poisson distribution of each bin [Kaastra 2017, A&A 605, A51], and the sum over many bins taken as Gaussian.
 * @throws SpecError where the fit is of another likelihood or did not converge.
 * @example
 * ```ts
 * import { compileJoint, fitJoint, goodnessOfFit } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const joint = compileJoint(datasets, models);
 * const { deviance, expected, spread, pValue } = goodnessOfFit(joint, fitJoint(joint));
 * console.assert(Math.abs(deviance - expected) < 3 * spread && pValue > 0.01);
 * ```
 */
export function goodnessOfFit(joint: Joint, fitted: Fitted): Goodness {
  checkFitted(joint, fitted, "goodness of fit");
  const x = fitted.free.values;
  const parts = joint.datasets.map((dataset, i): DatasetGoodness & { chi2: boolean } => {
    const stat = joint.datasetStat(i, x);
    const { data, nBins } = joint.terms[i]!;
    const deviance = stat - data.saturated(joint.termParameters(i, x));
    const means = data.expected(joint.termParameters(i, x));
    const few = data.isCounting && means.some((mu) => mu < FEW);
    // one Poisson count a bin
    const exact = few && means.length === nBins;
    const { mean, variance } = exact ? devianceMoments(means) : { mean: nBins, variance: 2 * nBins };
    const pValue = exact ? normalSf((deviance - mean) / Math.sqrt(variance)) : chi2Sf(deviance, nBins);
    const message =
      few && !exact ? "few counts in some bins: chi2 is an approximation, use toys for a probability to rely on" : "";
    return {
      name: dataset.name,
      nBins,
      deviance,
      expected: mean,
      spread: Math.sqrt(variance),
      pValue,
      message,
      chi2: !exact,
    };
  });
  const sum = (pick: (p: (typeof parts)[number]) => number) => parts.reduce((s, p) => s + pick(p), 0);
  const nFree = joint.parameters.length;
  const deviance = sum((p) => p.deviance);
  const dof = sum((p) => p.nBins) - nFree;
  // each free parameter takes one off, as with chi2
  const expected = sum((p) => p.expected) - nFree;
  const spread = Math.sqrt(Math.max(sum((p) => p.spread ** 2) - 2 * nFree, 0));
  const pValue = parts.every((p) => p.chi2) ? chi2Sf(deviance, dof) : normalSf((deviance - expected) / spread);
  return {
    datasets: parts.map(({ chi2: _, ...part }) => part),
    deviance,
    dof,
    expected,
    spread,
    pValue,
    message: parts.flatMap((p) => (p.message === "" ? [] : [`${p.name}: ${p.message}`])).join("; "),
  };
}

/** Mean and variance of the Poisson deviance 2 (mu - n + n ln(n / mu)), summed over bins of mean mu. */
function devianceMoments(means: Float64Array): { mean: number; variance: number } {
  let mean = 0;
  let variance = 0;
  for (const mu of means) {
    if (!(mu > 0)) continue;
    let first = 0;
    let second = 0;
    const width = 8 * Math.sqrt(mu) + 12;
    for (let n = Math.max(0, Math.floor(mu - width)); n <= mu + width; n++) {
      const p = Math.exp(lnPoisson(n, mu));
      const d = 2 * poissonDeviance(n, mu);
      first += p * d;
      second += p * d * d;
    }
    mean += first;
    variance += second - first * first;
  }
  return { mean, variance };
}
