/** Spectra and points divided by a spectrum. */
import { extent, padded } from "./check.js";

/** Curves and points in the units of the axes. */
export interface Drawn {
  x: number[];
  y: number[];
  xLo?: number[];
  xHi?: number[];
  yLo?: number[];
  yHi?: number[];
  isUl?: boolean[];
}

/** Divided by the curve, which runs straight between its points on logarithmic axes; NaN where it is not. */
export function divided(set: Drawn, by: Drawn): Drawn {
  const at = set.x.map((x) => valueAt(by, x));
  const over = (values: number[] | undefined) => values?.map((v, i) => v / at[i]!);
  return { ...set, y: over(set.y)!, ...(set.yLo && { yLo: over(set.yLo)! }), ...(set.yHi && { yHi: over(set.yHi)! }) };
}

function valueAt({ x, y }: Drawn, at: number): number {
  const k = x.findIndex((next, i) => i > 0 && at <= next * (1 + 1e-12) && at >= x[i - 1]! * (1 - 1e-12));
  if (k < 0) return Number.NaN;
  const t = Math.log(at / x[k - 1]!) / Math.log(x[k]! / x[k - 1]!);
  return Math.exp((1 - t) * Math.log(y[k - 1]!) + t * Math.log(y[k]!));
}

/** Least height of the axis above and below 1, and the most. */
const LEAST = 0.25;
const MOST = 2;
/** How far down the arrow of a limit reaches. */
const ARROW = 0.6;

/** Around 1: points with their bars, and the curves. */
export function ratioRange(
  curves: readonly Drawn[],
  points: readonly Drawn[],
  [from, to]: readonly [number, number],
): [number, number] {
  const seen = (s: Drawn, ends: readonly (number[] | undefined)[]) =>
    s.x.flatMap((x, i) => (x >= from && x <= to ? ends.flatMap((e) => (e === undefined ? [] : [e[i]!])) : []));
  const values = [
    ...curves.flatMap((s) => seen(s, [s.y])),
    ...points.flatMap((s) =>
      seen(s, [s.y, s.yLo ?? s.y, s.yHi, s.isUl?.map((ul, i) => (ul ? ARROW * s.y[i]! : s.y[i]!))]),
    ),
  ];
  const [lo, hi] = extent(values.filter((v) => v > -1 && v < 1 + 2 * MOST)) ?? [1, 1];
  return padded("linear", [Math.max(Math.min(lo, 1 - LEAST), 1 - MOST), Math.min(Math.max(hi, 1 + LEAST), 1 + MOST)]);
}
