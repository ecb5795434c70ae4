import { SpecError } from "../errors.js";
import type { StopSignal } from "../math/types.js";
import { contourOf } from "../minimize/contour.js";
import type { LevelStatus } from "../minimize/level.js";
import type { Joint } from "./joint.js";
import {
  checkFitted,
  type Fitted,
  flawOf,
  type LevelOfConfidence,
  levelOf,
  type Search,
  searches,
  twoSlots,
} from "./search.js";
import { flawInWords, levelInWords, lowerMinimumInWords, namesIn } from "./words.js";

/** Options of `statContour`. */
export interface ContourOptions extends LevelOfConfidence {
  /** Default 20. */
  readonly points?: number;
  /** Only points [first, last) of them: a contour in parts. */
  readonly part?: readonly [first: number, last: number];
  readonly signal?: StopSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A contour of -2 ln L in two parameters, the others fitted again at each point. */
export interface StatContour {
  /** Points in order around the best fit [m], in the unit of each parameter. */
  readonly x: { readonly id: string; readonly unit: string; readonly value: number; readonly points: Float64Array };
  readonly y: { readonly id: string; readonly unit: string; readonly value: number; readonly points: Float64Array };
  readonly sigma: number;
  /** Probability of the region for two parameters: 1 - exp(-sigma^2 / 2). */
  readonly cl: number;
  /** Rise of -2 ln L on the contour. */
  readonly delta: number;
  /** Names of all free parameters [n] and their values [m, n]. */
  readonly ids: readonly string[];
  readonly parameters: Float64Array;
  /** "ok": on the contour; "at limit": where a limit of a parameter cuts it [m]. */
  readonly statuses: readonly LevelStatus[];
  readonly success: boolean;
  /** One for each point that was not found, and for a lower minimum; empty where all is well. */
  readonly messages: readonly string[];
  readonly nfev: number;
}

/**
 * The curve in two parameters where -2 ln L, the others fitted again at each point, has risen by sigma^2, or that holds the probability `cl` of both [James
 * 1980, Comput. Phys. Commun. 20, 29]. Points [m] go around the best fit, in the unit of each parameter.
 * @throws SpecError where a parameter is unknown, frozen or given twice, the fit is of another likelihood or did not converge, or an option is out of its range.
 * @example
 * ```ts
 * import { compileJoint, fitJoint, statContour } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const joint = compileJoint(datasets, models);
 * const contour = statContour(joint, fitJoint(joint), "Crab Nebula.alpha", "Crab Nebula.beta", { cl: 0.68 });
 * console.assert(contour.success && contour.x.points.length === 20);
 * console.assert(Math.abs(contour.delta - 2.28) < 0.01); // chi2 of two parameters
 * ```
 */
export function statContour(
  joint: Joint,
  fitted: Fitted,
  idX: string,
  idY: string,
  options: ContourOptions = {},
): StatContour {
  const { points = 20, signal, onProgress } = options;
  const part = options.part ?? [0, points];
  const m = part[1] - part[0];
  const slots = twoSlots(joint, idX, idY, "statContour");
  checkFitted(joint, fitted, "statContour");
  const level = levelOf(options, 2, "statContour");
  if (!(Number.isInteger(points) && points >= 3)) {
    throw new SpecError(`statContour: points is ${points}, expected a whole number of at least 3`);
  }
  signal?.throwIfAborted();
  const [first, ...others] = searches(joint, fitted, signal);
  const curve = (search: Search) => {
    const { coordinates, levels } = search;
    const c = contourOf(levels, slots[0], slots[1], {
      delta: level.delta,
      points,
      part,
      onPoint(done, total) {
        onProgress?.(done, total);
        signal?.throwIfAborted();
      },
    });
    const n = joint.parameters.length;
    const parameters = new Float64Array(m * n);
    const names = namesIn(joint, coordinates);
    const missed: string[] = [];
    const off: string[] = [];
    const statuses = c.points.map((point, k) => {
      const { status } = point.end;
      const x = coordinates.toExternal(point.x);
      parameters.set(x, k * n);
      if (status !== "ok") {
        missed.push(`point ${part[0] + k} ${status}: ${levelInWords(point, names)}`);
        return status;
      }
      const flaw = flawOf(joint, fitted, x, slots, { fMin: levels.fMin, delta: level.delta });
      if (flaw === undefined) return status;
      off.push(`point ${part[0] + k}: ${flawInWords(flaw, joint)}`);
      return "not found";
    });
    const { lowerMinimum } = c;
    if (lowerMinimum !== undefined) missed.push(lowerMinimumInWords(levels.fMin - lowerMinimum.value));
    const missing = statuses.filter((s) => s !== "ok").length;
    return {
      parameters,
      statuses,
      messages: [...missed, ...off],
      missing,
      nfev: c.nfev,
      lower: lowerMinimum !== undefined,
    };
  };
  let best = curve(first);
  let { nfev } = best;
  for (const make of best.missing > 0 ? others : []) {
    const again = curve(make());
    nfev += again.nfev;
    if (again.missing < best.missing || again.statuses.every((s) => s === "ok" || s === "at limit")) best = again;
  }
  const [x, y] = slots.map((slot) => {
    const { id, unit } = joint.parameters[slot]!;
    const values = Float64Array.from({ length: m }, (_, k) => best.parameters[k * joint.parameters.length + slot]!);
    return { id, unit, value: fitted.free.values[slot]!, points: values };
  });
  return {
    x: x!,
    y: y!,
    sigma: level.sigma,
    cl: level.cl,
    delta: level.delta,
    ids: joint.parameters.map((p) => p.id),
    parameters: best.parameters,
    statuses: best.statuses,
    success: !best.lower && best.statuses.every((s) => s === "ok" || s === "at limit"),
    messages: best.messages,
    nfev,
  };
}
