/** Flux points and light curves, measured here or by workers, with progress. */
import {
  estimateFluxPoints,
  estimateFluxPointsOn,
  estimateLightCurve,
  estimateLightCurveOn,
  testConstancy,
  testConstancyOn,
} from "../api/estimators.js";
import type { Dataset, FluxPoints, LightCurve } from "../datasets/types.js";
import type { Constancy } from "../estimators/constancy.js";
import type { Models } from "../models/types.js";
import type { Context } from "./context.js";
import type { workersOf } from "./workers.js";

type WithWorkers = ReturnType<typeof workersOf>;
type PointsSettings = Omit<Parameters<typeof estimateFluxPoints>[2], "signal" | "onProgress" | "onNote">;
type CurveSettings = Omit<Parameters<typeof estimateLightCurve>[2], "signal" | "onProgress" | "onNote">;

export async function measureFluxPoints(
  context: Context,
  withWorkers: WithWorkers,
  datasets: readonly Dataset[],
  models: Models,
  given: PointsSettings,
): Promise<FluxPoints> {
  const { signal, onNote, using } = context;
  const progress = context.progress("flux points");
  const settings = { ...given, signal, onNote, onProgress: progress.update, ...using };
  const points = await withWorkers(async (executor) =>
    executor === undefined
      ? context.compute(() => estimateFluxPoints(datasets, models, settings))
      : estimateFluxPointsOn(executor, datasets, models, settings),
  );
  progress.end();
  return points;
}

/** With the test whether it is constant, in each energy bin. */
export async function measureLightCurve(
  context: Context,
  withWorkers: WithWorkers,
  datasets: readonly Dataset[],
  models: Models,
  { normMin, normMax, nSigmaUl, ...given }: CurveSettings,
): Promise<readonly [LightCurve, readonly Constancy[]]> {
  const { signal, onNote, using } = context;
  const settings = { ...given, signal, ...using };
  return withWorkers(async (executor) => {
    const first = context.progress("light curve");
    const limits = { normMin, normMax, nSigmaUl };
    const one = { ...settings, ...limits, onNote, onProgress: first.update };
    const curve =
      executor === undefined
        ? context.compute(() => estimateLightCurve(datasets, models, one))
        : await estimateLightCurveOn(executor, datasets, models, one);
    first.end();
    const second = context.progress("constancy");
    const two = { ...settings, onProgress: second.update };
    const tests =
      executor === undefined
        ? context.compute(() => testConstancy(datasets, models, two))
        : await testConstancyOn(executor, datasets, models, two);
    second.end();
    return [curve, tests];
  });
}
