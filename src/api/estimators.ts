/** Flux points, light curves, maps of significance, toys and what is made with them. */
import type { Dataset, FluxPoints, LightCurve } from "../datasets/types.js";
import * as calibrated from "../estimators/calibrated.js";
import * as constancy from "../estimators/constancy.js";
import * as limits from "../estimators/expected-limit.js";
import * as points from "../estimators/flux-points.js";
import * as hypotheses from "../estimators/hypotheses.js";
import * as curves from "../estimators/light-curve.js";
import type { LightCurveOptions } from "../estimators/light-curve-parts.js";
import * as pValues from "../estimators/p-values.js";
import type { FluxPointsOptions } from "../estimators/points.js";
import * as toy from "../estimators/toys.js";
import * as maps from "../estimators/ts-map.js";
import type { TsMap } from "../estimators/ts-map-table.js";
import type { Executor } from "../execute/types.js";
import type { Models } from "../models/types.js";
import { type ContextOptions, contextOf, withContext } from "./context.js";
import { type ModelsOption, modelsOf } from "./models-option.js";

/**
 * Flux points of a source by the method of Gammapy's FluxPointsEstimator, between `energyEdges` in TeV [n + 1]: in each energy bin the shape of the fitted
 * spectrum is kept and one norm is fitted to the datasets' bins in it, by exact derivatives; errors from the Hessian and from the likelihood's rise (errn, errp,
 * ul). The norms [n] are relative to `reference`.
 * @throws SpecError where the source is unknown, has no flux or is in none of the datasets, or two edges fall on one edge of the data.
 * @example
 * ```ts
 * import { estimateFluxPoints, fit } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const fitted = fit(datasets, models).models;
 * const options = { source: "Crab Nebula", energyEdges: [0.01, 0.05, 0.3, 2] }; // TeV
 * const { norm, normErr, reference } = estimateFluxPoints([datasets[0]], fitted, options);
 * console.log(norm.map((x, i) => x * reference.dnde[i])); // cm-2 s-1 TeV-1
 * console.assert(norm.every((x, i) => Math.abs(x - 1) < 3 * normErr![i]));
 * ```
 */
export function estimateFluxPoints(
  datasets: readonly Dataset[],
  models: Models,
  options: FluxPointsOptions & ContextOptions,
): FluxPoints {
  const [context, rest] = withContext(models, options);
  return points.estimateFluxPoints(datasets, context, rest);
}

/** `estimateFluxPoints` with the energy bins shared out among workers: the same numbers to the bit. */
export async function estimateFluxPointsOn(
  executor: Executor,
  datasets: readonly Dataset[],
  models: Models,
  options: points.FluxPointsOnOptions & ContextOptions,
): Promise<FluxPoints> {
  const [context, rest] = withContext(models, options);
  return points.estimateFluxPointsOn(executor, datasets, context, rest);
}

/**
 * Light curve of a source by the method of Gammapy's LightCurveEstimator: flux points of the datasets whose good time intervals lie in each interval of time.
 * Intervals without any are left out. If the source has a temporal model, its spectrum alone is the reference: the norms are what changes with time.
 * @throws SpecError where the source is unknown, has no flux or is in none of the datasets, or no dataset lies inside of an interval.
 * @example
 * ```ts
 * import { estimateLightCurve, fit, fluxSources } from "gammats";
 * import { readOgip } from "gammats/io";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const run = (id: number) => readOgip(`${exampleFolder()}/joint-crab/spectra/hess/pha_obs${id}.fits`, nodeFiles());
 * const runs = await Promise.all([23523, 23526].map(run));
 * const crab = await readCrab(exampleFolder(), nodeFiles());
 * const fitted = { components: fluxSources(fit(crab.datasets, crab.models).models) };
 * const { time, points } = estimateLightCurve(runs, fitted, { source: "Crab Nebula" });
 * console.assert(time.start.length === 2 && points.every(({ norm }) => Math.abs(norm[0] - 1) < 0.5));
 * ```
 */
export function estimateLightCurve(
  datasets: readonly Dataset[],
  models: Models,
  options: LightCurveOptions & ContextOptions,
): LightCurve {
  const [context, rest] = withContext(models, options);
  return curves.estimateLightCurve(datasets, context, rest);
}

/** `estimateLightCurve` with the intervals shared out among workers: the same numbers to the bit. */
export async function estimateLightCurveOn(
  executor: Executor,
  datasets: readonly Dataset[],
  models: Models,
  options: curves.LightCurveOnOptions & ContextOptions,
): Promise<LightCurve> {
  const [context, rest] = withContext(models, options);
  return curves.estimateLightCurveOn(executor, datasets, context, rest);
}

/**
 * Likelihood-ratio test of constancy, for each energy bin of a light curve: one norm fitted to all intervals against one for each, ts as chi2 of intervals - 1
 * degrees of freedom [Wilks 1938, Ann. Math. Stat. 9, 60]. Unlike a chi2 of fluxes and their errors it holds for few counts, where errors are asymmetric and
 * follow the flux. With `reoptimize` both have the other parameters of each interval for themselves, so the norms alone are tested.
 * @throws SpecError where the source is unknown, has no flux or is in none of the datasets, or no dataset lies inside of an interval.
 */
export function testConstancy(
  datasets: readonly Dataset[],
  models: Models,
  options: LightCurveOptions & ContextOptions,
): constancy.Constancy[] {
  const [context, rest] = withContext(models, options);
  return constancy.testConstancy(datasets, context, rest);
}

/** `testConstancy` with the energy bins shared out among workers: the same numbers to the bit. */
export async function testConstancyOn(
  executor: Executor,
  datasets: readonly Dataset[],
  models: Models,
  options: curves.LightCurveOnOptions & ContextOptions,
): Promise<constancy.Constancy[]> {
  const [context, rest] = withContext(models, options);
  return constancy.testConstancyOn(executor, datasets, context, rest);
}

/**
 * Test statistics of one more point source at each pixel of the first dataset's map: to what `models` predict (which stays as it is) a source at the pixel's
 * centre is added and its norm fitted to all bins of all datasets in an energy range, by exact derivatives (after Stewart 2009, A&A 495, 989, with each pixel's
 * own psf, exposure and energy dispersion). `ts`: stat(0) - stat(norm); norms stay where no bin is predicted negative.
 * @throws SpecError where there are no datasets.
 * @throws UnsupportedError where one is no map of counts, or its statistic is not cash.
 * @example
 * ```ts
 * import { estimateTsMap, findPeaks, fovBackground, type MapDataset } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * import { parseRegions, regionMask, type WcsGeom } from "gammats/sky";
 * const fermi = (await readCrab(exampleFolder(), nodeFiles())).datasets[0] as MapDataset;
 * const maskFit = regionMask(fermi.counts!.geom as WcsGeom, parseRegions("icrs; circle(83.63, 22.01, 0.15)"));
 * const masked: MapDataset = { ...fermi, maskFit };
 * const { maps } = estimateTsMap([masked], { components: [fovBackground("Fermi-LAT")] });
 * const [peak] = findPeaks(maps.sqrt_ts, { threshold: 5 });
 * console.assert(Math.abs(peak.ra - 83.63) < 0.06 && Math.abs(peak.dec - 22.01) < 0.06); // deg
 * ```
 */
export function estimateTsMap(
  datasets: readonly Dataset[],
  models: Models,
  options: maps.TsMapOptions & ContextOptions = {},
): TsMap {
  const [context, rest] = withContext(models, options);
  return maps.estimateTsMap(datasets, context, rest);
}

/** `estimateTsMap` with the pixels shared out among workers: the same numbers to the bit. */
export async function estimateTsMapOn(
  executor: Executor,
  datasets: readonly Dataset[],
  models: Models,
  options: maps.TsMapOnOptions & ContextOptions = {},
): Promise<TsMap> {
  const [context, rest] = withContext(models, options);
  return maps.estimateTsMapOn(executor, datasets, context, rest);
}

/**
 * Simulates the datasets `n` times and fits the models to each [n, parameters]: bit-identical for any executor, number of workers and job size.
 * @throws SpecError where `n` or `seed` is no such number, or a parameter of `minos` is not free.
 * @example
 * ```ts
 * import { fluxSources, toys } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const run = await toys([datasets[1]], { components: fluxSources(models) }, { n: 20, seed: 1 });
 * const alpha = run.values.filter((_, i) => i % run.ids.length === 1); // [n]
 * console.assert(run.ids[1] === "Crab Nebula.alpha" && alpha.length === 20);
 * console.assert(run.success.every((ok) => ok === 1));
 * ```
 */
export async function toys(
  datasets: readonly Dataset[],
  models: Models,
  options: toy.ToysOptions & ContextOptions,
): Promise<toy.Toys> {
  return toy.toys(datasets, contextOf(models, options), options);
}

/**
 * The datasets of one toy, to look at or to write: its fit is row `index` of `toys` with the same arguments.
 * @throws SpecError where a model does not fit a dataset, or something is missing that predictions need.
 */
export function toyDatasets(
  datasets: readonly Dataset[],
  truth: Models,
  options: { readonly seed: number; readonly index: number } & ContextOptions,
): Dataset[] {
  return toy.toyDatasets(datasets, contextOf(truth, options), options);
}

/**
 * Interval of one parameter, in its unit, by the construction of Neyman with the likelihood-ratio order of Feldman & Cousins [1998, Phys. Rev. D 57, 3873],
 * other parameters at their best for each value (profile construction): a value is in the interval if its rise of the statistic is no rarer than 1 - level among
 * toys of that value. For a limit the rise is 0 where the estimate lies beyond the value [Cowan et al. 2011, Eur. Phys. J. C 71, 1554]. Set the physical limits
 * of the parameter in the models.
 * @throws SpecError where the parameter is unknown or frozen, an option is out of its range, or the fit to the data did not converge.
 */
export async function calibratedInterval(
  datasets: readonly Dataset[],
  models: Models,
  parameter: string,
  options: calibrated.CalibratedOptions & ContextOptions,
): Promise<calibrated.CalibratedInterval> {
  return calibrated.calibratedInterval(datasets, contextOf(models, options), parameter, options);
}

/**
 * The profile-likelihood limit to expect if a parameter has a given value: the sensitivity of an observation.
 * @throws SpecError where the parameter is unknown or frozen, an option is out of its range, or a fit did not converge.
 */
export async function expectedLimit(
  datasets: readonly Dataset[],
  models: Models,
  id: string,
  options: limits.ExpectedLimitOptions & ContextOptions,
): Promise<limits.ExpectedLimit> {
  return limits.expectedLimit(datasets, contextOf(models, options), id, options);
}

/**
 * p-value of ts = stat(null) - stat(alternative): of a source, a cutoff, an extension. The toys are those of the null hypothesis fitted to the data, and both
 * are fitted to each: it holds where the theorems of Wilks 1938 (Ann. Math. Stat. 9, 60) and Chernoff 1954 (Ann. Math. Stat. 25, 573) do not.
 * @throws SpecError where a fit to the data did not converge, or `n` or `seed` is no such number.
 */
export async function nestedPValue(
  datasets: readonly Dataset[],
  nullModels: Models,
  alternativeModels: Models,
  options: pValues.NestedOptions & ContextOptions,
): Promise<pValues.NestedPValue> {
  return pValues.nestedPValue(datasets, contextOf(nullModels, options), alternativeModels, options);
}

/**
 * Goodness of fit: how often toys of the fitted models, fitted again, have a deviance (statistic above that of the saturated model) as high as the data.
 * @throws SpecError where the fit to the data did not converge, or `n` or `seed` is no such number.
 */
export async function toyGoodness(
  datasets: readonly Dataset[],
  models: Models,
  options: pValues.PValueOptions & ContextOptions,
): Promise<pValues.ToyGoodness> {
  return pValues.toyGoodness(datasets, contextOf(models, options), options);
}

/**
 * Is there a source? Null: its norm is 0 and the rest of it held. Alternative: the models, the norm not below 0.
 * @throws SpecError where the source is unknown, or its spectrum has no norm or a frozen one.
 */
export function sourceHypotheses(models: Models, name: string, options: ModelsOption = {}): hypotheses.Hypotheses {
  return hypotheses.sourceHypotheses(models, name, modelsOf(options));
}

/**
 * Does the spectrum end in an exponential cutoff? Null: a power law, as lambda_ = 0. Alternative: lambda_ free, not below 0.
 * @throws SpecError where the source is unknown, or its spectrum neither a power law nor one with an exponential cutoff.
 */
export function cutoffHypotheses(models: Models, name: string, options: ModelsOption = {}): hypotheses.Hypotheses {
  return hypotheses.cutoffHypotheses(models, name, modelsOf(options));
}

/**
 * Is the source extended? Null: a Gaussian of half of the finest pixel, which stands for a point. Alternative: a Gaussian of free width, not below that.
 * (PointSpatialModel shares its flux between neighbouring pixels and is not the limit of a Gaussian, so it is not nested in one.)
 * @throws SpecError where the source is unknown or is no point or Gaussian, or no map sees it.
 */
export function extensionHypotheses(
  datasets: readonly Dataset[],
  models: Models,
  name: string,
  options: ModelsOption = {},
): hypotheses.Hypotheses {
  return hypotheses.extensionHypotheses(datasets, models, name, modelsOf(options));
}
