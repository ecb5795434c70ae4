import type { Dataset } from "../datasets/types.js";
import type { Executor } from "../execute/types.js";
import type { KindContext } from "../likelihood/kind.js";
import { chi2Sf } from "../math/gamma.js";
import type { StopSignal } from "../math/types.js";
import type { LightCurveOnOptions } from "./light-curve.js";
import { intervalParts, type LightCurveOptions, type ResolvedOptions } from "./light-curve-parts.js";
import { fitNorm } from "./norm.js";
import { defineTask, eachItem, type Payload, type Plan, payloadOf, runPlan, runPlanOn } from "./plan.js";
import type { Points } from "./points.js";
import { sharedNorm } from "./shared-norm.js";

/** Is the source constant in an energy bin? */
export interface Constancy {
  /** Number of intervals with data. */
  readonly intervals: number;
  /** Of all intervals together, as a multiple of the reference spectrum. */
  readonly norm: number;
  readonly normErr: number;
  /** -2 ln of the likelihood with one norm for all intervals over that with a norm for each. */
  readonly ts: number;
  readonly dof: number;
  /** Of ts as chi2 with `dof` degrees of freedom (Wilks 1938); NaN for a single interval. */
  readonly pValue: number;
}

interface ConstancyPayload extends Payload {
  readonly options: ResolvedOptions;
}

/** Result: the tests of some energy bins. */
export const constancyTask = defineTask<ConstancyPayload, Constancy[]>(
  "constancy",
  ({ datasets, options, jobSize }, context) => {
    const { bands, total, pointsIn } = intervalParts(datasets, context, options);
    let points: ReturnType<typeof pointsIn>[] | undefined;
    return (index, signal) =>
      eachItem(index, { total: bands, jobSize }, (k) => {
        points ??= Array.from({ length: total }, (_, i) => pointsIn(i));
        return testBand(points, k, signal);
      });
  },
);

function planConstancy(
  datasets: readonly Dataset[],
  context: KindContext,
  { jobSize = 1, ...given }: LightCurveOnOptions,
): Plan<ConstancyPayload, Constancy[], Constancy[]> {
  const { bands, used, options } = intervalParts(datasets, context, given);
  const payload = { ...payloadOf(used, context, jobSize), options };
  return { kind: constancyTask, payload, context, total: bands, collect: (parts) => parts.flat() };
}

/**
 * Likelihood-ratio test of constancy, for each energy bin of a light curve: one norm fitted to all intervals against one for each. Unlike a chi2 of fluxes and
 * their errors it holds for few counts, where errors are asymmetric and follow the flux. With `reoptimize` both have the other parameters of each interval
 * for themselves, so the norms alone are tested.
 */
export const testConstancy = (
  datasets: readonly Dataset[],
  context: KindContext,
  options: LightCurveOptions,
): Constancy[] => runPlan(planConstancy(datasets, context, options), options);

/** `testConstancy` with the energy bins shared out among workers: the same numbers to the bit. */
export const testConstancyOn = (
  executor: Executor,
  datasets: readonly Dataset[],
  context: KindContext,
  options: LightCurveOnOptions,
): Promise<Constancy[]> => runPlanOn(executor, planConstancy(datasets, context, options), options);

/** The test of energy bin k. */
function testBand(points: readonly Pick<Points, "slice">[], k: number, signal: StopSignal | undefined): Constancy {
  const slices = points.map((p) => p.slice(k)).filter((s) => s !== null);
  const none = Number.NaN;
  const dof = Math.max(0, slices.length - 1);
  if (slices.length === 0) return { intervals: 0, norm: none, normErr: none, ts: none, dof, pValue: none };
  const each = slices.map((slice) => fitNorm(slice, signal));
  const one = fitNorm(sharedNorm(slices), signal);
  const good = one.success && each.every((f) => f.success);
  const ts = good ? Math.max(0, one.value - each.reduce((sum, f) => sum + f.value, 0)) : none;
  return {
    intervals: slices.length,
    norm: good ? one.x[0]! : none,
    normErr: good ? one.error : none,
    ts: dof === 0 && good ? 0 : ts,
    dof,
    pValue: dof === 0 ? none : chi2Sf(ts, dof),
  };
}
