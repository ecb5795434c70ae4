import { unknownName } from "../errors.js";
import { cholesky } from "../math/linalg.js";
import { type HessianResult, hessianAt } from "../minimize/hessian.js";
import { minimizers } from "../minimize/minimizers.js";
import { minimizeNewton } from "../minimize/newton.js";
import type { MinimizeResult, Minimizer, Objective, StopReason } from "../minimize/types.js";
import { type Coordinates, coordinatesOf } from "./coordinates.js";
import { explain } from "./diagnose.js";
import { flatAt } from "./flat.js";
import type { Joint } from "./joint.js";

/** How a minimum is looked for. */
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

/** A likelihood whose objective leaves the statistics of its datasets and, last, of the priors in `parts` after each evaluation. */
interface Parted extends Joint {
  readonly parts: Float64Array;
}

function inParts(joint: Joint): Parted {
  const parts = new Float64Array(joint.datasets.length + 1);
  return { ...joint, parts, objective: joint.withParts(parts) };
}

function search(
  joint: Parted,
  given: Float64Array = joint.start,
  options: MinimizeJointOptions = {},
  wantsHessian: boolean,
): { readonly best: JointMinimum; readonly attempt: Attempt } {
  const start = onBetterSide(joint, given);
  const minimizer = findMinimizer(options.backend ?? "newton");
  let calls = { nfev: 0, ngrad: 0, nhess: 0, iterations: 0 };
  const attempt = (from: Float64Array, useLog: boolean): Attempt => {
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
  const done = ({ result }: Attempt) =>
    result.success || result.stop.reason === "aborted" || result.stop.reason === "call limit";
  let best = attempt(start, true);
  // a norm that runs to zero in its logarithm has its minimum at zero or below
  if (best.vanishing || !done(best)) {
    const norms = best.coordinates.isLog;
    const from = best.vanishing ? best.x.map((v, i) => (norms[i] ? start[i]! : v)) : start;
    const plain = attempt(from, false);
    if (done(plain) || plain.result.value < best.result.value) best = plain;
  }
  // what is singular in logarithms may be flat along a combination that only the parameters themselves show
  const { singular } = best;
  if (singular && best.coordinates.isLog.includes(1)) {
    const plain = attempt(best.x, false);
    if (plain.result.value <= best.result.value + 1e-6) best = plain;
  }
  const { success, stop, value, edm, limits } = best.result;
  const { nfev, ngrad, nhess, iterations } = calls;
  const found = { x: best.x, value, success, reason: stop.reason, edm, nfev, ngrad, nhess, iterations, limits };
  // the others stop farther from the minimum than Newton, where a flat valley looks curved
  const doubtful = singular || minimizer.name !== "newton";
  const flat = doubtful && success ? flatAt(joint, best.x) : undefined;
  if (flat !== undefined) {
    const failed = { ...found, success: false, reason: "flat direction", message: flat } as const;
    return { best: failed, attempt: { ...best, described: undefined } };
  }
  const message = explain(joint, best.coordinates, best.result, best.x);
  return { best: { ...found, message }, attempt: best };
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

interface Attempt {
  readonly coordinates: Coordinates;
  readonly result: MinimizeResult;
  /** In users' units. */
  readonly x: Float64Array;
  /** It "converged" where a norm is so near to zero that its logarithm has no influence. */
  readonly vanishing: boolean;
  /** It converged where a combination of parameters has hardly any influence. */
  readonly singular: boolean;
  /** In users' units, where the last evaluation was the Hessian at x. */
  readonly described?: Pick<Described, "at" | "parts">;
}

function minimizeIn(
  joint: Parted,
  start: Float64Array,
  minimizer: Minimizer,
  options: MinimizeJointOptions,
  useLog: boolean,
  wantsHessian: boolean,
): Attempt {
  const coordinates = coordinatesOf(joint, start, useLog);
  const { lower, upper, isLog } = coordinates;
  const { maxCalls, edmGoal, signal, onEvaluation } = options;
  const objective = onEvaluation === undefined ? coordinates.objective : told(coordinates.objective, onEvaluation);
  const u = coordinates.toInternal(start);
  const settings = { lower, upper, maxCalls, edmGoal, signal, wantsHessian };
  const isNewton = minimizer.name === "newton";
  const result = isNewton
    ? minimizeNewton(joint.newton, objective, u, settings)
    : minimizer.minimize(objective, u, settings);
  const x = coordinates.toExternal(result.x);
  const described = wantsHessian && isNewton && result.success ? describe(joint, coordinates, result) : undefined;
  const attempt = { coordinates, result, x, described };
  const n = u.length;
  if (!result.success) return { ...attempt, vanishing: false, singular: false };
  let h = joint.newton.at.hessian;
  if (!isNewton) {
    h = new Float64Array(n * n);
    coordinates.objective.hessian(result.x, new Float64Array(n), h);
  }
  // a norm known to no better than a factor e
  const vanishing = isLog.some((log, i) => log === 1 && !(h[i * n + i]! > 2));
  return { ...attempt, vanishing, singular: !vanishing && isSingular(h, n) };
}

/** The function, and whoever wants to know hears of each evaluation. */
function told(f: Required<Objective>, onEvaluation: (nfev: number, totalStat: number) => void): Required<Objective> {
  let nfev = 0;
  const tell = (value: number) => {
    onEvaluation(++nfev, value);
    return value;
  };
  return {
    n: f.n,
    value: (x) => tell(f.value(x)),
    gradient: (x, g) => tell(f.gradient(x, g)),
    hessian: (x, g, h, fisher) => tell(f.hessian(x, g, h, fisher)),
  };
}

/** The derivatives that Newton left at its minimum; undefined if it stopped one step behind them. */
function describe(joint: Parted, coordinates: Coordinates, { x, value }: MinimizeResult): Attempt["described"] {
  const { at, hessianIsAtEnd } = joint.newton;
  if (!hessianIsAtEnd) return undefined;
  const gradient = at.gradient.slice();
  const hessian = at.hessian.slice();
  coordinates.derivativesToExternal(x, gradient, hessian);
  return { at: { value, gradient, hessian, exact: true, nfev: 0 }, parts: joint.parts.slice() };
}

/** Pivots of the Hessian scaled to unit diagonal below this ask for a second look. */
const SMALL_PIVOT = 1e-6;

function isSingular(h: Float64Array, n: number): boolean {
  const scaled = h.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) scaled[i * n + j]! /= Math.sqrt(h[i * (n + 1)]! * h[j * (n + 1)]!);
  }
  if (!cholesky(scaled, n, scaled)) return true;
  for (let i = 0; i < n; i++) if (scaled[i * (n + 1)]! ** 2 < SMALL_PIVOT) return true;
  return false;
}
