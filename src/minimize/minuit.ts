import { toExternal, toInternal } from "./minuit/coordinates.js";
import { lineSearch } from "./minuit/line-search.js";
import { keepCurvature, seedDiagonal, seedMetric, setDirection, updateMetric } from "./minuit/metric.js";
import { createSearch, gradientAt, isOver, type Search } from "./minuit/state.js";
import { confirmMinimum, createNewton } from "./newton.js";
import type { MinimizeOptions, MinimizeResult, Minimizer, Objective, Stop } from "./types.js";

const EPSILON = 2 ** -52;
/** EDM goal of Migrad at its default tolerance 0.1: 0.002 tol errorDef. */
const EDM_GOAL = 2e-4;
const MAX_RESTARTS = 20;

/**
 * Variable metric in internal coordinates, after Migrad [James & Roos 1975, Comput. Phys. Commun. 10, 343], with BFGS updates (DFP updates lose
 * curvature on correlated likelihoods). The metric starts from the inverse Hessian or Fisher matrix where there is one. A point counts only
 * when the Hessian there confirms its EDM; else the metric starts again from that Hessian.
 */
function minimize(f: Objective, x0: Float64Array, options: MinimizeOptions = {}): MinimizeResult {
  const s = createSearch(f, x0, options);
  const edmGoal = options.edmGoal ?? EDM_GOAL;
  const goal = edmGoal * s.errorDef;
  const newton = createNewton(s.n);
  toInternal(s.coordinates, x0, s.u);
  s.value = gradientAt(s, s.u, s.g);
  if (!Number.isFinite(s.value) || !s.g.every(Number.isFinite)) {
    return failure(s, { reason: "non-finite" }, Number.POSITIVE_INFINITY);
  }
  if (!seedFromHessian(s)) seedDiagonal(s);
  let confirmed: MinimizeResult | undefined;
  for (let restart = 0; restart < MAX_RESTARTS; restart++) {
    const edm = descend(s, 0.1 * goal * 0.1 ** restart);
    if (options.signal?.aborted) return failure(s, { reason: "aborted" }, edm);
    if (isOver(s)) return failure(s, { reason: "call limit", maxCalls: s.maxCalls }, edm);
    toExternal(s.coordinates, s.u, s.x);
    confirmed = confirmMinimum(newton, s.f, s.x, { ...options, edmGoal });
    if (confirmed.stop.reason !== "no progress") break;
    s.value = confirmed.value;
    toInternal(s.coordinates, confirmed.x, s.u);
    const { hessian, gradient } = newton.at;
    keepCurvature(s, hessian);
    const isSeeded = seedMetric(s, hessian, gradient);
    s.value = gradientAt(s, s.u, s.g);
    if (!isSeeded) seedDiagonal(s);
  }
  const { nfev, ngrad, nhess } = s.f.calls;
  return { ...confirmed!, nfev, ngrad, nhess, iterations: s.iterations };
}

/** The first metric from second derivatives where the function has a gradient of its own; false where there is none. */
function seedFromHessian(s: Search): boolean {
  const { n, f, coordinates, u, x, gx } = s;
  if (!f.exactGradient) return false;
  const hessian = new Float64Array(n * n);
  const fisher = new Float64Array(n * n);
  fisher[0] = Number.NaN;
  toExternal(coordinates, u, x);
  f.hessian(x, gx, hessian, fisher);
  const hasFisher = !Number.isNaN(fisher[0]!);
  keepCurvature(s, hasFisher ? fisher : hessian);
  return (hasFisher && seedMetric(s, fisher, undefined)) || seedMetric(s, hessian, gx);
}

/** Steps until the EDM in the metric is small or no step helps; returns that EDM. */
function descend(s: Search, enough: number): number {
  let edm = Number.POSITIVE_INFINITY;
  let isFresh = true; // no update since the metric was set: to set it again would not help
  while (!isOver(s)) {
    const slope = setDirection(s);
    edm = -0.5 * slope;
    const isUphill = !(slope < 0) && edm !== 0;
    if (!isUphill && (edm <= enough || edm < 16 * EPSILON * Math.abs(s.value))) return edm;
    const alpha = isUphill ? 0 : lineSearch(s, slope);
    if (alpha === 0) {
      if (isFresh) return edm;
      seedDiagonal(s);
      isFresh = true;
      continue;
    }
    if (!takeStep(s, alpha)) return edm;
    isFresh = false;
  }
  return edm;
}

/** Goes to u + alpha d; false if the gradient there is not finite. */
function takeStep(s: Search, alpha: number): boolean {
  const { n, u, d, g, trial, gTrial } = s;
  for (let i = 0; i < n; i++) trial[i] = u[i]! + alpha * d[i]!;
  s.value = gradientAt(s, trial, gTrial);
  if (!gTrial.every(Number.isFinite)) return false;
  updateMetric(s, alpha);
  u.set(trial);
  g.set(gTrial);
  s.iterations++;
  return true;
}

/** Where no Hessian has confirmed the point. Internal coordinates come to a limit by rounding only, so none is reported. */
function failure(s: Search, stop: Stop, edm: number): MinimizeResult {
  const { x, u, value, coordinates, iterations } = s;
  const { nfev, ngrad, nhess } = s.f.calls;
  toExternal(coordinates, u, x);
  return { x: x.slice(), value, success: false, stop, edm, nfev, ngrad, nhess, iterations, limits: [] };
}

export const minuit: Minimizer = {
  name: "minuit",
  method: "variable metric",
  about:
    "Variable metric after Migrad (BFGS updates), for functions without second derivatives; confirmed by a Hessian.",
  minimize,
};
