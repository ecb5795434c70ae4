import { SpecError } from "../errors.js";
import { kinksOfData, kinksOfModels } from "../likelihood/kinks.js";
import { normalCdf, normalPpf } from "../math/special.js";
import type { StopSignal } from "../math/types.js";
import { findLevel, isFound, type LevelStatus, lineAlong } from "../minimize/level.js";
import type { Minimizer } from "../minimize/types.js";
import { holding } from "./holding.js";
import type { IntervalEnd } from "./interval-end.js";
import type { Joint } from "./joint.js";
import { findMinimizer } from "./minimize-joint.js";
import { scanForLevel } from "./scan-level.js";
import { checkFitted, type Fitted, flawOf, type LevelOfConfidence, levelOf, searches, slotOf } from "./search.js";
import { flawInWords, levelInWords, lowerMinimumInWords, namesIn } from "./words.js";

/** Options of `confidence` and `upperLimit`. */
export interface ConfidenceOptions extends LevelOfConfidence {
  /** newton (default) solves for the level and its minimum together; minuit and simplex look for the root with the others fitted again. */
  readonly backend?: Minimizer["name"];
  readonly signal?: StopSignal;
}

/** MINOS errors of one parameter, in its unit. */
export interface Confidence {
  readonly id: string;
  readonly unit: string;
  readonly value: number;
  readonly sigma: number;
  readonly cl: number;
  /** Distances to the ends, both positive; to the limit where that comes first; NaN where not found. */
  readonly errn: number;
  readonly errp: number;
  readonly lower: IntervalEnd;
  readonly upper: IntervalEnd;
  /** Both ends are on the level or at a limit, and no lower minimum was met. */
  readonly success: boolean;
  /** In words what is not as it should be; empty if all is well. */
  readonly message: string;
  readonly nfev: number;
}

/**
 * MINOS errors of one parameter, in its unit: where -2 ln L, the others fitted again, has risen by sigma^2 (1 unless told) on either side [James & Roos 1975,
 * Comput. Phys. Commun. 10, 343].
 * @throws SpecError where the parameter is unknown or frozen, the fit is of another likelihood or did not converge, or both `sigma` and `cl` are given.
 * @example
 * ```ts
 * import { compileJoint, confidence, fitJoint } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const joint = compileJoint(datasets, models);
 * const { value, errn, errp, success } = confidence(joint, fitJoint(joint), "Crab Nebula.alpha");
 * console.log(`${value} -${errn} +${errp}`);
 * console.assert(success && errn > 0.03 && errp > 0.03);
 * ```
 */
export function confidence(joint: Joint, fitted: Fitted, id: string, options: ConfidenceOptions = {}): Confidence {
  return intervals(joint, fitted, [slotOf(joint, id, "confidence")], options)[0]!;
}

/**
 * MINOS errors of all free parameters, in their order, each as `confidence` gives it.
 * @throws SpecError where the fit is of another likelihood or did not converge, or both `sigma` and `cl` are given.
 */
export function confidenceAll(
  joint: Joint,
  fitted: Fitted,
  options: ConfidenceOptions & { readonly onProgress?: (done: number, total: number) => void } = {},
): Confidence[] {
  const slots = joint.parameters.map((_, slot) => slot);
  return intervals(joint, fitted, slots, options, options.onProgress);
}

function intervals(
  joint: Joint,
  fitted: Fitted,
  slots: readonly number[],
  options: ConfidenceOptions,
  onProgress?: (done: number, total: number) => void,
): Confidence[] {
  const level = levelOf(options, 1, "confidence");
  const ends = createEnds(joint, fitted, "confidence", options);
  return slots.map((slot, k) => {
    options.signal?.throwIfAborted();
    const before = ends.nfev();
    const lower = ends.find(slot, -1, level.delta);
    const upper = ends.find(slot, 1, level.delta);
    options.signal?.throwIfAborted();
    const { id, unit } = joint.parameters[slot]!;
    const value = fitted.free.values[slot]!;
    const messages = [lower, upper].flatMap((end, side) =>
      end.status === "ok" ? [] : [`${side === 0 ? "lower" : "upper"} error of ${id}: ${end.message}`],
    );
    const lowerBy = ends.lowerBy();
    if (lowerBy !== undefined) messages.push(lowerMinimumInWords(lowerBy));
    onProgress?.(k + 1, slots.length);
    return {
      id,
      unit,
      value,
      sigma: level.sigma,
      cl: level.cl,
      errn: isFound(lower) ? value - lower.value : Number.NaN,
      errp: isFound(upper) ? upper.value - value : Number.NaN,
      lower,
      upper,
      success: isFound(lower) && isFound(upper) && lowerBy === undefined,
      message: messages.join("; "),
      nfev: ends.nfev() - before,
    };
  });
}

/** One-sided limit of one parameter, in its unit, and the values of all free parameters there [n]. */
export interface Limit {
  readonly id: string;
  readonly unit: string;
  /** NaN where there is none: see status and message. */
  readonly limit: number;
  readonly cl: number;
  readonly delta: number;
  readonly status: LevelStatus;
  readonly message: string;
  readonly parameters: Float64Array;
}

/**
 * One-sided limit on a parameter, in its unit, from the profile likelihood: where -2 ln L, the others fitted again, has risen by the square of the `cl` quantile
 * of the normal distribution (2.71 at 95 %, the default), or by sigma^2 [Rolke, Lopez & Conrad 2005, NIM A 551, 493]. NaN with a message where there is none.
 * @throws SpecError where the parameter is unknown or frozen, the fit is of another likelihood or did not converge, or `cl` is not above 0.5 and below 1.
 * @example
 * ```ts
 * import { compileJoint, fitJoint, upperLimit } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const joint = compileJoint(datasets, models);
 * const limit = upperLimit(joint, fitJoint(joint), "Crab Nebula.beta", { cl: 0.95 });
 * console.assert(limit.status === "ok" && Math.abs(limit.delta - 2.706) < 0.001);
 * ```
 */
export function upperLimit(
  joint: Joint,
  fitted: Fitted,
  id: string,
  options: ConfidenceOptions & { readonly side?: "upper" | "lower" } = {},
): Limit {
  const { side = "upper" } = options;
  const where = `${side} limit`;
  const slot = slotOf(joint, id, where);
  const cl = options.sigma === undefined ? (options.cl ?? 0.95) : normalCdf(levelOf(options, 1, where).sigma);
  if (!(cl > 0.5 && cl < 1)) throw new SpecError(`${where}: cl is ${cl}, expected a probability above 0.5 and below 1`);
  const sigma = options.sigma ?? normalPpf(cl);
  const ends = createEnds(joint, fitted, where, options);
  const end = ends.find(slot, side === "upper" ? 1 : -1, sigma * sigma);
  options.signal?.throwIfAborted();
  const lowerBy = ends.lowerBy();
  const messages = end.status === "ok" ? [] : [end.message];
  if (lowerBy !== undefined) messages.push(lowerMinimumInWords(lowerBy));
  return {
    id: joint.parameters[slot]!.id,
    unit: joint.parameters[slot]!.unit,
    limit: isFound(end) ? end.value : Number.NaN,
    cl,
    delta: end.delta,
    status: end.status,
    message: messages.join("; "),
    parameters: end.parameters,
  };
}

/** Finds ends of intervals of one fit. */
function createEnds(joint: Joint, fitted: Fitted, where: string, options: ConfidenceOptions) {
  checkFitted(joint, fitted, where);
  const minimizer = findMinimizer(options.backend ?? "newton");
  const [first, ...others] = searches(joint, fitted, options.signal);
  const { fMin } = first.levels;
  const used = [first];
  // a parameter at a kink stays there while others move
  const { values } = fitted.free;
  const kink = [...joint.kinks, ...kinksOfData(joint.parameters), ...kinksOfModels(joint.parameters, values)].find(
    ({ slot, value }) => values[slot] === value,
  );
  const held = kink && searches(holding(joint, kink.slot, kink.value), fitted, options.signal);

  function newton(slot: number, side: 1 | -1, delta: number): IntervalEnd {
    let end: IntervalEnd | undefined;
    const isHeld = held !== undefined && slot !== kink!.slot;
    const [own, ...more] = isHeld ? held : [first, ...others];
    for (const make of [() => own, ...more]) {
      const search = make();
      if (!used.includes(search)) used.push(search);
      const point = findLevel(search.levels, delta, lineAlong(slot, side));
      const x = search.coordinates.toExternal(point.x);
      const flaw =
        point.end.status === "ok"
          ? flawOf(joint, fitted, x, isHeld ? [slot, kink!.slot] : [slot], { fMin, delta })
          : undefined;
      const status = flaw === undefined ? point.end.status : "not found";
      end = {
        status,
        message: flaw ? flawInWords(flaw, joint) : levelInWords(point, namesIn(joint, search.coordinates)),
        value: x[slot]!,
        delta: joint.objective.value(x) - fMin,
        parameters: x,
      };
      if (status === "ok") break;
    }
    return end!;
  }

  return {
    find: (slot: number, side: 1 | -1, delta: number): IntervalEnd =>
      minimizer.name === "newton"
        ? newton(slot, side, delta)
        : scanForLevel(joint, fitted, minimizer, { slot, side, delta, fMin, signal: options.signal }),
    nfev: () => used.reduce((sum, search) => sum + search.levels.f.calls.nfev, 0),
    /** By how much a minimum is lower that was met; undefined if there was none. */
    lowerBy: () => {
      const values = used.flatMap((search) => search.levels.lowest?.value ?? []);
      return values.length === 0 ? undefined : fMin - Math.min(...values);
    },
  };
}
