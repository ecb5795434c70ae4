import { SpecError } from "../errors.js";
import { solve } from "../math/linalg.js";
import type { StopSignal } from "../math/types.js";
import { type Coordinates, coordinatesOf } from "./coordinates.js";
import type { Joint } from "./joint.js";
import type { QuantityErrors } from "./propagate.js";
import { type Quantity, quantityOf, quantityUnits, type SpectralPoints } from "./quantity.js";
import { checkFitted, type Fitted } from "./search.js";

/** Options of `profileErrors`. */
export interface ProfileErrorsOptions {
  /** Default 1. */
  readonly sigma?: number;
  readonly signal?: StopSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How well the level and the direction are met, relative to the rise. */
const ACCURACY = 1e-7;

/**
 * Errors of a quantity from the profile likelihood: its smallest and largest value where -2 ln L has risen by sigma^2, found by Newton on the conditions of
 * Lagrange, with exact second derivatives of both. For a parameter itself these are the MINOS errors.
 * @throws SpecError where the source is unknown or has no flux, the fit is of another likelihood or did not converge, or `sigma` is not positive.
 */
export function profileErrors(
  joint: Joint,
  fitted: Fitted,
  source: string,
  points: SpectralPoints,
  options: ProfileErrorsOptions = {},
): QuantityErrors {
  const { sigma = 1, signal, onProgress } = options;
  checkFitted(joint, fitted, points.quantity);
  if (!(sigma > 0 && Number.isFinite(sigma))) {
    throw new SpecError(`${points.quantity}: sigma is ${sigma}, expected a positive number of standard deviations`);
  }
  const best = fitted.free.values;
  const varies = new Set([...joint.places.map(({ entry }) => entry), ...joint.views.dependents.keys()]);
  const quantity = quantityOf(fitted.models, source, points, (_, i) => varies.has(i), joint.registry);
  const q = freeQuantity(joint, quantity);
  const m = quantity.value.length;
  const { value } = quantity;
  const errn = new Float64Array(m);
  const errp = new Float64Array(m);
  const messages: string[] = [];
  const kinds = [true, false].map((useLog) => createExtremes(joint, best, useLog, q));
  for (let i = 0; i < m; i++) {
    signal?.throwIfAborted();
    const ends = ([-1, 1] as const).map((side) => {
      for (const extremes of kinds) {
        const found = extremes(i, side, sigma * sigma);
        if (Number.isFinite(found)) return found;
      }
      return Number.NaN;
    });
    errn[i] = value[i]! - ends[0]!;
    errp[i] = ends[1]! - value[i]!;
    messages.push(
      ends.every(Number.isFinite)
        ? ""
        : "no extreme found on the level; the likelihood may not close there, or a limit cuts it",
    );
    onProgress?.(i + 1, m);
  }
  return { quantity: points.quantity, unit: quantityUnits[points.quantity], value, errn, errp, messages };
}

/** Element i of a quantity as a function of the free parameters of a fit. */
interface FreeQuantity {
  value(x: Float64Array, i: number): number;
  /** Fills g [n] and h [n, n]. */
  derivatives(x: Float64Array, i: number, g: Float64Array, h: Float64Array): number;
}

function freeQuantity({ views, parameters }: Joint, { vector, entries, factors }: Quantity): FreeQuantity {
  const n = parameters.length;
  const k = entries.length;
  const p = new Float64Array(k);
  const own = entries.map((entry) => views.of(entry));
  const update = (x: Float64Array, order: 0 | 2) => {
    views.update(x, order);
    for (let a = 0; a < k; a++) p[a] = own[a]!.value * factors[a]!;
    vector.update(p, 0, order);
  };
  return {
    value(x, i) {
      update(x, 0);
      return vector.s[i]!;
    },
    derivatives(x, i, g, h) {
      update(x, 2);
      g.fill(0);
      h.fill(0);
      const packed = (i * k * (k + 1)) / 2;
      for (let a = 0; a < k; a++) {
        const va = own[a]!;
        const ka = va.slots.length;
        const d1 = vector.ds[i * k + a]! * factors[a]!;
        for (let s = 0; s < ka; s++) {
          g[va.slots[s]!]! += d1 * va.g[s]!;
          for (let t = 0; t < ka; t++) h[va.slots[s]! * n + va.slots[t]!]! += d1 * va.h[s * ka + t]!;
        }
        for (let b = 0; b < k; b++) {
          const vb = own[b]!;
          const high = Math.max(a, b);
          const d2 = vector.d2s[packed + (high * (high + 1)) / 2 + Math.min(a, b)]! * factors[a]! * factors[b]!;
          for (let s = 0; s < ka; s++) {
            for (let t = 0; t < vb.slots.length; t++) {
              h[va.slots[s]! * n + vb.slots[t]!]! += d2 * va.g[s]! * vb.g[t]!;
            }
          }
        }
      }
      return vector.s[i]!;
    },
  };
}

/** The search in one set of coordinates: with `useLog` the logarithm of the quantity in logarithms of norms. NaN where it fails. */
function createExtremes(joint: Joint, best: Float64Array, useLog: boolean, q: FreeQuantity) {
  const n = best.length;
  const c: Coordinates = coordinatesOf(joint, best, useLog);
  const u0 = c.toInternal(best);
  const g = new Float64Array(n);
  const h = new Float64Array(n * n);
  const gy = new Float64Array(n);
  const hy = new Float64Array(n * n);
  const m = n + 1;
  const matrix = new Float64Array(m * m);
  const rhs = new Float64Array(m);
  const step = new Float64Array(m);
  const held = new Uint8Array(n);
  const fMin = c.objective.value(u0);

  /** Value and derivatives of the quantity, or of its logarithm, by u. */
  function quantityAt(u: Float64Array, i: number): number {
    const x = c.toExternal(u);
    const value = q.derivatives(x, i, gy, hy);
    if (useLog) {
      for (let a = 0; a < n; a++) gy[a]! /= value;
      for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) hy[a * n + b] = hy[a * n + b]! / value - gy[a]! * gy[b]!;
    }
    for (let a = 0; a < n; a++) {
      if (c.isLog[a] === 0) continue;
      for (let b = 0; b < n; b++) {
        hy[a * n + b]! *= x[a]!;
        hy[b * n + a]! *= x[a]!;
      }
      gy[a]! *= x[a]!;
      hy[a * n + a]! += gy[a]!;
    }
    return value;
  }

  /** From u and the multiplier mu, both brought to the solution; false if it is not reached. */
  function newton(u: Float64Array, mu: { value: number }, i: number, delta: number): boolean {
    for (let round = 0; round < 25; round++) {
      const f = c.objective.hessian(u, g, h);
      const value = quantityAt(u, i);
      if (!Number.isFinite(f + value) || (useLog && !(value > 0))) return false;
      const size = lengthOf(gy);
      if (!(size > 0)) return false;
      matrix.fill(0);
      for (let a = 0; a < n; a++) {
        if (held[a]) {
          matrix[a * m + a] = 1;
          rhs[a] = 0;
          continue;
        }
        for (let b = 0; b < n; b++) if (!held[b]) matrix[a * m + b] = h[a * n + b]! - mu.value * hy[a * n + b]!;
        matrix[a * m + n] = -gy[a]!;
        rhs[a] = mu.value * gy[a]! - g[a]!;
        matrix[n * m + a] = g[a]!;
      }
      rhs[n] = fMin + delta - f;
      if (!solve(matrix, m, rhs, step)) return false;
      // what the step would still change, in units of -2 ln L
      let change = 0;
      for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) change += step[a]! * h[a * n + b]! * step[b]!;
      if (Math.abs(change) < ACCURACY * delta && Math.abs(rhs[n]!) < ACCURACY * delta) return true;
      let clamped = false;
      for (let a = 0; a < n; a++) {
        const to = u[a]! + step[a]!;
        if (to >= c.lower[a]! && to <= c.upper[a]!) continue;
        u[a] = to < c.lower[a]! ? c.lower[a]! : c.upper[a]!;
        held[a] = 1;
        clamped = true;
      }
      if (clamped) continue;
      // no more than twice the way that the level is from the minimum
      const factor = Math.min(1, Math.sqrt((4 * delta) / Math.max(Math.abs(change), 1e-300)));
      for (let a = 0; a < n; a++) u[a]! += factor * step[a]!;
      mu.value += factor * step[n]!;
    }
    return false;
  }

  const lengthOf = (v: Float64Array) => Math.sqrt(v.reduce((sum, t) => sum + t * t, 0));

  return (i: number, side: 1 | -1, delta: number): number => {
    held.fill(0);
    c.objective.hessian(u0, g, h);
    const y0 = quantityAt(u0, i);
    if (useLog && !(y0 > 0)) return Number.NaN;
    if (lengthOf(gy) === 0) return y0;
    // H d = grad y: the direction of the linear solution; parameters pressed against a limit stay
    matrix.fill(0);
    for (let a = 0; a < n; a++) {
      const pressed = (u0[a]! <= c.lower[a]! && g[a]! > 0) || (u0[a]! >= c.upper[a]! && g[a]! < 0);
      held[a] = pressed ? 1 : 0;
    }
    const square = new Float64Array(n * n);
    const right = gy.slice();
    for (let a = 0; a < n; a++) {
      if (held[a]) right[a] = 0;
      for (let b = 0; b < n; b++) square[a * n + b] = held[a] || held[b] ? Number(a === b) : h[a * n + b]!;
    }
    const d = new Float64Array(n);
    if (!solve(square, n, right, d)) return Number.NaN;
    const slope = d.reduce((sum, v, a) => sum + v * right[a]!, 0);
    if (!(slope > 0)) return slope === 0 ? y0 : Number.NaN;
    const initial = held.slice();
    // straight to the level; where that fails, in steps
    for (const steps of [1, 4, 16]) {
      held.set(initial);
      const u = u0.slice();
      const mu = { value: 0 };
      let ok = true;
      for (let k = 1; k <= steps && ok; k++) {
        const part = (k / steps) ** 2 * delta;
        if (k === 1) {
          const length = side * Math.sqrt((2 * part) / slope);
          for (let a = 0; a < n; a++) u[a] = clamp(u0[a]! + length * d[a]!, c.lower[a]!, c.upper[a]!);
          mu.value = length;
        } else {
          for (let a = 0; a < n; a++) u[a] = clamp(u0[a]! + ((u[a]! - u0[a]!) * k) / (k - 1), c.lower[a]!, c.upper[a]!);
          mu.value *= k / (k - 1);
        }
        ok = newton(u, mu, i, part);
      }
      const value = ok ? q.value(c.toExternal(u), i) : Number.NaN;
      if (ok && (value - y0) * side > 0) return value;
    }
    return Number.NaN;
  };
}

const clamp = (v: number, lo: number, hi: number) => Math.min(Math.max(v, lo), hi);
