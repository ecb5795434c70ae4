import { type CutNodes, cutNodes } from "../../math/cuts.js";
import { sinhcDerivatives } from "../../math/quadrature.js";
import { type Jumps, jumpsAt, movedBy } from "../../models/jumps.js";
import type { Node, Sums } from "./segment-sums.js";
import { type FluxVector, packedLength } from "./types.js";
import { addZeroSegment } from "./zero-segment.js";

/** Value, gradient [n] and Hessian [n, n] of a spectrum at one energy, with respect to its free parameters. */
export type NodeFunction = (e: number, p: Float64Array, g: Float64Array, h: Float64Array, order: 0 | 1 | 2) => number;

/**
 * Integrals over bins by the power-law trapezoid on geometric nodes (Gammapy's integrate_spectrum), with the derivatives of the same
 * sum: between two nodes, with F = E dnde and h = ln(E1/E0), the integral is h sqrt(F0 F1) sinhc(ln(F1/F0) / 2).
 */
export function trapezoidIntegrals(
  f: NodeFunction,
  p0: Float64Array,
  free: readonly number[],
  edges: Float64Array,
  nodes: number,
  jumps: readonly Jumps[] = [],
): FluxVector {
  const cutAt = cutBins(jumps, edges, nodes);
  const size = edges.length - 1;
  const n = free.length;
  const p = p0.slice();
  const slots = Int32Array.from(free);
  const sums: Sums = {
    n,
    s: new Float64Array(size),
    ds: new Float64Array(size * n),
    d2s: new Float64Array(size * packedLength(n)),
    left: newNode(n),
    right: newNode(n),
    shape: new Float64Array(3),
  };
  const { s, ds, d2s } = sums;
  let first = 0;
  let last = size;

  return {
    size,
    n,
    s,
    ds,
    d2s,
    limit(from, to) {
      first = from;
      last = to;
    },
    update(x, at, order) {
      for (let a = 0; a < n; a++) p[slots[a]!] = x[at + a]!;
      const cut = cutAt(p);
      s.fill(0);
      ds.fill(0);
      d2s.fill(0);
      for (let t = first; t < last; t++) {
        const e0 = edges[t]!;
        const e1 = edges[t + 1]!;
        const own = cut.get(t);
        if (own !== undefined) {
          addNodes(sums, t, own, (node, e, at) => evaluate(f, node, e, p, order, at), order);
          continue;
        }
        const step = Math.log(e1 / e0) / (nodes - 1);
        evaluate(f, sums.left, e0, p, order);
        for (let k = 1; k < nodes; k++) {
          evaluate(f, sums.right, k === nodes - 1 ? e1 : e0 * Math.exp(k * step), p, order);
          if (sums.left.sign * sums.right.sign < 0) addLine(sums, t, order);
          else addSegment(sums, t, step, order);
          const { left } = sums;
          sums.left = sums.right;
          sums.right = left;
        }
      }
    },
  };
}

/** The nodes of the bins in which a spectrum jumps; made anew where its jumps have moved. */
function cutBins(
  jumps: readonly Jumps[],
  edges: Float64Array,
  nodes: number,
): (p: Float64Array) => ReadonlyMap<number, CutNodes> {
  const moving = movedBy(jumps);
  const last = new Float64Array(moving.length).fill(Number.NaN);
  const cut = new Map<number, CutNodes>();
  let isKnown = jumps.length === 0;
  return (p) => {
    if (isKnown && moving.every((i, k) => p[i] === last[k])) return cut;
    isKnown = true;
    moving.forEach((i, k) => {
      last[k] = p[i]!;
    });
    cut.clear();
    const energies = jumpsAt(jumps, p);
    for (let t = 0; t + 1 < edges.length; t++) {
      const own = cutNodes(edges[t]!, edges[t + 1]!, nodes, energies);
      if (own !== undefined) cut.set(t, own);
    }
    return cut;
  };
}

function addNodes(
  sums: Sums,
  t: number,
  { nodes, at }: CutNodes,
  evaluateAt: (node: Node, e: number, at: number) => void,
  order: 0 | 1 | 2,
): void {
  evaluateAt(sums.left, nodes[0]!, at[0]!);
  for (let k = 1; k < nodes.length; k++) {
    evaluateAt(sums.right, nodes[k]!, at[k]!);
    // of the two nodes at a jump there is nothing between
    if (nodes[k]! > nodes[k - 1]!) {
      if (sums.left.sign * sums.right.sign < 0) addLine(sums, t, order);
      else addSegment(sums, t, Math.log(nodes[k]! / nodes[k - 1]!), order);
    }
    const { left } = sums;
    sums.left = sums.right;
    sums.right = left;
  }
}

/** Values at energies e [size], TeV. */
export function pointValues(f: NodeFunction, p0: Float64Array, free: readonly number[], e: Float64Array): FluxVector {
  const n = free.length;
  const nn = packedLength(n);
  const p = p0.slice();
  const s = new Float64Array(e.length);
  const ds = new Float64Array(e.length * n);
  const d2s = new Float64Array(e.length * nn);
  const slots = Int32Array.from(free);
  const g = new Float64Array(n);
  const h = new Float64Array(n * n);
  return {
    size: e.length,
    n,
    s,
    ds,
    d2s,
    update(x, at, order) {
      for (let a = 0; a < n; a++) p[slots[a]!] = x[at + a]!;
      for (let t = 0; t < e.length; t++) {
        s[t] = f(e[t]!, p, g, h, order);
        if (order === 0) continue;
        for (let a = 0; a < n; a++) ds[t * n + a] = g[a]!;
        if (order === 1) continue;
        for (let a = 0, i = t * nn; a < n; a++) for (let b = 0; b <= a; b++) d2s[i++] = h[a * n + b]!;
      }
    },
  };
}

function newNode(n: number): Node {
  return { e: 0, sign: 0, l: 0, g: new Float64Array(n), h: new Float64Array(n * n) };
}

/** The node at e; `at`: the energy beside it whose value counts, where the spectrum jumps at e. */
function evaluate(f: NodeFunction, node: Node, e: number, p: Float64Array, order: 0 | 1 | 2, at = e): void {
  const y = f(at, p, node.g, node.h, order);
  node.e = e;
  node.sign = Math.sign(y);
  node.l = Math.log(Math.abs(y) * e);
  if (order === 0 || y === 0) return;
  const { g, h } = node;
  const n = g.length;
  for (let a = 0; a < n; a++) g[a]! /= y;
  if (order === 2)
    for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) h[a * n + b] = h[a * n + b]! / y - g[a]! * g[b]!;
}

/** Adds the segment, of width `step` in ln E, to bin t. */
function addSegment(sums: Sums, t: number, step: number, order: 0 | 1 | 2): void {
  const { n, s, ds, d2s, left: a, right: b, shape } = sums;
  const nn = packedLength(n);
  // a node that is zero has no power law through it: the reference adds nothing for the segment
  if (!(a.sign * b.sign > 0) || !Number.isFinite(a.l + b.l)) {
    // parameters outside of the domain of the model are no flux of 0: a fit has to see it
    if (Number.isNaN(a.sign * b.sign)) s[t] = Number.NaN;
    // nor is one too large for a number
    else if (a.l === Number.POSITIVE_INFINITY) s[t]! += a.sign * a.l;
    else if (b.l === Number.POSITIVE_INFINITY) s[t]! += b.sign * b.l;
    else if (a.sign === 0 && b.sign === 0) addZeroSegment(sums, t, step, order);
    return;
  }
  const v = (b.l - a.l) / 2;
  const e = a.sign * step * Math.exp((a.l + b.l) / 2);
  sinhcDerivatives(v, shape);
  const h0 = shape[0]!;
  const h1 = shape[1]!;
  const h2 = shape[2]!;
  s[t]! += e * h0;
  if (order === 0) return;
  for (let i = 0; i < n; i++) {
    const mi = (a.g[i]! + b.g[i]!) / 2;
    const vi = (b.g[i]! - a.g[i]!) / 2;
    ds[t * n + i]! += e * (h0 * mi + h1 * vi);
    if (order === 1) continue;
    for (let j = 0; j <= i; j++) {
      const mj = (a.g[j]! + b.g[j]!) / 2;
      const vj = (b.g[j]! - a.g[j]!) / 2;
      const mij = (a.h[i * n + j]! + b.h[i * n + j]!) / 2;
      const vij = (b.h[i * n + j]! - a.h[i * n + j]!) / 2;
      d2s[t * nn + (i * (i + 1)) / 2 + j]! +=
        e * (h0 * (mi * mj + mij) + h1 * (mi * vj + mj * vi + vij) + h2 * vi * vj);
    }
  }
}

/** The same for a segment in which the spectrum changes its sign, so that no power law goes through both nodes: a line does. */
function addLine(sums: Sums, t: number, order: 0 | 1 | 2): void {
  const { n, s, ds, d2s, left: a, right: b } = sums;
  const nn = packedLength(n);
  const half = (b.e - a.e) / 2;
  const ya = (half * a.sign * Math.exp(a.l)) / a.e;
  const yb = (half * b.sign * Math.exp(b.l)) / b.e;
  s[t]! += ya + yb;
  if (order === 0) return;
  for (let i = 0; i < n; i++) {
    ds[t * n + i]! += ya * a.g[i]! + yb * b.g[i]!;
    if (order === 1) continue;
    for (let j = 0; j <= i; j++) {
      const k = i * n + j;
      d2s[t * nn + (i * (i + 1)) / 2 + j]! += ya * (a.h[k]! + a.g[i]! * a.g[j]!) + yb * (b.h[k]! + b.g[i]! * b.g[j]!);
    }
  }
}
