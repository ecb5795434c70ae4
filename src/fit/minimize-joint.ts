import { didYouMean, SpecError } from "../errors.js";
import { cholesky } from "../math/linalg.js";
import { minimizers } from "../minimize/minimizers.js";
import type { MinimizeResult, Minimizer } from "../minimize/types.js";
import { type Coordinates, coordinatesOf } from "./coordinates.js";
import { explain } from "./diagnose.js";
import type { Joint } from "./joint.js";

export interface MinimizeJointOptions {
  /** Default: newton. */
  readonly backend?: Minimizer["name"];
  readonly maxCalls?: number;
  /** Estimated distance to the minimum at which to stop, in units of -2 ln L. */
  readonly edmGoal?: number;
  readonly signal?: AbortSignal;
}

/** A minimum in the users' units: `x` [n] as `joint.parameters`; the message speaks of parameters by name. */
export type JointMinimum = Omit<MinimizeResult, "direction">;

/** The minimum alone, without errors and models: for toys, profiles and scans. Default start: the values of the models. */
export function minimizeJoint(
  joint: Joint,
  given: Float64Array = joint.start,
  options: MinimizeJointOptions = {},
): JointMinimum {
  const start = onBetterSide(joint, given);
  const minimizer = findMinimizer(options.backend ?? "newton");
  let calls = { nfev: 0, ngrad: 0, nhess: 0, iterations: 0 };
  const attempt = (from: Float64Array, useLog: boolean): Attempt => {
    const a = minimizeIn(joint, from, minimizer, options, useLog);
    const { nfev, ngrad, nhess, iterations } = a.result;
    calls = {
      nfev: calls.nfev + nfev,
      ngrad: calls.ngrad + ngrad,
      nhess: calls.nhess + nhess,
      iterations: calls.iterations + iterations,
    };
    return a;
  };
  const done = ({ result }: Attempt) => result.success || result.reason === "aborted" || result.reason === "call limit";
  let best = attempt(start, true);
  // a norm that runs to zero in its logarithm has its minimum at zero or below
  if (best.vanishing || !done(best)) {
    const norms = best.coordinates.isLog;
    const from = best.vanishing ? best.x.map((v, i) => (norms[i] ? start[i]! : v)) : start;
    const plain = attempt(from, false);
    if (done(plain) || plain.result.value < best.result.value) best = plain;
  }
  // what is singular in logarithms may be flat along a combination that only the parameters themselves show
  if (best.singular) {
    const plain = attempt(best.x, false);
    if (plain.result.value <= best.result.value + 1e-6) best = plain;
  }
  const { direction: _, ...result } = best.result;
  return { ...result, ...calls, x: best.x, message: explain(joint, best.coordinates, best.result, best.x) };
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
  const names = minimizers.map((m) => m.name);
  throw new SpecError(`fit: unknown backend "${name}"${didYouMean(name, names)}; the backends are ${names.join(", ")}`);
}

interface Attempt {
  readonly coordinates: Coordinates;
  readonly result: MinimizeResult;
  /** In users' units. */
  readonly x: Float64Array;
  /** It "converged" where a norm is so near to zero that its logarithm has no influence. */
  readonly vanishing: boolean;
  /** It converged in logarithms where a combination of parameters has hardly any influence. */
  readonly singular: boolean;
}

function minimizeIn(
  joint: Joint,
  start: Float64Array,
  minimizer: Minimizer,
  options: MinimizeJointOptions,
  useLog: boolean,
): Attempt {
  const coordinates = coordinatesOf(joint, start, useLog);
  const { objective, lower, upper, isLog } = coordinates;
  const { maxCalls, edmGoal, signal } = options;
  const u = coordinates.toInternal(start);
  const settings = { lower, upper, maxCalls, edmGoal, signal };
  const result =
    minimizer.name === "newton"
      ? joint.newton.minimize(objective, u, settings)
      : minimizer.minimize(objective, u, settings);
  const x = coordinates.toExternal(result.x);
  const n = u.length;
  if (!result.success || !isLog.includes(1)) return { coordinates, result, x, vanishing: false, singular: false };
  let h = joint.newton.last.hessian;
  if (minimizer.name !== "newton") {
    h = new Float64Array(n * n);
    objective.hessian(result.x, new Float64Array(n), h);
  }
  // a norm known to no better than a factor e
  const vanishing = isLog.some((log, i) => log === 1 && !(h[i * n + i]! > 2));
  return { coordinates, result, x, vanishing, singular: !vanishing && isSingular(h, n) };
}

/** Pivots of the Hessian scaled to unit diagonal below this ask for a second look. */
const SMALL_PIVOT = 1e-6;

function isSingular(h: Float64Array, n: number): boolean {
  const scaled = h.map((v, e) => v / Math.sqrt(h[Math.floor(e / n) * (n + 1)]! * h[(e % n) * (n + 1)]!));
  if (!cholesky(scaled, n, scaled)) return true;
  for (let i = 0; i < n; i++) if (scaled[i * (n + 1)]! ** 2 < SMALL_PIVOT) return true;
  return false;
}
