import { SpecError } from "../errors.js";
import { chi2Cdf, chi2Isf } from "../math/gamma.js";
import type { StopSignal } from "../math/types.js";
import { createLevels, type Levels } from "../minimize/level.js";
import { findParameter } from "../models/parameters.js";
import { type Coordinates, coordinatesOf } from "./coordinates.js";
import type { Joint } from "./joint.js";
import type { FitResult } from "./result.js";

/** What a search starts from: the result of a fit of the same joint likelihood. */
export type Fitted = Pick<FitResult, "success" | "reason" | "message" | "free" | "models">;

/** Searches from one minimum, in one set of coordinates. */
export interface Search {
  readonly coordinates: Coordinates;
  readonly levels: Levels;
}

/** Index of the free parameter called `id`. */
export function slotOf(joint: Joint, id: string, where: string): number {
  const { entries, places, parameters } = joint;
  const entry = findParameter(entries, id, where);
  const found = places.find((place) => entries[place.entry] === entry);
  if (found !== undefined) return found.slot;
  const why = entry.parameter.expression === undefined ? "is frozen" : "follows an expression";
  const names = parameters.map((p) => p.id).join(", ");
  throw new SpecError(
    `${where}: the parameter "${id}" ${why}, so the likelihood has no curve along it; free it and fit again, or take one of ${names}`,
  );
}

/** Two different ones. */
export function twoSlots(joint: Joint, idX: string, idY: string, where: string): [number, number] {
  const i = slotOf(joint, idX, where);
  const j = slotOf(joint, idY, where);
  if (i === j) {
    const linked = idX === idY ? "" : ` ("${idX}" and "${idY}" are linked)`;
    throw new SpecError(`${where}: found the parameter "${idX}" twice${linked}; give two different ones`);
  }
  return [i, j];
}

/** Whether a fit ended at a minimum, though perhaps with errors that nobody should publish. */
export function isMinimum({ success, reason }: Pick<FitResult, "success" | "reason">): boolean {
  return success || reason === "errors not confirmed";
}

export function checkFitted(joint: Joint, fitted: Fitted, where: string): void {
  const ids = joint.parameters.map((p) => p.id);
  if (ids.join("\n") !== fitted.free.ids.join("\n")) {
    throw new SpecError(
      `${where}: the fit is of ${fitted.free.ids.join(", ") || "no parameters"}, the likelihood of ${ids.join(", ") || "none"}; give the result of its own fit`,
    );
  }
  if (!isMinimum(fitted)) {
    throw new SpecError(
      `${where}: the fit did not converge (${fitted.message}); fit again from better start values first`,
    );
  }
}

export interface LevelOfConfidence {
  /** Number of standard deviations: -2 ln L rises by its square. Default 1. */
  readonly sigma?: number;
  /** Probability instead, for as many parameters as are looked at together: the rise is the quantile of chi2. */
  readonly cl?: number;
}

/** The rise of -2 ln L, with `sigma` and `cl` for `dof` parameters. */
export function levelOf(
  { sigma, cl }: LevelOfConfidence,
  dof: number,
  where: string,
): { delta: number; sigma: number; cl: number } {
  if (sigma !== undefined && cl !== undefined) throw new SpecError(`${where}: found sigma and cl; give one of them`);
  if (cl !== undefined) {
    if (!(cl > 0 && cl < 1))
      throw new SpecError(`${where}: cl is ${cl}, expected a probability between 0 and 1 such as 0.9`);
    const delta = chi2Isf(1 - cl, dof);
    return { delta, sigma: Math.sqrt(delta), cl };
  }
  const s = sigma ?? 1;
  if (!(s > 0 && Number.isFinite(s))) {
    throw new SpecError(`${where}: sigma is ${s}, expected a positive number of standard deviations`);
  }
  return { delta: s * s, sigma: s, cl: chi2Cdf(s * s, dof) };
}

/** The same place in logarithms of norms, where there are positive ones, and in the parameters themselves. */
export function searches(joint: Joint, fitted: Fitted, signal?: StopSignal): [Search, ...(() => Search)[]] {
  const make = (useLog: boolean): Search => {
    const coordinates = coordinatesOf(joint, fitted.free.values, useLog);
    const { objective, lower, upper } = coordinates;
    const levels = createLevels(objective, coordinates.toInternal(fitted.free.values), { lower, upper, signal });
    return { coordinates, levels };
  };
  const first = make(true);
  let plain: Search | undefined;
  return first.coordinates.isLog.includes(1) ? [first, () => (plain ??= make(false))] : [first];
}

/** How far a point may be off its level, relative to it. */
const OFF_LEVEL = 1e-6;
/** How much -2 ln L may still fall over one error of another parameter; the level is held to 1e-7, so a minimum is known to 1e-3 of an error. */
const SLOPE = 1e-2;

/** What is wrong with a point that a search gave. */
export type PointFlaw =
  /** The rise is off the level, relative to it. */
  | { readonly flaw: "off level"; readonly by: number }
  /** A parameter that is not held could lower -2 ln L. */
  | { readonly flaw: "not at minimum"; readonly parameter: number };

/** Whether a point lies on the level `delta` with the others (all but `held`) at their minimum; undefined if it does. */
export function flawOf(
  joint: Joint,
  fitted: Fitted,
  x: Float64Array,
  held: readonly number[],
  rise: { readonly fMin: number; readonly delta: number },
): PointFlaw | undefined {
  const g = new Float64Array(x.length);
  const value = joint.objective.gradient(x, g);
  const off = (value - rise.fMin) / rise.delta - 1;
  if (!(Math.abs(off) < OFF_LEVEL)) return { flaw: "off level", by: off };
  return flawAtMinimum(joint, fitted, x, g, held, rise.delta);
}

/** Whether all parameters but `held` are at their minimum at x, with the gradient g there, for a rise of `delta`; undefined if they are. */
export function flawAtMinimum(
  joint: Joint,
  fitted: Fitted,
  x: Float64Array,
  g: Float64Array,
  held: readonly number[],
  delta = 1,
): PointFlaw | undefined {
  for (let o = 0; o < x.length; o++) {
    if (held.includes(o)) continue;
    const error = fitted.free.errors[o]!;
    if (!Number.isFinite(error) || (x[o]! <= joint.lower[o]! && g[o]! > 0) || (x[o]! >= joint.upper[o]! && g[o]! < 0))
      continue;
    if (!(Math.abs(g[o]!) * error < SLOPE * Math.max(1, Math.sqrt(delta)))) {
      return { flaw: "not at minimum", parameter: o };
    }
  }
  return undefined;
}
