import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { KindContext } from "../likelihood/kind.js";
import type { LikelihoodOptions } from "../likelihood/likelihood.js";
import { type Covariance, covarianceFrom } from "../minimize/covariance.js";
import { createLevels } from "../minimize/level.js";
import { minosOf } from "../minimize/minos.js";
import { compatibleWithLimit } from "./compatible.js";
import { confirmErrors } from "./confirm.js";
import { compileJoint, type Joint } from "./joint.js";
import {
  type Described,
  findMinimizer,
  type JointMinimum,
  type MinimizeJointOptions,
  minimizeAndDescribe,
} from "./minimize-joint.js";
import { offMapFlaws } from "./off-map.js";
import { refineSums } from "./refine.js";
import type { FitResult } from "./result.js";
import { summarize } from "./summarize.js";

/** Options of `fit` and `fitJoint`. */
export interface FitOptions extends LikelihoodOptions, MinimizeJointOptions {
  /** Start values of the free parameters [n]; default: those of the models. */
  readonly start?: Float64Array;
}

/** Fits the free parameters of all models to all datasets together. A fit that did not converge is a result with `success: false`. */
export function fit(datasets: readonly Dataset[], context: KindContext, options: FitOptions = {}): FitResult {
  return fitJoint(compileJoint(datasets, context, options), options);
}

/** Times that a fit is taken up again from a lower point that its errors led to. */
const MAX_ROUNDS = 3;

/**
 * Fits what `compileJoint` made, from the values of its models or from `start` [n], in the units of `joint.parameters`.
 * @throws SpecError where `backend` is unknown.
 * @example
 * ```ts
 * import { compileJoint, fitJoint } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const joint = compileJoint(datasets, models);
 * const [newton, minuit] = [fitJoint(joint), fitJoint(joint, { backend: "minuit" })];
 * console.assert(Math.abs(newton.totalStat - minuit.totalStat) < 0.01);
 * ```
 */
export function fitJoint(joint: Joint, options: FitOptions = {}): FitResult {
  const minimizer = findMinimizer(options.backend ?? "newton");
  checkStart(joint, options.start);
  let found = refinedMinimum(joint, options.start, options);
  for (let round = 0; ; round++) {
    const errors = errorsOf(joint, found);
    const { flaws, lower } = confirmErrors(joint, found, errors);
    const again = lower && round < MAX_ROUNDS ? refinedMinimum(joint, lower, options) : undefined;
    if (!(again && again.best.value < found.best.value)) {
      const all = [...flaws, ...offMapFlaws(joint, found.best.x)];
      const result = summarize(joint, found, errors, all, minimizer);
      const limits = compatibleWithLimit(joint, result, all);
      return limits.length === 0 ? result : { ...result, message: [result.message, ...limits].join(" ") };
    }
    found = after(found, again);
  }
}

function checkStart({ parameters }: Joint, start: Float64Array | undefined): void {
  if (start === undefined || start.length === parameters.length) return;
  const ids = parameters.map(({ id }) => id).join(", ");
  const expected = `${parameters.length}, one for each free parameter: ${ids}`;
  throw new SpecError({ where: "start", found: `${start.length} values`, expected });
}

/** A minimum, and from there again where sums over energy turn out to be off. */
function refinedMinimum(joint: Joint, start: Float64Array | undefined, options: FitOptions): Described {
  let found = minimizeAndDescribe(joint, start, options);
  while (found.best.reason !== "aborted" && refineSums(joint, found.best.x)) {
    found = after(found, minimizeAndDescribe(joint, found.best.x, options));
  }
  return found;
}

/** The second of two searches, with the evaluations of both. */
const after = (a: Described, b: Described): Described => ({ ...b, best: { ...b.best, ...sumOfCalls(a.best, b.best) } });

/** From the Hessian; that of a parameter at a kink or a jump of the slope, where there is none, from the profile: the mean of both sides. */
export function errorsOf(joint: Joint, { best, at }: Pick<Described, "best" | "at">): Covariance {
  const { x, kink, jump } = best;
  const slot = kink?.slot ?? jump;
  if (slot === undefined) return covarianceFrom(at, joint.objective, x, joint);
  const { errn, errp } = minosOf(createLevels(joint.objective, x, joint), slot);
  const mean = (errn + errp) / 2;
  // at a jump that the profile does not cross straight, the curvature beside it is what is known
  if (kink === undefined && !Number.isFinite(mean)) return covarianceFrom(at, joint.objective, x, joint);
  const errors = covarianceFrom(at, joint.objective, x, joint, slot);
  errors.errors[slot] = mean;
  return errors;
}

/** The evaluations of two searches one after the other. */
const sumOfCalls = (a: JointMinimum, b: JointMinimum) => ({
  nfev: a.nfev + b.nfev,
  ngrad: a.ngrad + b.ngrad,
  nhess: a.nhess + b.nhess,
  iterations: a.iterations + b.iterations,
});
