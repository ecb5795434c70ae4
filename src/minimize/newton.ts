import { AT_LOWER, AT_UPPER, createBoxStep, FREE, solveBox } from "./box-step.js";
import { complete, type FullObjective, guessScale } from "./derivatives.js";
import { hasNoInfluence, isDoubtful } from "./no-influence.js";
import { inUnits, softest } from "./soft-direction.js";
import type { MinimizeOptions, MinimizeResult, Minimizer, Objective, StopReason } from "./types.js";
import * as words from "./words.js";

/** A start radius of the trust region, in standard deviations at fixed other parameters. */
const START_RADIUS = 100;
/** EDM, in units of errorDef, below which a point that rounding does not let improve counts as converged (as in Migrad). */
const GOOD_ENOUGH = 1e-4;
/** The same, below which another step is not worth an evaluation: 1e-9 standard deviations. */
const EXACT = 1e-18;
const EPS = 2 ** -52;
/** So many steps in which the function falls by less than `IDLE`, in units of errorDef, lead nowhere: they jump to and fro over a kink. */
const PATIENCE = 40;
const IDLE = 1e-2;

export interface NewtonOptions extends MinimizeOptions {
  /** The Hessian at the minimum is wanted as well, so the last step is checked with it and not with a gradient alone. */
  readonly wantsHessian?: boolean;
}

/** Work space of Newton minimisations in n dimensions; not re-entrant. */
export interface Newton {
  minimize(f: Objective, x0: Float64Array, options?: NewtonOptions): MinimizeResult;
  /** Judges x0 by its EDM from the Hessian: converged (and polished), or why not. Moves on only from a saddle. */
  confirm(f: Objective, x0: Float64Array, options?: MinimizeOptions): MinimizeResult;
  /** Gradient [n] of the last call where it ended and Hessian [n, n] there, or, unless `atEnd`, one step before; for the reader only. */
  readonly last: { readonly hessian: Float64Array; readonly gradient: Float64Array; readonly atEnd: boolean };
}

/**
 * Trust region with the exact Hessian. The region is a ball in the coordinates u_i = x_i sqrt(D_i), D = diag(Fisher) (diag |H| where
 * no Fisher matrix is offered), so nothing depends on the parameters' units. Where the Hessian is not positive definite the
 * Fisher matrix takes its place, and where that fails the Hessian shifted by lambda. Limits by an exact active set for
 * each quadratic model, so the EDM, its predicted decrease, holds the Karush-Kuhn-Tucker conditions.
 */
export function createNewton(n: number): Newton {
  const w = createBoxStep(n);
  const vector = () => new Float64Array(n);
  const matrix = () => new Float64Array(n * n);
  let x = vector();
  let xt = vector();
  let g = vector();
  let gt = vector();
  let h = matrix();
  let ht = matrix();
  let fisher = matrix();
  let fisherT = matrix();
  const d = vector();
  const gs = vector();
  const hs = matrix();
  const fs = matrix();
  const lo = vector();
  const hi = vector();
  const lower = vector();
  const upper = vector();
  const unit = vector();
  let nfev = 0;
  let ngrad = 0;
  let nhess = 0;
  let atEnd = true;

  function value(f: Objective, p: Float64Array): number {
    nfev++;
    return f.value(p);
  }

  /** Value and gradient at xt. */
  function slope(f: Required<Objective>): number {
    nfev++;
    ngrad++;
    return f.gradient(xt, gt);
  }

  /** Value, gradient, Hessian and Fisher matrix at xt into the trial arrays; NaN if one of them is not finite. */
  function derivatives(f: FullObjective | Required<Objective>): number {
    nfev++;
    ngrad++;
    nhess++;
    fisherT[0] = Number.NaN;
    const v = f.hessian(xt, gt, ht, fisherT);
    let sum = v;
    for (let i = 0; i < n; i++) sum += gt[i]! + ht[i * n + i]!;
    return Number.isFinite(sum) ? v : Number.NaN;
  }

  /** The trial's vector and gradient for those in use, and back. */
  function swapGradients(): void {
    let v = x;
    x = xt;
    xt = v;
    v = g;
    g = gt;
    gt = v;
  }

  function takeTrial(): void {
    swapGradients();
    let v = h;
    h = ht;
    ht = v;
    v = fisher;
    fisher = fisherT;
    fisherT = v;
  }

  /** D, the scaled gradient, and the scaled Hessian and Fisher matrix; returns whether there is a Fisher matrix. */
  function scale(first: boolean): boolean {
    const has = !Number.isNaN(fisher[0]!);
    for (let i = 0; i < n; i++) {
      let di = has ? fisher[i * n + i]! : 0;
      if (!(di > 0)) di = Math.abs(h[i * n + i]!);
      di = Math.sqrt(di);
      if (!first) di = Math.max(di, 0.3 * d[i]!);
      d[i] = di > 0 ? di : 1 / unit[i]!;
    }
    for (let i = 0; i < n; i++) {
      const di = d[i]!;
      for (let j = 0; j < n; j++) hs[i * n + j] = h[i * n + j]! / (di * d[j]!);
      if (has) for (let j = 0; j < n; j++) fs[i * n + j] = fisher[i * n + j]! / (di * d[j]!);
    }
    scaleGradient();
    return has;
  }

  function scaleGradient(): void {
    for (let i = 0; i < n; i++) {
      gs[i] = g[i]! / d[i]!;
      lo[i] = (lower[i]! - x[i]!) * d[i]!;
      hi[i] = (upper[i]! - x[i]!) * d[i]!;
    }
  }

  function length(p: Float64Array): number {
    let s = 0;
    for (let i = 0; i < n; i++) s += p[i]! * p[i]!;
    return Math.sqrt(s);
  }

  /** xt = x + step, exactly on the limits that the step reaches; false if that is x itself. */
  function move(): boolean {
    let moved = false;
    for (let i = 0; i < n; i++) {
      const s = w.state[i]!;
      let v = x[i]! + w.p[i]! / d[i]!;
      if (s === AT_LOWER || v < lower[i]!) v = lower[i]!;
      else if (s === AT_UPPER || v > upper[i]!) v = upper[i]!;
      xt[i] = v;
      if (v !== x[i]!) moved = true;
    }
    return moved;
  }

  /** Half the squared scaled gradient, without what pushes against a limit that x lies on: how far from stationary. */
  function steepness(): number {
    let s = 0;
    for (let i = 0; i < n; i++) {
      const inside = gs[i]! > 0 ? lo[i]! < 0 : hi[i]! > 0;
      if (inside) s += gs[i]! * gs[i]!;
    }
    return 0.5 * s;
  }

  function run(f: Objective, x0: Float64Array, options: NewtonOptions, maxIterations: number): MinimizeResult {
    const full: FullObjective | Required<Objective> =
      f.hessian && f.gradient ? (f as Required<Objective>) : complete(f, x0, options);
    const counting = "calls" in full ? (full as FullObjective) : undefined;
    const calls = counting?.calls;
    const exact = counting?.exactHessian ?? true;
    const errorDef = options.errorDef ?? 1;
    const goal = (options.edmGoal ?? 1e-9) * errorDef;
    const maxCalls = options.maxCalls ?? (200 + 100 * n + 5 * n * n) * (exact ? 1 : 20);
    const { signal, wantsHessian = false } = options;
    nfev = ngrad = nhess = 0;
    atEnd = true;
    for (let i = 0; i < n; i++) {
      lower[i] = options.lower?.[i] ?? Number.NEGATIVE_INFINITY;
      upper[i] = options.upper?.[i] ?? Number.POSITIVE_INFINITY;
      unit[i] = guessScale(x0[i]!, options.steps?.[i], lower[i]!, upper[i]!);
      xt[i] = Math.min(Math.max(x0[i]!, lower[i]!), upper[i]!);
    }
    let fx = derivatives(full);
    takeTrial();
    let edm = Number.POSITIVE_INFINITY;
    let iterations = 0;
    let message = "";
    let direction: Float64Array | undefined;

    const end = (reason: StopReason): MinimizeResult => {
      const atBound = new Uint8Array(n);
      for (let i = 0; i < n; i++) if (x[i] === lower[i] || x[i] === upper[i]) atBound[i] = 1;
      const limits = words.limitsInWords(x, atBound, options);
      if (reason === "converged") message = limits === "" ? words.SUCCESS : `${words.SUCCESS.slice(0, -1)}; ${limits}.`;
      else if (reason === "no progress") message = words.stuckInWords(edm, limits);
      else if (reason === "call limit") message = words.callLimitInWords(maxCalls, edm, limits);
      else if (reason === "non-finite") message = words.nonFiniteInWords(fx);
      else if (reason === "aborted") message = words.ABORTED;
      return {
        x: x.slice(),
        value: fx,
        success: reason === "converged",
        reason,
        message,
        edm,
        nfev: calls?.nfev ?? nfev,
        ngrad: calls?.ngrad ?? ngrad,
        nhess: calls?.nhess ?? nhess,
        iterations,
        direction,
        atBound,
      };
    };

    if (!Number.isFinite(fx)) {
      fx = value(full, x);
      return end("non-finite");
    }
    let radius = START_RADIUS * Math.sqrt(2 * errorDef * n);
    let shift = 1e-9; // lambda that made the last indefinite Hessian positive definite
    let trusting = true;
    let rejected = 0;
    let stalls = 0;
    let escapes = 0;
    let lastEdm = Number.POSITIVE_INFINITY;
    let steps = 0;
    let mark = fx;
    let hasFisher = scale(true);

    for (;;) {
      const noise = 16 * EPS * Math.abs(fx);
      let model = hs;
      let lambda = 0;
      const positive = solveBox(w, hs, gs, 0, lo, hi);
      if (positive) {
        edm = -w.change;
        if (edm <= goal) {
          const flat = flatParameter(full, x0, options);
          if (flat >= 0) {
            const v = vector();
            v[flat] = 1;
            direction = v;
            message = words.flatInWords(v, v);
            return end("flat direction");
          }
          polish(noise);
          return end("converged");
        }
      } else {
        let ok = hasFisher && solveBox(w, (model = fs), gs, 0, lo, hi);
        let stationary = ok && -w.change <= goal;
        if (!ok) {
          model = hasFisher ? fs : hs;
          lambda = shift / 10;
          while (!ok && lambda < 1e12) {
            lambda = Math.max(1e-10, lambda * 10);
            ok = solveBox(w, model, gs, lambda, lo, hi);
          }
          // nearer to the smallest shift that does: a large one shortens the other directions too
          for (let k = 0, low = lambda / 10; k < 3 && lambda > 1e-8; k++) {
            const middle = Math.sqrt(low * lambda);
            if (solveBox(w, model, gs, middle, lo, hi)) lambda = middle;
            else low = middle;
          }
          ok = solveBox(w, model, gs, lambda, lo, hi);
          shift = lambda;
          stationary = steepness() <= goal;
        }
        edm = Math.max(-w.change, steepness());
        if (stationary) {
          const { eigenvalue, v } = softest(hs, w.state, n);
          const negative = eigenvalue < -1e-9;
          if (negative && escapes++ < 20 && descend(v, noise)) continue;
          direction = inUnits(v, d);
          const isNegative = eigenvalue < (exact ? -1e-6 : -1e-3);
          message = isNegative ? words.negativeInWords(direction, v) : words.flatInWords(direction, v);
          return end(isNegative ? "non-positive curvature" : "flat direction");
        }
      }
      if (signal?.aborted) return end("aborted");
      if ((calls?.nfev ?? nfev) >= maxCalls) return end("call limit");
      if (iterations >= maxIterations) return end("no progress");
      if (++steps % PATIENCE === 0) {
        if (mark - fx < IDLE * errorDef) return end("no progress");
        mark = fx;
      }

      // shrink the step to the region: Newton on 1/radius - 1/|p(lambda)| [Nocedal & Wright, section 4.3]
      let size = length(w.p);
      if (size > 1.1 * radius) {
        let tooLong = lambda;
        let tooShort = Number.POSITIVE_INFINITY;
        for (let k = 0; k < 30 && !(size <= 1.1 * radius && (size >= 0.6 * radius || k > 15)); k++) {
          if (size > radius) tooLong = lambda;
          else tooShort = lambda;
          // parameters held by a limit do not shorten with lambda: keep Newton inside the bracket
          const next = lambda + (((size - radius) / radius) * size * size) / w.curvature;
          const top = Math.min(tooShort, 100 * Math.max(tooLong, 1));
          lambda = next > tooLong && next < top ? next : Math.sqrt(Math.max(tooLong, 1e-4 * top) * top);
          if (!solveBox(w, model, gs, lambda, lo, hi)) size = Number.POSITIVE_INFINITY;
          else size = length(w.p);
        }
        if (!Number.isFinite(size)) {
          radius *= 0.1;
          if (++rejected > 60) return end("no progress");
          continue;
        }
      }
      const predicted = -w.change;
      let ft = Number.NaN;
      const moved = move();
      if (moved) ft = trusting ? derivatives(full) : value(full, xt);
      const gain = fx - ft;
      const inNoise = predicted < 10 * noise && gain > -10 * noise;
      if (!moved || (inNoise && stalls++ > 2)) {
        return end(positive && edm <= GOOD_ENOUGH * errorDef ? "converged" : "no progress");
      }
      const ratio = inNoise ? 1 : gain / predicted;
      let accept = ratio > 1e-4 && Number.isFinite(ft);
      if (accept && !trusting) {
        ft = derivatives(full);
        accept = Number.isFinite(ft);
      }
      if (!accept) {
        if (++rejected > 60) return end(positive && edm <= GOOD_ENOUGH * errorDef ? "converged" : "no progress");
        radius = size * shrink(ft - fx, predicted);
        trusting = false;
        continue;
      }
      if (!inNoise && edm < 0.5 * lastEdm) stalls = 0;
      lastEdm = edm;
      rejected = 0;
      trusting = ratio > 0.1;
      if (ratio < 0.25) radius = 0.5 * size;
      else if (ratio > 0.75 && size > 0.8 * radius) radius = 3 * size;
      fx = ft;
      takeTrial();
      iterations++;
      hasFisher = scale(false);
    }

    /** Goes down along v, if the function does, on either side; leaves the new point scaled. */
    function descend(v: Float64Array, noise: number): boolean {
      for (const t of [1, -1, 0.1, -0.1, 10, -10, 0.01, -0.01, 1e-3, -1e-3]) {
        w.state.fill(FREE);
        for (let i = 0; i < n; i++) w.p[i] = t * Math.sqrt(2 * errorDef) * v[i]!;
        if (!move() || !(value(full, xt) < fx - noise)) continue;
        const ft = derivatives(full);
        if (!Number.isFinite(ft)) continue;
        fx = ft;
        takeTrial();
        iterations++;
        radius = Math.max(radius, 3 * Math.sqrt(2 * errorDef));
        hasFisher = scale(false);
        return true;
      }
      return false;
    }

    /** The last full step, kept if the derivatives there say it is nearer. */
    function polish(noise: number): void {
      if (edm <= EXACT * errorDef || !move()) return;
      const ft = wantsHessian ? derivatives(full) : slope(full);
      if (!(ft <= fx + noise)) return;
      const swap = wantsHessian ? takeTrial : swapGradients;
      swap();
      if (wantsHessian) scale(false);
      else scaleGradient();
      if (solveBox(w, hs, gs, 0, lo, hi) && -w.change <= edm) {
        edm = Math.max(0, -w.change);
        fx = ft;
        atEnd = wantsHessian;
        return;
      }
      swap();
    }
  }

  /** A free parameter whose standard deviation is beyond all proportion to its value, start and step: it has no influence. */
  function flatParameter(f: Required<Objective>, x0: Float64Array, options: MinimizeOptions): number {
    for (let i = 0; i < n; i++) {
      if (w.state[i] !== FREE) continue;
      const natural = Math.max(Math.abs(x[i]!), Math.abs(x0[i]!), unit[i]!);
      const hii = h[i * n + i]!;
      // in the common case nothing is evaluated
      if (!isDoubtful(hii, natural, options.errorDef ?? 1)) continue;
      if (hasNoInfluence(f, x, f.value(x), i, hii, natural, options)) return i;
    }
    return -1;
  }

  return {
    minimize: (f, x0, options = {}) => run(f, x0, options, Number.POSITIVE_INFINITY),
    confirm: (f, x0, options = {}) => run(f, x0, options, 0),
    get last() {
      return { hessian: h, gradient: g, atEnd };
    },
  };
}

/** By how much to shrink the region: the minimum of the parabola through the slope and the new value, within [0.1, 0.5]. */
function shrink(rise: number, predicted: number): number {
  if (!Number.isFinite(rise)) return 0.25;
  return Math.min(0.5, Math.max(0.1, predicted / (rise + 2 * predicted)));
}

export const newton: Minimizer = {
  name: "newton",
  method: "trust region",
  about: "Trust region with the exact Hessian, damped along the Fisher matrix; converges from far away.",
  minimize: (f, x0, options) => createNewton(f.n).minimize(f, x0, options),
};
