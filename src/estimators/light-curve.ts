import type { Dataset, LightCurve } from "../datasets/types.js";
import type { Executor } from "../execute/types.js";
import type { KindContext } from "../likelihood/kind.js";
import { intervalParts, type LightCurveOptions, type ResolvedOptions } from "./light-curve-parts.js";
import type { FluxPointRow } from "./norm.js";
import { defineTask, eachItem, type Payload, type Plan, payloadOf, runPlan, runPlanOn } from "./plan.js";

interface LightCurvePayload extends Payload {
  readonly options: ResolvedOptions;
}

/** Result: for some intervals the rows of all energy bins. */
export const lightCurveTask = defineTask<LightCurvePayload, FluxPointRow[][]>(
  "light curve",
  ({ datasets, options, jobSize }, context) => {
    const { total, measure } = intervalParts(datasets, context, options);
    return (index, signal) => eachItem(index, { total, jobSize }, (i) => measure(i, signal));
  },
);

/** Options of `estimateLightCurveOn`. */
export type LightCurveOnOptions = LightCurveOptions & {
  /** Intervals of time in a job; default 1. */
  readonly jobSize?: number;
};

function planLightCurve(
  datasets: readonly Dataset[],
  context: KindContext,
  { jobSize = 1, ...given }: LightCurveOnOptions,
): Plan<LightCurvePayload, FluxPointRow[][], LightCurve> {
  const { total, used, options, curve } = intervalParts(datasets, context, given);
  const payload = { ...payloadOf(used, context, jobSize), options };
  return { kind: lightCurveTask, payload, context, total, collect: (parts) => curve(parts.flat()) };
}

/**
 * Light curve of a source by the method of Gammapy's LightCurveEstimator: flux points of the datasets whose good time intervals lie in each interval of
 * time. Intervals without any are left out. If the source has a temporal model, its spectrum alone is the reference: the norms are what changes with time.
 */
export const estimateLightCurve = (
  datasets: readonly Dataset[],
  context: KindContext,
  options: LightCurveOptions,
): LightCurve => runPlan(planLightCurve(datasets, context, options), options);

/** `estimateLightCurve` with the intervals shared out among workers: the same numbers to the bit. */
export const estimateLightCurveOn = (
  executor: Executor,
  datasets: readonly Dataset[],
  context: KindContext,
  options: LightCurveOnOptions,
): Promise<LightCurve> => runPlanOn(executor, planLightCurve(datasets, context, options), options);
