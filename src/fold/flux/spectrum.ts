import { gradientByDifferences, hessianByDifferences } from "../../math/differences.js";
import { integratePowerLaw, NODES_OF_JUMPS, nodeCount } from "../../math/quadrature.js";
import type { SpectralFunction } from "../../models/declaration.js";
import { stepsOf } from "../../models/jumps.js";
import { shiftedFunction } from "./calibrated.js";
import { logLinearIntegrals, logLinearPoints } from "./log-linear.js";
import { logLinearSegments } from "./log-segments.js";
import { movingJumps } from "./moving-jumps.js";
import { refinable } from "./refinable.js";
import { type NodeFunction, pointValues, trapezoidIntegrals } from "./trapezoid.js";
import type { FluxVector } from "./types.js";

/** Largest relative difference between the quick sum and the trapezoid that it stands for. */
const AGREEMENT = 1e-8;

/**
 * Fluxes [cm-2 s-1] of a spectrum in the bins of `edges` [TeV], by the rules of Gammapy: a closed form where the model has one, else the
 * power-law trapezoid. `p` are all parameters, `free` the indices of those that vary.
 */
export function integralVector(
  f: SpectralFunction,
  p: Float64Array,
  free: readonly number[],
  edges: Float64Array,
): FluxVector {
  const nodes = nodesOf(f, edges);
  const basis = isClosed(f) ? null : f.logBasis?.(p, flags(p.length, free));
  if (basis) {
    const quick = logLinearIntegrals(basis, p, free, edges, nodes);
    if (f.powerLawSegments === true) return quick;
    const exact = () => logLinearSegments(basis, p, free, edges, nodes);
    const isOff = (x: Float64Array, first: number, last: number) =>
      !agrees(quick, f, withFree(p, free, x), edges, nodes, first, last);
    const start = Float64Array.from(free, (i) => p[i]!);
    quick.update(start, 0, 0);
    return isOff(start, 0, quick.size) ? exact() : refinable({ quick, exact, isOff });
  }
  return plainIntegrals(f, p, free, edges, nodes);
}

/** The same once, at parameters p: without what is prepared for many evaluations. */
export function integralsAt(f: SpectralFunction, p: Float64Array, edges: Float64Array): Float64Array {
  const vector = plainIntegrals(f, p, [], edges, nodesOf(f, edges));
  vector.update(new Float64Array(0), 0, 0);
  return vector.s;
}

const isClosed = (f: SpectralFunction) => f.integral !== undefined && f.powerLawSegments !== true;
const nodesOf = (f: SpectralFunction, edges: Float64Array) =>
  f.powerLawSegments === true ? 2 : nodeCount(edges, f.jumps && NODES_OF_JUMPS);

function plainIntegrals(
  f: SpectralFunction,
  p: Float64Array,
  free: readonly number[],
  edges: Float64Array,
  nodes: number,
): FluxVector {
  if (isClosed(f)) {
    const integral = f.integral!.bind(f);
    const bins = Float64Array.from({ length: edges.length - 1 }, (_, t) => t);
    return pointValues(
      nodeFunction((t, q) => integral(edges[t]!, edges[t + 1]!, q), undefined, p, free),
      p,
      free,
      bins,
    );
  }
  const node = nodeFunction(f.evaluate.bind(f), f.derivatives?.bind(f), p, free);
  const sums = trapezoidIntegrals(node, p, free, edges, nodes, f.jumps);
  const moved = [...stepsOf(f.jumps ?? [], p)].filter(([i]) => free.includes(i));
  return moved.length === 0 ? sums : movingJumps(sums, new Map(moved.map(([i, step]) => [free.indexOf(i), step])));
}

/** The same of the spectrum dnde(E / s) / s, where s is one more free parameter, the last; `shift` is its value at the start. */
export function shiftedIntegralVector(
  f: SpectralFunction,
  p: Float64Array,
  free: readonly number[],
  edges: Float64Array,
  shift: number,
): FluxVector {
  const basis = isClosed(f) ? null : f.logBasis?.(p, flags(p.length, free));
  if (basis) return logLinearSegments(basis, p, free, edges, nodesOf(f, edges), shift);
  return integralVector(...shifted(f, p, free, shift), edges);
}

/** Values at energies e [TeV] of the spectrum dnde(E / s) / s. */
export function shiftedValueVector(
  f: SpectralFunction,
  p: Float64Array,
  free: readonly number[],
  e: Float64Array,
  shift: number,
): FluxVector {
  return valueVector(...shifted(f, p, free, shift), e);
}

function shifted(
  f: SpectralFunction,
  p: Float64Array,
  free: readonly number[],
  shift: number,
): [SpectralFunction, Float64Array, readonly number[]] {
  return [shiftedFunction(f, p.length), Float64Array.of(...p, shift), [...free, p.length]];
}

/** Values of a spectrum at energies e [TeV]. */
export function valueVector(
  f: SpectralFunction,
  p: Float64Array,
  free: readonly number[],
  e: Float64Array,
): FluxVector {
  const basis = f.logBasis?.(p, flags(p.length, free));
  if (basis) return logLinearPoints(basis, p, free, e);
  return pointValues(nodeFunction(f.evaluate.bind(f), f.derivatives?.bind(f), p, free), p, free, e);
}

function flags(n: number, free: readonly number[]): boolean[] {
  return Array.from({ length: n }, (_, i) => free.includes(i));
}

/** All parameters, the free ones from x. */
function withFree(p: Float64Array, free: readonly number[], x: Float64Array): Float64Array {
  const all = p.slice();
  free.forEach((i, a) => {
    all[i] = x[a]!;
  });
  return all;
}

/** Whether quick sums, up to date at parameters p, are those of the trapezoid in bins [first, last). */
function agrees(
  quick: FluxVector,
  f: SpectralFunction,
  p: Float64Array,
  edges: Float64Array,
  nodes: number,
  first: number,
  last: number,
): boolean {
  const evaluate = (e: number) => f.evaluate(e, p);
  for (let t = first; t < last; t++) {
    const exact = integratePowerLaw(evaluate, edges[t]!, edges[t + 1]!, nodes);
    if (!Number.isFinite(exact) || !(Math.abs(quick.s[t]! - exact) <= AGREEMENT * Math.abs(exact))) return false;
  }
  return true;
}

/** Value and derivatives by the free parameters: exact where the model has them, by differences where not. */
function nodeFunction(
  evaluate: (e: number, p: Float64Array) => number,
  derivatives: SpectralFunction["derivatives"],
  p0: Float64Array,
  free: readonly number[],
): NodeFunction {
  const n = free.length;
  if (derivatives !== undefined) {
    const total = p0.length;
    const gAll = new Float64Array(total);
    const hAll = new Float64Array(total * total);
    return (e, p, g, h, order) => {
      if (order === 0) return evaluate(e, p);
      const value = derivatives(e, p, gAll, hAll);
      for (let a = 0; a < n; a++) {
        g[a] = gAll[free[a]!]!;
        if (order === 2) for (let b = 0; b < n; b++) h[a * n + b] = hAll[free[a]! * total + free[b]!]!;
      }
      return value;
    };
  }
  const q = p0.slice();
  const x = new Float64Array(n);
  const steps = new Float64Array(n);
  let energy = 0;
  const along = (y: Float64Array) => {
    for (let a = 0; a < n; a++) q[free[a]!] = y[a]!;
    return evaluate(energy, q);
  };
  return (e, p, g, h, order) => {
    const value = evaluate(e, p);
    if (order === 0) return value;
    energy = e;
    q.set(p);
    for (let a = 0; a < n; a++) {
      x[a] = p[free[a]!]!;
      steps[a] = 0.05 * (Math.abs(x[a]!) || 1);
    }
    gradientByDifferences(along, x, steps, g);
    if (order === 2) hessianByDifferences(along, x, steps, h);
    return value;
  };
}
