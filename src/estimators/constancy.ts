import type { Dataset } from "../datasets/types.js";
import { jobRange } from "../execute/run.js";
import type { Executor, TaskKind } from "../execute/types.js";
import { chi2Sf } from "../math/gamma.js";
import type { Models } from "../models/types.js";
import type { LightCurveOnOptions } from "./light-curve.js";
import { intervalParts, type LightCurveOptions, type ResolvedOptions } from "./light-curve-parts.js";
import { fitNorm } from "./norm.js";
import { runParts } from "./parts.js";
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

/**
 * Likelihood-ratio test of constancy, for each energy bin of a light curve: one norm fitted to all intervals against one for each. Unlike a chi2 of fluxes and
 * their errors it holds for few counts, where errors are asymmetric and follow the flux. With `reoptimize` both have the other parameters of each interval
 * for themselves, so the norms alone are tested.
 */
export function testConstancy(datasets: readonly Dataset[], models: Models, options: LightCurveOptions): Constancy[] {
  const { bands, test } = constancyParts(datasets, models, options);
  return Array.from({ length: bands }, (_, k) => {
    options.signal?.throwIfAborted();
    const found = test(k);
    options.onProgress?.(k + 1, bands);
    return found;
  });
}

interface ConstancyPayload {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly options: ResolvedOptions;
  readonly jobSize: number;
}

/** Result: the tests of some energy bins. */
export const constancyTask: TaskKind<ConstancyPayload, Constancy[]> = {
  name: "constancy",
  prepare({ datasets, models, options, jobSize }) {
    const { bands, test } = constancyParts(datasets, models, options);
    return (index) => {
      const [first, last] = jobRange(index, bands, jobSize);
      return Array.from({ length: last - first }, (_, k) => test(first + k));
    };
  },
};

/** `testConstancy` with the energy bins shared out among workers: the same numbers to the bit. */
export async function testConstancyOn(
  executor: Executor,
  datasets: readonly Dataset[],
  models: Models,
  { jobSize = 1, signal, onProgress, ...given }: LightCurveOnOptions,
): Promise<Constancy[]> {
  const { bands, used, options } = intervalParts(datasets, models, given);
  const payload = { datasets: used, models, options, jobSize };
  const found = await runParts(executor, constancyTask, payload, bands, { signal, onProgress });
  return found.flat();
}

function constancyParts(datasets: readonly Dataset[], models: Models, options: LightCurveOptions) {
  const { bands, total, pointsIn } = intervalParts(datasets, models, options);
  let points: ReturnType<typeof pointsIn>[] | undefined;
  return {
    bands,
    test(k: number): Constancy {
      points ??= Array.from({ length: total }, (_, i) => pointsIn(i));
      const slices = points.map((p) => p.slice(k)).filter((s) => s !== null);
      const none = Number.NaN;
      const dof = Math.max(0, slices.length - 1);
      if (slices.length === 0) return { intervals: 0, norm: none, normErr: none, ts: none, dof, pValue: none };
      const each = slices.map((slice) => fitNorm(slice, options.signal));
      const one = fitNorm(sharedNorm(slices), options.signal);
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
    },
  };
}
