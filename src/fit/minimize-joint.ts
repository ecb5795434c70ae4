import { unknownName } from "../errors.js";
import { type Kink, kinksOfData, kinksOfModels } from "../likelihood/kinks.js";
import { wrapped } from "../likelihood/parameters.js";
import { hessianAt } from "../minimize/hessian.js";
import { type JumpMinimum, minimumAtJump } from "../minimize/jump.js";
import { minimizers } from "../minimize/minimizers.js";
import type { Minimizer } from "../minimize/types.js";
import { type Attempt, minimizeIn, type Parted } from "./attempt.js";
import { explain } from "./diagnose.js";
import { flatAt } from "./flat.js";
import { holding } from "./holding.js";
import type { Joint } from "./joint.js";
import { leaveLimits } from "./leave-limits.js";
import type { Described, JointMinimum, MinimizeJointOptions } from "./minimum.js";
import { countsBelowZero } from "./warnings.js";
import { jumpInWords, kinkInWords } from "./words.js";

export type { Described, JointMinimum, MinimizeJointOptions } from "./minimum.js";

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
type Run = (from: Float64Array, useLog: boolean, held?: Parted) => Attempt;

function search(
  joint: Parted,
  given: Float64Array = joint.start,
  options: MinimizeJointOptions = {},
  wantsHessian: boolean,
): { readonly best: JointMinimum; readonly attempt: Attempt } {
  const minimizer = findMinimizer(options.backend ?? "newton");
  let calls = { nfev: 0, ngrad: 0, nhess: 0, iterations: 0 };
  const run: Run = (from, useLog, held = joint) => {
    const { onEvaluation } = options;
    const before = calls.nfev;
    const tell = onEvaluation && ((more: number, totalStat: number) => onEvaluation(before + more, totalStat));
    const a = minimizeIn(held, from, minimizer, { ...options, onEvaluation: tell }, useLog, wantsHessian);
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
  // those of models and of the data are looked at where nothing else was found, or a norm has come next to its kink from one side
  const isNear = ({ slot }: Kink) => Math.abs(best.x[slot]!) < NEAR * scaleOf(joint, slot, given);
  const ofData = kinksOfData(joint.parameters).filter((kink) => !best.result.success || isNear(kink));
  const ofModels = best.result.success ? [] : kinksOfModels(joint.parameters, best.x);
  const kinks = [...joint.kinks, ...ofData, ...ofModels];
  const kink = kinks.length === 0 || isInterrupted(best) ? undefined : minimumAtKink(joint, kinks, best, given, run);
  if (kink !== undefined) best = kink.attempt;
  const jump = best.result.stop.reason === "no progress" ? minimumAtJump(joint.objective, best.x, joint) : undefined;
  if (jump !== undefined) best = settledAt(jump, best);
  const x = best.x.map((v, i) => wrapped(joint.parameters[i]!, v));
  const { success, stop, value, edm } = best.result;
  const limits = best.result.limits.filter(({ parameter }) => parameter !== kink?.slot);
  const { ngrad, nhess, iterations } = calls;
  const nfev = calls.nfev + (jump?.nfev ?? 0);
  const { attempt: _, ...place } = kink ?? { attempt: best };
  const kinked = kink ? { kink: place as Kink } : jump && { jump: jump.parameter };
  const found = { x, value, success, reason: stop.reason, edm, nfev, ngrad, nhess, iterations, limits, ...kinked };
  // the others stop farther from the minimum than Newton, where a flat valley looks curved
  const doubtful = best.doubtful || minimizer.name !== "newton";
  const flat = doubtful && success ? flatAt(joint, best.x) : undefined;
  if (flat !== undefined) {
    const failed = { ...found, success: false, reason: "flat direction", message: flat } as const;
    return { best: failed, attempt: { ...best, described: undefined } };
  }
  const negative = success ? countsBelowZero(joint, best.x) : undefined;
  if (negative !== undefined) {
    return { best: { ...found, success: false, reason: "negative counts", message: negative }, attempt: best };
  }
  const message = [explain(joint, best.coordinates, { ...best.result, limits }, best.x)];
  if (kink !== undefined) message.push(kinkInWords(joint, kink));
  if (jump !== undefined) message.push(jumpInWords(joint, jump.parameter));
  return { best: { ...found, message: message.join(" ") }, attempt: best };
}

/** The minimum that a search has stepped around. */
function settledAt({ x, value, edm }: JumpMinimum, from: Attempt): Attempt {
  const result = { ...from.result, x: from.coordinates.toInternal(x), value, edm, success: true };
  return { ...from, x, result: { ...result, stop: { reason: "converged" } }, described: undefined };
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

/** Distance from a kink, relative to its value, at which the slopes on either side are looked at. */
const BESIDE = 1e-9;

/** Times farther than `BESIDE`, where the slope beside a kink is still the same. */
const FARTHER = 1000;

/** A norm is next to 0 within this share of its size; -2 ln L differs by less than the second there. */
const NEAR = 1e-6;
const ROUNDING = 1e-5;

/** The size of a norm: where it starts, or its error there. */
const scaleOf = ({ parameters }: Joint, slot: number, given: Float64Array) =>
  Math.max(Math.abs(given[slot]!), parameters[slot]!.error || 0) || 1;

/** The lowest minimum that lies on a kink, where the function rises on both sides, if it is lower than what was found; undefined if there is none. */
function minimumAtKink(
  joint: Parted,
  kinks: readonly Kink[],
  best: Attempt,
  given: Float64Array,
  run: Run,
): (Kink & { readonly attempt: Attempt }) | undefined {
  let found: (Kink & { readonly attempt: Attempt }) | undefined;
  const g = new Float64Array(best.x.length);
  for (const kink of kinks) {
    const { slot, value } = kink;
    const scale = Math.abs(value) || scaleOf(joint, slot, given);
    const start = best.x.map((v, i) => (i === slot ? value : v));
    const attempt = minimumFrom(start, (from, useLog) => run(from, useLog, holding(joint, slot, value)));
    const least = (found?.attempt ?? best).result;
    const isLower = attempt.result.value < least.value + (kink.ofData ? ROUNDING : 0);
    if (!attempt.result.success || (least.success && !isLower)) continue;
    const slope = (side: number) => {
      joint.objective.gradient(
        attempt.x.map((v, i) => (i === slot ? v + side * BESIDE * scale : v)),
        g,
      );
      return g[slot]!;
    };
    // beside a smooth minimum the slope grows with the distance
    const jumps = (side: 1 | -1) => !kink.ofData || Math.abs(slope(FARTHER * side)) < 2 * Math.abs(slope(side));
    if (slope(-1) < 0 && slope(1) > 0 && jumps(-1) && jumps(1)) found = { ...kink, attempt };
  }
  return found;
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
