import { confirmErrors } from "../fit/confirm.js";
import { errorsOf } from "../fit/fit.js";
import type { Joint } from "../fit/joint.js";
import { type JointMinimum, minimizeAndDescribe, minimizeJoint } from "../fit/minimize-joint.js";
import { offMapFlaws } from "../fit/off-map.js";
import { inverseSpd } from "../math/linalg.js";
import { createLevels } from "../minimize/level.js";
import { minosOf } from "../minimize/minos.js";

/** What a fit of one toy leaves; the arrays are the reader's to copy, the next fit overwrites them. */
export interface ToyFit {
  x: Float64Array;
  stat: number;
  success: boolean;
  /** [n] from the Hessian; NaN without success, and where a pull would be large and the likelihood does not confirm the error; see `covarianceFrom` at limits. */
  readonly errors: Float64Array;
}

/** The last Newton step goes from here to rounding. */
const settings = { edmGoal: 1e-5 };

/** A fitter of the data in `joint`, from `start`, that does no more than toys need. */
export function toyFitter(joint: Joint, start: Float64Array, wantErrors: boolean): () => ToyFit {
  const n = start.length;
  const d = new Float64Array(n);
  const fit: ToyFit = { x: start, stat: Number.NaN, success: false, errors: new Float64Array(n) };

  /** sqrt(2 H^-1_ii) of the Hessian h, which it overwrites, in unit diagonal; false where that does not exist. */
  function hessianErrors(h: Float64Array): boolean {
    for (let i = 0; i < n; i++) {
      if (!(h[i * n + i]! > 0)) return false;
      d[i] = 1 / Math.sqrt(h[i * n + i]!);
    }
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) h[i * n + j]! *= d[i]! * d[j]!;
    if (!inverseSpd(h, n, h)) return false;
    for (let i = 0; i < n; i++) fit.errors[i] = d[i]! * Math.sqrt(2 * h[i * n + i]!);
    return true;
  }

  function take(best: JointMinimum): void {
    fit.x = best.x;
    fit.stat = best.value;
    fit.success = best.success;
  }

  if (!wantErrors) {
    return () => {
      take(minimizeJoint(joint, start, settings));
      return fit;
    };
  }
  return () => {
    const described = minimizeAndDescribe(joint, start, settings);
    const { best, at } = described;
    take(best);
    if (!best.success) {
      fit.errors.fill(Number.NaN);
      return fit;
    }
    if (best.limits.length > 0 || best.kink !== undefined || !hessianErrors(at.hessian.slice())) {
      fit.errors.set(errorsOf(joint, described).errors);
    }
    if (isFarOff(fit, start)) {
      const covariance = errorsOf(joint, described);
      for (const { slot } of confirmErrors(joint, described, covariance).flaws) fit.errors[slot] = Number.NaN;
    }
    for (const { slot } of offMapFlaws(joint, best.x)) fit.errors[slot] = Number.NaN;
    return fit;
  };
}

/** Pull from which the error is held against the likelihood, which costs as much as the fit. */
const FAR_OFF = 8;

const isFarOff = ({ x, errors }: ToyFit, truth: Float64Array) =>
  x.some((v, i) => !(Math.abs(v - truth[i]!) <= FAR_OFF * errors[i]!));

/** Distances below and above to where the statistic has risen by 1, for each of `indices`; NaN where there is none. */
export function toyMinos(
  joint: Joint,
  fit: ToyFit,
  indices: readonly number[],
): (readonly [errn: number, errp: number])[] {
  if (!fit.success) return indices.map(() => [Number.NaN, Number.NaN]);
  const levels = createLevels(joint.objective, fit.x, { lower: joint.lower, upper: joint.upper });
  return indices.map((i) => {
    const { errn, errp } = minosOf(levels, i);
    return [errn, errp];
  });
}
