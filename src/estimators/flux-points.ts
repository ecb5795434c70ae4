import type { Dataset, FluxPoints } from "../datasets/types.js";
import type { Executor } from "../execute/types.js";
import type { KindContext } from "../likelihood/kind.js";
import type { FluxPointRow } from "./norm.js";
import { defineTask, eachItem, type Payload, type Plan, payloadOf, runPlan, runPlanOn } from "./plan.js";
import { checkMeasured, datasetsOf, type FluxPointsOptions, preparePoints } from "./points.js";

interface FluxPointsPayload extends Payload {
  readonly options: Omit<FluxPointsOptions, "signal" | "onProgress" | "onNote">;
}

/** Result: the rows of some energy bins. */
export const fluxPointsTask = defineTask<FluxPointsPayload, FluxPointRow[]>(
  "flux points",
  ({ datasets, options, jobSize }, context) => {
    const { used } = datasetsOf(options.source, datasets, context, "flux points");
    const points = preparePoints(used, context, options);
    const { total } = points;
    const { measure } = points.of(used);
    return (index, signal) => eachItem(index, { total, jobSize }, (i) => measure(i, signal));
  },
);

/** Options of `estimateFluxPointsOn`. */
export type FluxPointsOnOptions = FluxPointsOptions & {
  /** Energy bins in a job; default 1. */
  readonly jobSize?: number;
};

function planFluxPoints(
  datasets: readonly Dataset[],
  context: KindContext,
  { jobSize = 1, signal: _, onProgress: _1, onNote, ...given }: FluxPointsOnOptions,
): Plan<FluxPointsPayload, FluxPointRow[], FluxPoints> {
  const { used, messages: left } = datasetsOf(given.source, datasets, context, "flux points");
  const { edges, total, messages, table } = preparePoints(used, context, given);
  for (const message of [...left, ...messages]) onNote?.(`flux points: ${message}`);
  const payload = { ...payloadOf(used, context, jobSize), options: { ...given, energyEdges: edges } };
  const collect = (parts: readonly FluxPointRow[][]) => {
    const rows = parts.flat();
    checkMeasured(rows, used, "flux points");
    return table(rows);
  };
  return { kind: fluxPointsTask, payload, context, total, collect };
}

/**
 * Flux points of a source by the method of Gammapy's FluxPointsEstimator: in each energy bin the shape of the fitted spectrum is kept and one
 * norm is fitted to the datasets' bins in it, by exact derivatives; errors from the Hessian and from the likelihood's rise (errn, errp, ul).
 */
export const estimateFluxPoints = (
  datasets: readonly Dataset[],
  context: KindContext,
  options: FluxPointsOptions,
): FluxPoints => runPlan(planFluxPoints(datasets, context, options), options);

/** `estimateFluxPoints` with the energy bins shared out among workers: the same numbers to the bit. */
export const estimateFluxPointsOn = (
  executor: Executor,
  datasets: readonly Dataset[],
  context: KindContext,
  options: FluxPointsOnOptions,
): Promise<FluxPoints> => runPlanOn(executor, planFluxPoints(datasets, context, options), options);
