import { createLevels, type LevelOptions, type Levels } from "./level.js";
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
    messages: new Array(size).fill(""),
    reoptimize: options.reoptimize ?? true,
  };
}

/** One point of a scan from the vector `from`; returns the vector to start the next one from. */
function scanPoint(s: Scan, slot: number, i: number, xi: number, j: number, xj: number, from: Float64Array) {
  const { levels } = s;
  const n = levels.f.n;
  const outside = (k: number, v: number) => k >= 0 && (v < levels.lower[k]! || v > levels.upper[k]!);
  let p: Float64Array = (s.reoptimize ? from : levels.xMin).slice();
  p[i] = xi;
  if (j >= 0) p[j] = xj;
  let value: number;
  if (outside(i, xi) || outside(j, xj)) s.messages[slot] = "outside the limits; ";
  if (s.reoptimize) {
    const r = levels.fixed(i, xi, j, xj, p);
    value = r.value;
    p = r.x;
    s.messages[slot] += r.message;
  } else value = levels.f.value(p);
  if (!Number.isFinite(value)) {
    s.messages[slot] += `the function is ${value} here`;
    value = Number.NaN;
  }
  s.stat[slot] = value;
  s.xs.set(p, slot * n);
  s.done();
  return Number.isNaN(value) ? from : p;
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
  for (const side of [up, down]) {
    let from = xMin;
    for (const k of side) from = scanPoint(s, k, index, values[k]!, -1, 0, from);
  }
  return {
    index,
    values,
    stat: s.stat,
    xs: s.xs,
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
  for (const rowSide of [rows.up, rows.down]) {
    let rowFrom = xMin;
    for (const a of rowSide) {
      let first = true;
      const rowStart = rowFrom;
      for (const side of [columns.up, columns.down]) {
        let from = rowStart;
        for (const b of side) {
          from = scanPoint(s, a * valuesJ.length + b, i, valuesI[a]!, j, valuesJ[b]!, from);
          if (first) rowFrom = from;
          first = false;
        }
      }
    }
  }
  return {
    indices: [i, j],
    valuesI,
    valuesJ,
    stat: s.stat,
    xs: s.xs,
    messages: s.messages,
    lowerMinimum: s.levels.lowerMinimum(),
    nfev: s.levels.f.calls.nfev,
  };
}
