import { unknownName } from "../errors.js";
import { wrapped } from "../likelihood/parameters.js";
import { type HessianResult, hessianAt } from "../minimize/hessian.js";
import { minimizers } from "../minimize/minimizers.js";
import type { MinimizeResult, Minimizer, StopReason } from "../minimize/types.js";
import { type Attempt, minimizeIn, type Parted } from "./attempt.js";
import { explain } from "./diagnose.js";
import { flatAt } from "./flat.js";
import type { Joint } from "./joint.js";
import { leaveLimits } from "./leave-limits.js";

export interface MinimizeJointOptions {
  /** Default: newton. */
  readonly backend?: Minimizer["name"];
  readonly maxCalls?: number;
  /** Estimated distance to the minimum at which to stop, in units of -2 ln L. */
  readonly edmGoal?: number;
  readonly signal?: AbortSignal;
  /** After every evaluation: how many there were, and -2 ln L. */
  readonly onEvaluation?: ((nfev: number, totalStat: number) => void) | undefined;
}

/** A minimum in the users' units: `x` [n] as `joint.parameters`; the message speaks of parameters by name. */
export type JointMinimum = Omit<MinimizeResult, "stop"> & {
  readonly reason: StopReason;
  /** In words: what is wrong and what to try; "Optimization terminated successfully." if all is well. */
  readonly message: string;
};

/** A minimum with gradient and Hessian there, and the statistics of datasets and priors. */
export interface Described {
  readonly best: JointMinimum;
  readonly at: HessianResult;
  /** The statistics of the datasets and, last, of the priors [datasets + 1]. */
  readonly parts: Float64Array;
}

/** The minimum with what errors are made of; the Hessian that confirmed it is not evaluated again. */
export function minimizeAndDescribe(joint: Joint, given?: Float64Array, options?: MinimizeJointOptions): Described {
  const parted = inParts(joint);
  const { best, attempt } = search(parted, given, options, true);
  if (attempt.described !== undefined) return { best, ...attempt.described };
  const at = hessianAt(parted.objective, best.x);
  return { best, at, parts: parted.parts };
}

/** The minimum alone, without errors and models: for toys, profiles and scans. Default start: the values of the models. */
export function minimizeJoint(joint: Joint, given?: Float64Array, options?: MinimizeJointOptions): JointMinimum {
  return search(inParts(joint), given, options, false).best;
}

function inParts(joint: Joint): Parted {
  const parts = new Float64Array(joint.datasets.length + 1);
  return { ...joint, parts, objective: joint.withParts(parts) };
}

/** Runs a minimiser from a start, in logarithms of norms or in the parameters themselves. */
type Run = (from: Float64Array, useLog: boolean) => Attempt;

function search(
  joint: Parted,
  given: Float64Array = joint.start,
  options: MinimizeJointOptions = {},
  wantsHessian: boolean,
): { readonly best: JointMinimum; readonly attempt: Attempt } {
  const minimizer = findMinimizer(options.backend ?? "newton");
  let calls = { nfev: 0, ngrad: 0, nhess: 0, iterations: 0 };
  const run: Run = (from, useLog) => {
    const { onEvaluation } = options;
    const before = calls.nfev;
    const tell = onEvaluation && ((more: number, totalStat: number) => onEvaluation(before + more, totalStat));
    const a = minimizeIn(joint, from, minimizer, { ...options, onEvaluation: tell }, useLog, wantsHessian);
    const { nfev, ngrad, nhess, iterations } = a.result;
    calls = {
      nfev: calls.nfev + nfev,
      ngrad: calls.ngrad + ngrad,
      nhess: calls.nhess + nhess,
      iterations: calls.iterations + iterations,
    };
    return a;
  };
  let best = minimumFrom(onBetterSide(joint, given), run);
  for (let round = 0; round < MAX_ROUNDS && !isInterrupted(best); round++) {
    const from = leaveLimits(joint, best.x);
    if (from === undefined) break;
    const again = minimumFrom(from, run);
    if (!(again.result.value < best.result.value)) break;
    best = again;
  }
  const x = best.x.map((v, i) => wrapped(joint.parameters[i]!, v));
  const { success, stop, value, edm, limits } = best.result;
  const { nfev, ngrad, nhess, iterations } = calls;
  const found = { x, value, success, reason: stop.reason, edm, nfev, ngrad, nhess, iterations, limits };
  // the others stop farther from the minimum than Newton, where a flat valley looks curved
  const doubtful = best.singular || minimizer.name !== "newton";
  const flat = doubtful && success ? flatAt(joint, best.x) : undefined;
  if (flat !== undefined) {
    const failed = { ...found, success: false, reason: "flat direction", message: flat } as const;
    return { best: failed, attempt: { ...best, described: undefined } };
  }
  const message = explain(joint, best.coordinates, best.result, best.x);
  return { best: { ...found, message }, attempt: best };
}

/** Times that a search is taken up again from a limit where it had stopped. */
const MAX_ROUNDS = 3;

const isInterrupted = ({ result: { stop } }: Attempt) => stop.reason === "aborted" || stop.reason === "call limit";

/** In logarithms of norms first, and in the parameters themselves where these are not good coordinates. */
function minimumFrom(start: Float64Array, run: Run): Attempt {
  const done = (a: Attempt) => a.result.success || isInterrupted(a);
  let best = run(start, true);
  // a norm that runs to zero in its logarithm has its minimum at zero or below
  if (best.vanishing || !done(best)) {
    const norms = best.coordinates.isLog;
    const from = best.vanishing ? best.x.map((v, i) => (norms[i] ? start[i]! : v)) : start;
    const plain = run(from, false);
    if (done(plain) || plain.result.value < best.result.value) best = plain;
  }
  // what is singular in logarithms may be flat along a combination that only the parameters themselves show
  if (best.singular && best.coordinates.isLog.includes(1)) {
    const plain = run(best.x, false);
    if (plain.result.value <= best.result.value + 1e-6) best = plain;
  }
  return best;
}

/** Negative norms predict no counts wherever they are: the same without their signs, where that is better. */
function onBetterSide(joint: Joint, start: Float64Array): Float64Array {
  if (!joint.parameters.some((q, i) => q.isNorm && start[i]! < 0)) return start;
  const other = start.map((v, i) => (joint.parameters[i]!.isNorm ? Math.abs(v) : v));
  return joint.objective.value(other) < joint.objective.value(start) ? other : start;
}

export function findMinimizer(name: string): Minimizer {
  const found = minimizers.find((m) => m.name === name);
  if (found !== undefined) return found;
  throw unknownName(
    "fit",
    "backend",
    name,
    minimizers.map((m) => m.name),
  );
}
