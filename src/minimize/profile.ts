import { type Anchor, follow, predict } from "./follow.js";
import { createLevels, type FixedPoint, type LevelOptions, type Levels } from "./level.js";
import type { Objective } from "./types.js";

export interface ProfileOptions extends LevelOptions {
  /** Re-optimise the other parameters at every value; default true. */
  readonly reoptimize?: boolean;
  readonly onPoint?: (done: number, total: number) => void;
}

export interface ProfileResult {
  readonly index: number;
  readonly values: Float64Array;
  /** f at each value [m]; NaN outside the domain, with a message. */
  readonly stat: Float64Array;
  /** Full vectors [m, n]. */
  readonly xs: Float64Array;
  /** Gradients there [m, n]; 0 unless re-optimised. */
  readonly gradients: Float64Array;
  /** Empty where all is well [m]. */
  readonly messages: readonly string[];
  readonly lowerMinimum?: { readonly x: Float64Array; readonly value: number };
  readonly nfev: number;
}

export interface SurfaceResult extends Omit<ProfileResult, "index" | "values"> {
  readonly indices: readonly [number, number];
  readonly valuesI: Float64Array;
  readonly valuesJ: Float64Array;
}

/** Indices 0..m-1 from the value nearest to `centre` outwards, first upwards then downwards. */
function outwards(values: Float64Array, centre: number): { up: number[]; down: number[] } {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const split = order.findIndex((k) => values[k]! >= centre);
  const at = split < 0 ? order.length : split;
  return { up: order.slice(at), down: order.slice(0, at).reverse() };
}

interface Scan {
  readonly levels: Levels;
  readonly stat: Float64Array;
  readonly xs: Float64Array;
  readonly gradients: Float64Array;
  readonly messages: string[];
  readonly reoptimize: boolean;
  /** Called after each point. */
  readonly done: () => void;
}

function createScan(f: Objective, xMin: Float64Array, size: number, options: ProfileOptions): Scan {
  let points = 0;
  return {
    done: () => options.onPoint?.(++points, size),
    levels: createLevels(f, xMin, options),
    stat: new Float64Array(size).fill(Number.NaN),
    xs: new Float64Array(size * f.n),
    gradients: new Float64Array(size * f.n),
    messages: new Array(size).fill(""),
    reoptimize: options.reoptimize ?? true,
  };
}

const atMinimum = ({ levels }: Scan) => ({ x: levels.xMin, hessian: levels.hessian, message: "" });

/** Minima along one parameter: the one that follows starts where these point. */
interface Path {
  older: Anchor | undefined;
  last: Anchor;
}

/** Along parameter `along`, those in `held` not following; where the search for the others failed, a place to start from without a direction. */
function anchorAt(
  { lower, upper }: Levels,
  { x, hessian, message }: Pick<FixedPoint, "x" | "hessian" | "message">,
  along: number,
  held: readonly number[],
): Anchor {
  const slope = new Float64Array(x.length);
  if (message === "") follow(hessian, x, lower, upper, along, held, slope);
  return { at: x[along]!, x, slope };
}

/** The others minimised from where the path leads; where that fails, from its last point. */
function minimizeAlong(s: Scan, i: number, xi: number, j: number, xj: number, to: number, path: Path): FixedPoint {
  const { levels } = s;
  const search = (start: Float64Array) => {
    for (let o = 0; o < start.length; o++) start[o] = Math.min(Math.max(start[o]!, levels.lower[o]!), levels.upper[o]!);
    start[i] = xi;
    if (j >= 0) start[j] = xj;
    return levels.fixed(i, xi, j, xj, start);
  };
  const found = search(predict(path.older, path.last, to));
  const directed = path.older !== undefined || path.last.slope.some((v) => v !== 0);
  if (!directed || (found.message === "" && Number.isFinite(found.value))) return found;
  const again = search(path.last.x.slice());
  return again.message === "" || !(again.value >= found.value) ? again : found;
}

/** One point of a scan, with x_i = xi (and x_j = xj), along parameter `along` of these; goes on with the path unless f is not finite here. */
function scanPoint(
  s: Scan,
  slot: number,
  i: number,
  xi: number,
  j: number,
  xj: number,
  along: number,
  path: Path,
): FixedPoint | undefined {
  const { levels } = s;
  const n = levels.f.n;
  const outside = (k: number, v: number) => k >= 0 && (v < levels.lower[k]! || v > levels.upper[k]!);
  let p: Float64Array = levels.xMin.slice();
  p[i] = xi;
  if (j >= 0) p[j] = xj;
  let value: number;
  let found: FixedPoint | undefined;
  if (outside(i, xi) || outside(j, xj)) s.messages[slot] = "outside the limits; ";
  if (s.reoptimize) {
    found = minimizeAlong(s, i, xi, j, xj, along === i ? xi : xj, path);
    value = found.value;
    p = found.x;
    s.gradients.set(found.gradient, slot * n);
    s.messages[slot] += found.message;
  } else value = levels.f.value(p);
  if (!Number.isFinite(value)) {
    s.messages[slot] += `the function is ${value} here`;
    value = Number.NaN;
    found = undefined;
  }
  s.stat[slot] = value;
  s.xs.set(p, slot * n);
  s.done();
  if (found !== undefined) {
    const next = anchorAt(levels, found, along, j < 0 ? [i] : [i, j]);
    if (found.message !== "") path.older = undefined;
    else if (next.at !== path.last.at) path.older = path.last;
    path.last = next;
  }
  return found;
}

/** f along one parameter, the others re-optimised or held at the minimum. */
export function profile(
  f: Objective,
  xMin: Float64Array,
  index: number,
  values: Float64Array,
  options: ProfileOptions = {},
): ProfileResult {
  const s = createScan(f, xMin, values.length, options);
  const { up, down } = outwards(values, xMin[index]!);
  const minimum = anchorAt(s.levels, atMinimum(s), index, [index]);
  for (const side of [up, down]) {
    const path: Path = { older: undefined, last: minimum };
    for (const k of side) scanPoint(s, k, index, values[k]!, -1, 0, index, path);
  }
  return {
    index,
    values,
    stat: s.stat,
    xs: s.xs,
    gradients: s.gradients,
    messages: s.messages,
    lowerMinimum: s.levels.lowerMinimum(),
    nfev: s.levels.f.calls.nfev,
  };
}

/** f over a grid of two parameters [values of i, values of j], the others re-optimised or held at the minimum. */
export function surface(
  f: Objective,
  xMin: Float64Array,
  i: number,
  j: number,
  valuesI: Float64Array,
  valuesJ: Float64Array,
  options: ProfileOptions = {},
): SurfaceResult {
  const s = createScan(f, xMin, valuesI.length * valuesJ.length, options);
  const rows = outwards(valuesI, xMin[i]!);
  const columns = outwards(valuesJ, xMin[j]!);
  const width = valuesJ.length;
  const first = columns.up.shift() ?? columns.down.shift() ?? 0;
  // the first column, seen from the minimum
  const { levels } = s;
  const onJ = anchorAt(levels, atMinimum(s), j, [i, j]);
  const below = { ...anchorAt(levels, atMinimum(s), i, [i, j]), x: predict(undefined, onJ, valuesJ[first]!) };
  for (const rowSide of [rows.up, rows.down]) {
    const rowPath: Path = { older: undefined, last: below };
    for (const a of rowSide) {
      const found = scanPoint(s, a * width + first, i, valuesI[a]!, j, valuesJ[first]!, i, rowPath);
      const start = anchorAt(levels, found ?? { ...atMinimum(s), x: rowPath.last.x }, j, [i, j]);
      for (const side of [columns.up, columns.down]) {
        const path: Path = { older: undefined, last: start };
        for (const b of side) scanPoint(s, a * width + b, i, valuesI[a]!, j, valuesJ[b]!, j, path);
      }
    }
  }
  return {
    indices: [i, j],
    valuesI,
    valuesJ,
    stat: s.stat,
    xs: s.xs,
    gradients: s.gradients,
    messages: s.messages,
    lowerMinimum: s.levels.lowerMinimum(),
    nfev: s.levels.f.calls.nfev,
  };
}
