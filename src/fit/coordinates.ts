import type { Objective } from "../minimize/types.js";
import type { Joint } from "./joint.js";

/** The joint statistic in the coordinates in which it is minimised: ln p for positive norms without limits, p for all else. */
export interface Coordinates {
  readonly objective: Required<Objective>;
  /** [n] 1 where the coordinate is a logarithm. */
  readonly isLog: Uint8Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  toInternal(p: Float64Array): Float64Array;
  toExternal(x: Float64Array): Float64Array;
  /** Turns gradient [n] and Hessian [n, n] at x into those by p. */
  derivativesToExternal(x: Float64Array, g: Float64Array, h: Float64Array): void;
}

/** `useLog`: offer the logarithm where it applies at `start`. */
export function coordinatesOf(joint: Joint, start: Float64Array, useLog: boolean): Coordinates {
  const n = start.length;
  const { objective, parameters } = joint;
  const isLog = new Uint8Array(n);
  const lower = joint.lower.slice();
  for (let i = 0; i < n && useLog; i++) {
    const q = parameters[i]!;
    if (!q.isNorm || !(start[i]! > 0) || q.min < 0 || q.min > 0 || !Number.isNaN(q.max)) continue;
    isLog[i] = 1;
    lower[i] = Number.NEGATIVE_INFINITY;
  }
  const p = new Float64Array(n);
  const expand = (x: Float64Array) => {
    for (let i = 0; i < n; i++) p[i] = isLog[i] ? Math.exp(x[i]!) : x[i]!;
    return p;
  };
  return {
    isLog,
    lower,
    upper: joint.upper,
    toInternal(q) {
      const x = q.slice();
      for (let i = 0; i < n; i++) if (isLog[i]) x[i] = Math.log(x[i]!);
      return x;
    },
    toExternal: (x) => expand(x).slice(),
    derivativesToExternal(x, g, h) {
      expand(x);
      for (let i = 0; i < n; i++) {
        if (isLog[i] === 0) continue;
        h[i * n + i]! -= g[i]!;
        for (let j = 0; j < n; j++) {
          h[i * n + j]! /= p[i]!;
          h[j * n + i]! /= p[i]!;
        }
        g[i]! /= p[i]!;
      }
    },
    objective: {
      n,
      value: (x) => objective.value(expand(x)),
      gradient(x, g) {
        const value = objective.gradient(expand(x), g);
        for (let i = 0; i < n; i++) if (isLog[i]) g[i]! *= p[i]!;
        return value;
      },
      hessian(x, g, h, fisher) {
        const value = objective.hessian(expand(x), g, h, fisher);
        for (let i = 0; i < n; i++) {
          if (isLog[i] === 0) continue;
          const f = p[i]!;
          for (let j = 0; j < n; j++) {
            h[i * n + j]! *= f;
            h[j * n + i]! *= f;
            if (fisher === undefined) continue;
            fisher[i * n + j]! *= f;
            fisher[j * n + i]! *= f;
          }
          g[i]! *= f;
          h[i * n + i]! += g[i]!;
        }
        return value;
      },
    },
  };
}
