import { didYouMean, SpecError } from "../errors.js";
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
  start: Float64Array = joint.start,
  options: MinimizeJointOptions = {},
): JointMinimum {
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
    const plain = attempt(best.vanishing ? best.x : start, false);
    if (done(plain) || plain.result.value < best.result.value) best = plain;
  }
  // negative norms predict no counts wherever they are: try the other side
  const negative = joint.parameters.some((q, i) => q.isNorm && start[i]! < 0);
  if (!done(best) && negative) {
    const other = attempt(
      start.map((v, i) => (joint.parameters[i]!.isNorm ? Math.abs(v) : v)),
      true,
    );
    if (other.result.success || other.result.value < best.result.value) best = other;
  }
  const { direction: _, ...result } = best.result;
  return { ...result, ...calls, x: best.x, message: explain(joint, best.coordinates, best.result, best.x) };
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
  return { coordinates, result, x, vanishing: result.success && isLog.includes(1) && isVanishing() };

  /** A norm known to no better than a factor e. */
  function isVanishing(): boolean {
    const n = u.length;
    let h = joint.newton.last.hessian;
    if (minimizer.name !== "newton") {
      h = new Float64Array(n * n);
      objective.hessian(result.x, new Float64Array(n), h);
    }
    return isLog.some((log, i) => log === 1 && !(h[i * n + i]! > 2));
  }
}
