import type { Objective } from "../minimize/types.js";
import { truncation } from "../stats/cash.js";
import type { TsTerm } from "./ts-term.js";

/** The bins that a source is seen in, and Cash of them and all others as a function of its norm. */
export interface NormStatistic {
  readonly terms: readonly TsTerm[];
  readonly objective: Required<Objective> & {
    /** Takes up the source where the terms have put it. */
    gather(background: number, total: number): void;
  };
}

/** Beyond these a product is turned into its logarithm. */
const HUGE = 1e250;
const TINY = 1e-250;

/**
 * 2 (B + norm S - sum n ln(b + norm s)), the sum as that of n ln b and of the logarithm of products of (1 + norm s / b)^n: one logarithm for many bins. Bins
 * without background hold norm s alone.
 */
export function createNormStatistic(terms: readonly TsTerm[]): NormStatistic {
  const size = terms.reduce((sum, { counts }) => sum + counts.length, 0);
  const counts = new Float64Array(size);
  /** 1, or 0 without background; then s / b, or s. */
  const rest = new Float64Array(size);
  const slope = new Float64Array(size);
  let n = 0;
  let constant = 0;
  let total = 0;

  function gather(background: number, all: number): void {
    n = 0;
    total = all;
    let logs = 0;
    for (const term of terms) {
      for (let i = 0; i < term.counts.length; i++) {
        const s = term.signal[i]!;
        const b = term.background[i]!;
        const isEmpty = !(b > truncation);
        if (!(s > 0)) {
          logs += term.counts[i]! * term.logBackground[i]!;
          continue;
        }
        if (!isEmpty) logs += term.counts[i]! * term.logBackground[i]!;
        counts[n] = term.counts[i]!;
        rest[n] = isEmpty ? 0 : 1;
        slope[n++] = isEmpty ? s : s / b;
      }
    }
    constant = background - logs;
  }

  function evaluate(norm: number, g?: Float64Array, h?: Float64Array): number {
    let logs = 0;
    let product = 1;
    let first = 0;
    let second = 0;
    for (let i = 0; i < n; i++) {
      const c = slope[i]!;
      const k = counts[i]!;
      const v = rest[i]! + norm * c;
      if (!(v > truncation)) {
        logs += k * Math.log(truncation);
        continue;
      }
      if (k === 1) product *= v;
      else if (k === 2) product *= v * v;
      else logs += k * Math.log(v);
      if (!(product < HUGE && product > TINY)) {
        logs += Math.log(product);
        product = 1;
      }
      const relative = c / v;
      first += k * relative;
      second += k * relative * relative;
    }
    if (g !== undefined) g[0] = 2 * (total - first);
    if (h !== undefined) h[0] = 2 * second;
    return 2 * (constant + norm * total - logs - Math.log(product));
  }

  return {
    terms,
    objective: {
      n: 1,
      gather,
      value: (x) => evaluate(x[0]!),
      gradient: (x, g) => evaluate(x[0]!, g),
      hessian(x, g, h, fisher) {
        const value = evaluate(x[0]!, g, h);
        fisher?.set(h);
        return value;
      },
    },
  };
}
