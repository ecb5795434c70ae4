import { clip, isOver, type Search, valueAt } from "./state.js";

/**
 * One run of Nelder-Mead [Nelder & Mead 1965, Comput. J. 7, 308] from a simplex around `best` with edges `size` times `edges` [n]; limits by
 * projection. Returns the spread of the values at its end.
 */
export function runNelderMead(s: Search, edges: Float64Array, size: number): number {
  startSimplex(s, edges, size);
  const { n, values, goal } = s;
  let spread = Number.POSITIVE_INFINITY;
  while (!isOver(s)) {
    sortSimplex(s);
    spread = values[n]! - values[0]!;
    if (spread <= goal || !iterate(s)) break;
    s.iterations++;
  }
  sortSimplex(s);
  s.best.set(s.points[0]!);
  s.bestValue = values[0]!;
  return spread;
}

/** The best point, and one displaced along each parameter, to the other side where there is no room. */
function startSimplex(s: Search, edges: Float64Array, size: number): void {
  const { n, points, values, best, bestValue } = s;
  for (let k = 0; k <= n; k++) {
    const p = points[k]!;
    p.set(best);
    if (k > 0) {
      const i = k - 1;
      p[i] = clip(s, i, best[i]! + size * edges[i]!);
      if (p[i] === best[i]) p[i] = clip(s, i, best[i]! - size * edges[i]!);
    }
    values[k] = k === 0 ? bestValue : valueAt(s, p);
  }
}

/** By insertion, the best first. */
function sortSimplex({ n, points, values }: Search): void {
  for (let k = 1; k <= n; k++) {
    const v = values[k]!;
    const p = points[k]!;
    let m = k - 1;
    for (; m >= 0 && values[m]! > v; m--) {
      values[m + 1] = values[m]!;
      points[m + 1] = points[m]!;
    }
    values[m + 1] = v;
    points[m + 1] = p;
  }
}

/** One step, with the coefficients of Gao & Han 2012 (Comput. Optim. Appl. 51, 259), which do not degenerate in many dimensions; false if the simplex has no extent left. */
function iterate(s: Search): boolean {
  const { n, points, values, centre } = s;
  centre.fill(0);
  for (let k = 0; k < n; k++) {
    const p = points[k]!;
    for (let i = 0; i < n; i++) centre[i]! += p[i]! / n;
  }
  const reflected = probe(s, s.reflected, 1);
  if (reflected < values[0]!) {
    const expanded = probe(s, s.tried, 1 + 2 / n);
    if (expanded < reflected) takeTried(s, expanded);
    else takeReflected(s, reflected);
    return true;
  }
  if (reflected < values[n - 1]!) {
    takeReflected(s, reflected);
    return true;
  }
  const contraction = 0.75 - 1 / (2 * n);
  const contracted = probe(s, s.tried, reflected < values[n]! ? contraction : -contraction);
  if (contracted < Math.min(reflected, values[n]!)) {
    takeTried(s, contracted);
    return true;
  }
  return shrink(s, n > 1 ? 1 - 1 / n : 0.5);
}

/** out = centre + c (centre - worst), inside the limits; returns its value. */
function probe(s: Search, out: Float64Array, c: number): number {
  const { n, points, centre } = s;
  const worst = points[n]!;
  for (let i = 0; i < n; i++) out[i] = clip(s, i, centre[i]! + c * (centre[i]! - worst[i]!));
  return valueAt(s, out);
}

/** Puts a point in the place of the worst one, whose array serves the next trial. */
function takeTried(s: Search, value: number): void {
  const worst = s.points[s.n]!;
  s.points[s.n] = s.tried;
  s.tried = worst;
  s.values[s.n] = value;
}

function takeReflected(s: Search, value: number): void {
  const worst = s.points[s.n]!;
  s.points[s.n] = s.reflected;
  s.reflected = worst;
  s.values[s.n] = value;
}

/** Moves all points towards the best one; false if rounding leaves them where they are. */
function shrink(s: Search, factor: number): boolean {
  const { n, points, values } = s;
  const best = points[0]!;
  let moved = false;
  for (let k = 1; k <= n; k++) {
    const p = points[k]!;
    for (let i = 0; i < n; i++) {
      const to = best[i]! + factor * (p[i]! - best[i]!);
      if (to !== p[i]!) moved = true;
      p[i] = to;
    }
    values[k] = valueAt(s, p);
  }
  return moved;
}
