import { SpecError } from "../errors.js";
import type { StopSignal } from "../math/types.js";
import { profile, surface } from "../minimize/profile.js";
import { coordinatesOf } from "./coordinates.js";
import type { Joint } from "./joint.js";
import { checkFitted, type Fitted, flawAtMinimum, slotOf, twoSlots } from "./search.js";
import { flawInWords, lowerMinimumInWords, namesIn, scanInWords } from "./words.js";

/** Where to evaluate along one parameter. */
export interface Grid {
  /** The values themselves; absent: `n` equidistant ones. */
  readonly values?: ArrayLike<number>;
  /** First and last value; default: `sigmas` errors on either side of the fitted value, inside the limits. */
  readonly bounds?: readonly [number, number];
  /** Default 11. */
  readonly n?: number;
  /** Default 2. */
  readonly sigmas?: number;
}

/** Options of scans along one parameter or over two. */
export interface ScanOptions {
  /** Fit the other parameters again at every point (a profile); else they stay at the best fit (a slice). Default true. */
  readonly reoptimize?: boolean;
  readonly signal?: StopSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Scanned {
  /** -2 ln L [m]; NaN where it has no value, with a message. */
  readonly stat: Float64Array;
  /** The same above the best fit [m]. */
  readonly deltaStat: Float64Array;
  /** Names of all free parameters [n] and their values [m, n]. */
  readonly ids: readonly string[];
  readonly parameters: Float64Array;
  /** Empty where all is well [m]. */
  readonly messages: readonly string[];
  readonly success: boolean;
  readonly nfev: number;
}

/** -2 ln L along one parameter [m]. */
export interface StatProfile extends Scanned, ScanAxis {}

/** Values of one parameter. */
export interface ScanAxis {
  readonly id: string;
  readonly unit: string;
  readonly values: Float64Array;
}

/** Rows are x: point (a, b) is at a * y.values.length + b. */
export interface StatSurface extends Scanned {
  readonly x: ScanAxis;
  readonly y: ScanAxis;
}

/**
 * -2 ln L along one parameter at `values` in its unit, or at `n` equidistant ones, the others fitted again at each (`reoptimize: false`: held) [m].
 * @throws SpecError where the parameter is unknown or frozen, the fit is of another likelihood or did not converge, or the grid is none.
 * @example
 * ```ts
 * import { compileJoint, fitJoint, statProfile } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const joint = compileJoint(datasets, models);
 * const profile = statProfile(joint, fitJoint(joint), "Crab Nebula.alpha", { n: 5, sigmas: 2 });
 * console.assert(Math.abs(profile.deltaStat[2]) < 1e-6); // the best fit is in the middle
 * console.assert(profile.deltaStat[0] > 3 && profile.deltaStat[4] > 3); // nearly 4 at 2 sigma
 * ```
 */
export function statProfile(joint: Joint, fitted: Fitted, id: string, options: Grid & ScanOptions = {}): StatProfile {
  const axis = scanAxis(joint, fitted, id, options, "statProfile");
  return { ...axis, ...scan(joint, fitted, [slotOf(joint, id, "statProfile")], [axis.values], options) };
}

/**
 * -2 ln L over a grid of two parameters, in their units, the others fitted again at each point (`reoptimize: false`: held) [x, y].
 * @throws SpecError where a parameter is unknown, frozen or given twice, the fit is of another likelihood or did not converge, or a grid is none.
 */
export function statSurface(
  joint: Joint,
  fitted: Fitted,
  idX: string,
  idY: string,
  options: ScanOptions & { readonly x?: Grid; readonly y?: Grid } = {},
): StatSurface {
  const slots = twoSlots(joint, idX, idY, "statSurface");
  const x = scanAxis(joint, fitted, idX, options.x ?? {}, "statSurface");
  const y = scanAxis(joint, fitted, idY, options.y ?? {}, "statSurface");
  return { x, y, ...scan(joint, fitted, slots, [x.values, y.values], options) };
}

/** The values of a grid, all that is given checked; nothing is evaluated. */
export function scanAxis(joint: Joint, fitted: Fitted, id: string, grid: Grid, where: string): ScanAxis {
  const slot = slotOf(joint, id, where);
  checkFitted(joint, fitted, where);
  return {
    id: joint.parameters[slot]!.id,
    unit: joint.parameters[slot]!.unit,
    values: gridOf(joint, fitted, slot, grid, where),
  };
}

function gridOf(joint: Joint, fitted: Fitted, slot: number, grid: Grid, where: string): Float64Array {
  const { id, unit } = joint.parameters[slot]!;
  if (grid.values !== undefined) {
    const values = Float64Array.from(grid.values);
    if (values.length > 0 && values.every(Number.isFinite)) return values;
    throw new SpecError(
      `${where}: values of ${id} are ${values.join(", ") || "none"}, expected finite numbers in ${unit || "its unit"}`,
    );
  }
  const n = grid.n ?? 11;
  if (!(Number.isInteger(n) && n >= 2))
    throw new SpecError(`${where}: n is ${n}, expected a whole number of at least 2`);
  const sigmas = grid.sigmas ?? 2;
  if (!(sigmas > 0 && Number.isFinite(sigmas))) {
    throw new SpecError(`${where}: sigmas is ${sigmas}, expected a positive number of standard deviations`);
  }
  const [first, last] = grid.bounds ?? around();
  if (!(Number.isFinite(first) && Number.isFinite(last) && first < last)) {
    throw new SpecError(
      `${where}: bounds of ${id} are ${first} and ${last}, expected two finite numbers, the smaller first`,
    );
  }
  return Float64Array.from({ length: n }, (_, k) => first + ((last - first) * k) / (n - 1));

  function around(): [number, number] {
    const value = fitted.free.values[slot]!;
    const error = fitted.free.errors[slot]!;
    const step = sigmas * (error > 0 && Number.isFinite(error) ? error : Math.abs(value));
    return [Math.max(joint.lower[slot]!, value - step), Math.min(joint.upper[slot]!, value + step)];
  }
}

/** How far a point has to be below the best fit to be another minimum, and no noise of the pixels. */
const LOWER = 0.02;

/** In logarithms of norms first; what does not hold up there, again in the parameters themselves. */
function scan(
  joint: Joint,
  fitted: Fitted,
  slots: readonly number[],
  grids: readonly Float64Array[],
  options: ScanOptions,
): Scanned {
  const { signal, reoptimize = true, onProgress } = options;
  const best = fitted.free.values;
  const n = best.length;
  const fMin = joint.objective.value(best);
  const outside = (k: number) => grids[k]!.some((v) => v <= 0);
  const negative = joint.parameters.some((p, i) => p.isNorm && slots.includes(i) && outside(slots.indexOf(i)));
  const onPoint = (done: number, total: number) => {
    onProgress?.(done, total);
    signal?.throwIfAborted();
  };
  signal?.throwIfAborted();
  const run = (useLog: boolean, progress: boolean) => {
    const c = coordinatesOf(joint, best, useLog);
    const inside = grids.map((grid, k) => grid.map((v) => (c.isLog[slots[k]!] ? Math.log(v) : v)));
    const settings = { lower: c.lower, upper: c.upper, reoptimize, signal, ...(progress && { onPoint }) };
    const start = c.toInternal(best);
    const r =
      slots.length === 1
        ? profile(c.objective, start, slots[0]!, inside[0]!, settings)
        : surface(c.objective, start, slots[0]!, slots[1]!, inside[0]!, inside[1]!, settings);
    const m = r.stat.length;
    const parameters = new Float64Array(m * n);
    const messages = Array.from({ length: m }, (_, k) => {
      const x = c.toExternal(r.xs.subarray(k * n, k * n + n));
      // the grid's own numbers, not what logarithms make of them
      if (slots.length === 1) x[slots[0]!] = grids[0]![k]!;
      else {
        x[slots[0]!] = grids[0]![Math.floor(k / grids[1]!.length)]!;
        x[slots[1]!] = grids[1]![k % grids[1]!.length]!;
      }
      parameters.set(x, k * n);
      const problem = r.problems[k];
      if (r.stat[k]! < fMin - LOWER) return lowerMinimumInWords(fMin - r.stat[k]!);
      if (problem !== undefined) return scanInWords(problem, namesIn(joint, c));
      if (!reoptimize) return undefined;
      const g = r.gradients.subarray(k * n, k * n + n);
      for (let i = 0; i < n; i++) if (c.isLog[i]) g[i]! /= x[i]!;
      const flaw = flawAtMinimum(joint, fitted, x, g, slots);
      return flaw && flawInWords(flaw, joint);
    });
    return { stat: r.stat, parameters, messages, nfev: r.nfev };
  };
  const first = run(!negative, true);
  let { nfev } = first;
  if (!negative && reoptimize && first.messages.some((message) => message !== undefined)) {
    const again = run(false, false);
    nfev += again.nfev;
    first.messages.forEach((message, k) => {
      if (message === undefined || (again.messages[k] !== undefined && !(again.stat[k]! < first.stat[k]!))) return;
      first.stat[k] = again.stat[k]!;
      first.parameters.set(again.parameters.subarray(k * n, k * n + n), k * n);
      first.messages[k] = again.messages[k];
    });
  }
  return {
    ...first,
    nfev,
    deltaStat: first.stat.map((v) => v - fMin),
    ids: joint.parameters.map((p) => p.id),
    messages: first.messages.map((message) => message ?? ""),
    success: first.messages.every((message) => message === undefined),
  };
}
