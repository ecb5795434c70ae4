import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { jobRange, runJobs } from "../execute/run.js";
import { serialExecutor } from "../execute/serial.js";
import { holding } from "../fit/holding.js";
import { compileJoint, type Joint } from "../fit/joint.js";
import { type JointMinimum, minimizeJoint } from "../fit/minimize-joint.js";
import { slotOf } from "../fit/search.js";
import type { KindContext } from "../likelihood/kind.js";
import { normalCdf, normalPpf } from "../math/special.js";
import { createLevels, findLevel, isFound, lineAlong } from "../minimize/level.js";
import type { PValueOptions } from "./p-values.js";
import { defineTask, type Payload, payloadOf } from "./plan.js";
import { setData, toySource } from "./toy-data.js";
import { defaultJobSize } from "./toys.js";

/** Options of `expectedLimit`. */
export interface ExpectedLimitOptions extends Omit<PValueOptions, "n" | "seed"> {
  /** The true value of the parameter, such as 0 for a source that is not there; the others are at their best for it. */
  readonly value: number;
  /** Probability of the limit; default 0.95. */
  readonly cl?: number;
  readonly side?: "upper" | "lower";
  /** Toys for the median and the bands; default 0: Asimov data alone. */
  readonly n?: number;
  readonly seed?: number;
}

/** Limits to expect on one parameter, in its unit, if it has a given value. */
export interface ExpectedLimit {
  readonly id: string;
  readonly unit: string;
  readonly value: number;
  readonly cl: number;
  readonly side: "upper" | "lower";
  /** The limit from Asimov data, which hold what is expected and nothing else; NaN where there is none. */
  readonly asimov: number;
  /** Limits from the toys that have one [n - nFailed], ascending. */
  readonly toys: Float64Array;
  /** Their quantiles at -2, -1, 0, 1 and 2 standard deviations [5]; NaN without toys. */
  readonly quantiles: Float64Array;
  readonly nFailed: number;
}

interface LimitsPayload extends Payload {
  readonly slot: number;
  readonly direction: 1 | -1;
  /** Rise of the statistic at the limit. */
  readonly delta: number;
  /** Free parameters of the truth [k]. */
  readonly truth: Float64Array;
  readonly n: number;
  readonly seed: number;
}

/** Result: the limits of the toys of a job; NaN where there is none. */
export const limitsTask = defineTask<LimitsPayload, Float64Array>(
  "limits",
  ({ datasets, slot, direction, delta, truth, n, seed, jobSize }, context) => {
    const joint = compileJoint(datasets, context);
    const source = toySource(joint, truth);
    return (index) => {
      const [first, last] = jobRange(index, n, jobSize);
      return Float64Array.from({ length: last - first }, (_, k) => {
        setData(joint, source(seed, first + k));
        return limitOf(joint, truth, slot, direction, delta);
      });
    };
  },
);

/** The limit from the data in hand, which were made with `truth`. */
function limitOf(joint: Joint, truth: Float64Array, slot: number, direction: 1 | -1, delta: number): number {
  const best = minimumOf(joint, truth, slot);
  if (best === undefined) return Number.NaN;
  const levels = createLevels(joint.objective, best, { lower: joint.lower, upper: joint.upper });
  const { end, x } = findLevel(levels, delta, lineAlong(slot, direction));
  return isFound(end) ? x[slot]! : Number.NaN;
}

/** Of -2 ln L: what is a minimum at a corner, where derivatives lead nowhere. */
const AT_CORNER = 1e-6;

/** The minimum; undefined where there is none. ON/OFF data that show no source have it at a corner, the true value 0, where no minimiser converges. */
function minimumOf(joint: Joint, truth: Float64Array, slot: number): Float64Array | undefined {
  const best = minimizeJoint(joint, truth);
  if (best.success) return best.x;
  const held = minimizeJoint(holding(joint, slot, truth[slot]!), truth);
  const isMinimum = hasMinimum(held) && held.value <= best.value + AT_CORNER;
  return isMinimum ? held.x : undefined;
}

/** Where a parameter has no influence, as the index of a source of norm 0, each of its values is a minimum. */
const hasMinimum = ({ success, reason }: JointMinimum): boolean => success || reason === "flat direction";

/** The profile-likelihood limit to expect if a parameter has a given value: the sensitivity of an observation. */
export async function expectedLimit(
  datasets: readonly Dataset[],
  context: KindContext,
  id: string,
  options: ExpectedLimitOptions,
): Promise<ExpectedLimit> {
  const { value, cl = 0.95, side = "upper", n = 0, seed = 1, executor = serialExecutor(), onProgress } = options;
  const where = "expected limit";
  const joint = compileJoint(datasets, context);
  const slot = slotOf(joint, id, where);
  const { id: name, unit } = joint.parameters[slot]!;
  const [lower, upper] = [joint.lower[slot]!, joint.upper[slot]!];
  if (!(cl > 0.5 && cl < 1)) throw new SpecError(`${where}: cl is ${cl}, expected a probability above 0.5 and below 1`);
  if (!(value >= lower && value <= upper)) {
    throw new SpecError(
      `${where}: the true value of ${name} is ${value}, expected from ${lower} to ${upper}, its limits`,
    );
  }
  const start = joint.start.slice();
  start[slot] = value;
  const held = minimizeJoint(holding(joint, slot, value), start);
  if (!hasMinimum(held))
    throw new SpecError(`${where}: the fit with ${name} = ${value} did not converge: ${held.message}`);
  const direction = side === "upper" ? 1 : -1;
  const delta = normalPpf(cl) ** 2;
  setAsimov(joint, held.x);
  const asimov = limitOf(joint, held.x, slot, direction, delta);
  const jobSize = options.jobSize ?? defaultJobSize(n, executor);
  const common = payloadOf(datasets, context, jobSize);
  const payload: LimitsPayload = { ...common, slot, direction, delta, truth: held.x, n, seed };
  const parts = await runJobs(executor, { kind: limitsTask, payload, context }, Math.ceil(n / jobSize), {
    signal: options.signal,
    onProgress: onProgress && ((done) => onProgress(Math.min(n, done * jobSize), n)),
  });
  const toys = Float64Array.from(parts.flatMap((part) => Array.from(part.filter(Number.isFinite)))).sort();
  const quantiles = Float64Array.of(-2, -1, 0, 1, 2).map((s) => quantile(toys, normalCdf(s)));
  return { id: name, unit, value, cl, side, asimov, toys, quantiles, nFailed: n - toys.length };
}

/** Data become what is expected at x. */
function setAsimov(joint: Joint, x: Float64Array): void {
  joint.terms.forEach(({ data }, i) => {
    data.set(data.expected(joint.termParameters(i, x)));
  });
}

/** Of ascending values, by straight lines between them; NaN of none. */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.max(0, Math.floor(at));
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return (sorted[below] ?? Number.NaN) + (at - below) * (next - sorted[below]!);
}
