import { gaussLegendre } from "../../math/quadrature.js";
import type { LogBasis } from "../../models/declaration.js";
import { type FluxVector, packedIndex, packedLength } from "./types.js";

/**
 * Fluxes of a model whose ln dnde is linear in its parameters: S_t = A sum_k exp(off_k + sum_j theta_j phi_jk). No model is evaluated and
 * no logarithm taken; where the phi_j are quadratic along the bins (power laws, log parabolas on a geometric axis), the exponentials
 * follow from their neighbours by two multiplications.
 */

/** Nodes k of the sum, ordered so that node q of bin t is at q * nBins + t. */
interface NodeTable {
  readonly nBins: number;
  readonly perBin: number;
  /** [perBin * nBins] */
  readonly offset: Float64Array;
  /** one [perBin * nBins] for each free basis function */
  readonly phi: readonly Float64Array[];
}

/** Restart the recurrence after this many steps: its error grows with the square, 16^2 / 2 roundings are 3e-14. */
const MAX_CHAIN = 16;

/** Values at energies e [n], TeV, times `factor` [n]. */
export function logLinearPoints(
  basis: LogBasis,
  p: Float64Array,
  free: readonly number[],
  e: Float64Array,
): FluxVector {
  const active = basis.parameters.filter((i) => free.includes(i));
  const offset = new Float64Array(e.length);
  const phi = active.map(() => new Float64Array(e.length));
  for (let t = 0; t < e.length; t++) {
    offset[t] = frozenPart(basis, p, free, e[t]!);
    active.forEach((i, j) => {
      phi[j]![t] = basis.basis(e[t]!, basis.parameters.indexOf(i));
    });
  }
  return build({ nBins: e.length, perBin: 1, offset, phi }, basis, p, free, active);
}

/**
 * Integrals over the bins of `edges` [n + 1], TeV. The power-law trapezoid of Gammapy with `nodes` nodes integrates exp of the
 * piecewise linear interpolation of ln(E dnde) in u = ln E. That interpolation exceeds a smooth function phi by h^2/12 phi'' on average
 * (h: node distance), and what is left is smooth, so a few Gauss-Legendre nodes a bin replace the segments.
 */
export function logLinearIntegrals(
  basis: LogBasis,
  p: Float64Array,
  free: readonly number[],
  edges: Float64Array,
  nodes: number,
): FluxVector {
  const nBins = edges.length - 1;
  let width = 0;
  for (let t = 0; t < nBins; t++) width = Math.max(width, Math.log(edges[t + 1]! / edges[t]!));
  const perBin = gaussNodes(width);
  const rule = gaussLegendre(perBin);
  const active = basis.parameters.filter((i) => free.includes(i));
  const offset = new Float64Array(perBin * nBins);
  const phi = active.map(() => new Float64Array(perBin * nBins));
  for (let t = 0; t < nBins; t++) {
    const u0 = Math.log(edges[t]!);
    const du = Math.log(edges[t + 1]! / edges[t]!);
    const h = du / (nodes - 1);
    for (let q = 0; q < perBin; q++) {
      const k = q * nBins + t;
      const u = u0 + (du * (1 + rule.nodes[q]!)) / 2;
      offset[k] = Math.log((rule.weights[q]! * du) / 2) + u + interpolated((e) => frozenPart(basis, p, free, e), u, h);
      active.forEach((i, j) => {
        phi[j]![k] = interpolated((e) => basis.basis(e, basis.parameters.indexOf(i)), u, h);
      });
    }
  }
  return build({ nBins, perBin, offset, phi }, basis, p, free, active);
}

/** Mean of the piecewise linear interpolation (node distance h in ln E) of f near u. */
function interpolated(f: (e: number) => number, u: number, h: number): number {
  const centre = f(Math.exp(u));
  if (h === 0) return centre;
  return centre + (f(Math.exp(u + h)) - 2 * centre + f(Math.exp(u - h))) / 12;
}

function frozenPart(basis: LogBasis, p: Float64Array, free: readonly number[], e: number): number {
  let sum = basis.offset(e);
  basis.parameters.forEach((i, j) => {
    if (!free.includes(i)) sum += p[i]! * basis.basis(e, j);
  });
  return sum;
}

/** Smallest Gauss-Legendre rule that integrates exp(4 u) over a bin of this width to 1e-8; for the slopes of real spectra, below 2, that leaves 1e-10. */
function gaussNodes(width: number): number {
  const x = 2 * width;
  const exact = Math.sinh(x) / x;
  for (let n = 1; n < 64; n++) {
    const { nodes, weights } = gaussLegendre(n);
    let sum = 0;
    for (let q = 0; q < n; q++) sum += weights[q]! * Math.exp(x * nodes[q]!);
    if (Math.abs(sum / 2 / exact - 1) < 1e-8) return n;
  }
  return 64;
}

/** Chains of equidistant quadratic steps over bins [first, last): first and last node of each, one after the other. */
function chains(table: NodeTable, first: number, last: number): Int32Array {
  const { nBins, perBin, offset, phi } = table;
  const all = [offset, ...phi];
  const ends: number[] = [];
  for (let q = 0; q < perBin && last > first; q++) {
    let start = q * nBins + first;
    const end = q * nBins + last;
    for (let k = start + 1; k < end; k++) {
      if (k - start >= MAX_CHAIN || (k - start > 2 && !all.every((a) => continues(a, start, k)))) {
        ends.push(start, k);
        start = k;
      }
    }
    ends.push(start, end);
  }
  return Int32Array.from(ends);
}

function continues(a: Float64Array, start: number, k: number): boolean {
  const i = k - start;
  const d1 = a[start + 1]! - a[start]!;
  const d2 = a[start + 2]! - 2 * a[start + 1]! + a[start]!;
  const predicted = a[start]! + i * d1 + ((i * (i - 1)) / 2) * d2;
  return Math.abs(predicted - a[k]!) < 1e-12 * Math.max(1, Math.abs(a[k]!));
}

function build(
  table: NodeTable,
  basis: LogBasis,
  p: Float64Array,
  free: readonly number[],
  active: readonly number[],
): FluxVector {
  const { nBins, offset, phi } = table;
  let first = 0;
  let last = nBins;
  let ends = chains(table, first, last);
  const nb = active.length;
  const n = free.length;
  const iNorm = free.indexOf(basis.norm);
  const frozenNorm = p[basis.norm]!;
  const position = Int32Array.from(active, (i) => free.indexOf(i));
  const s = new Float64Array(nBins);
  const ds = new Float64Array(nBins * n);
  const nn = packedLength(n);
  const d2s = new Float64Array(nBins * nn);
  const theta = new Float64Array(nb);
  /** exp(...) of each node, and the sums over a bin of w phi_j and w phi_i phi_j. */
  const w = new Float64Array(offset.length);
  const phi0 = phi[0] ?? w;
  const phi1 = phi[1] ?? w;

  const exponent = (k: number): number => {
    let m = offset[k]!;
    for (let j = 0; j < nb; j++) m += theta[j]! * phi[j]![k]!;
    return m;
  };

  function weights(): void {
    for (let c = 0; c < ends.length; c += 2) {
      const k0 = ends[c]!;
      const k1 = ends[c + 1]!;
      const m0 = exponent(k0);
      let e = Math.exp(m0);
      w[k0] = e;
      if (k1 - k0 === 1) continue;
      const m1 = exponent(k0 + 1);
      if (k1 - k0 === 2) {
        w[k0 + 1] = Math.exp(m1);
        continue;
      }
      let q = Math.exp(m1 - m0);
      const r = Math.exp(exponent(k0 + 2) - 2 * m1 + m0);
      for (let k = k0 + 1; k < k1; k++) {
        e *= q;
        q *= r;
        w[k] = e;
      }
    }
  }

  /** One or two free shape parameters: the common cases, unrolled. */
  function sumsOfTwo(order: 0 | 1 | 2, amplitude: number): void {
    const a = nb > 0 ? position[0]! : 0;
    const b = nb > 1 ? position[1]! : 0;
    const lo = Math.min(a, b);
    const hi = Math.max(a, b);
    for (let t = first; t < last; t++) {
      let s0 = 0;
      let sa = 0;
      let sb = 0;
      let saa = 0;
      let sab = 0;
      let sbb = 0;
      for (let k = t; k < w.length; k += nBins) {
        const e = w[k]!;
        const x = e * phi0[k]!;
        const y = e * phi1[k]!;
        s0 += e;
        sa += x;
        sb += y;
        saa += x * phi0[k]!;
        sab += x * phi1[k]!;
        sbb += y * phi1[k]!;
      }
      s[t] = amplitude * s0;
      if (order === 0) continue;
      if (iNorm >= 0) ds[t * n + iNorm] = s0;
      if (nb > 0) ds[t * n + a] = amplitude * sa;
      if (nb > 1) ds[t * n + b] = amplitude * sb;
      if (order === 1) continue;
      if (nb > 0) d2s[t * nn + (a * (a + 1)) / 2 + a] = amplitude * saa;
      if (nb > 1) {
        d2s[t * nn + (hi * (hi + 1)) / 2 + lo] = amplitude * sab;
        d2s[t * nn + (b * (b + 1)) / 2 + b] = amplitude * sbb;
      }
      if (iNorm >= 0) {
        if (nb > 0) d2s[t * nn + packedIndex(iNorm, a)] = sa;
        if (nb > 1) d2s[t * nn + packedIndex(iNorm, b)] = sb;
      }
    }
  }

  function sums(order: 0 | 1 | 2, amplitude: number): void {
    ds.fill(0);
    d2s.fill(0);
    for (let t = first; t < last; t++) {
      let s0 = 0;
      for (let k = t; k < w.length; k += nBins) {
        const e = w[k]!;
        s0 += e;
        if (order === 0) continue;
        for (let i = 0; i < nb; i++) {
          const a = position[i]!;
          const x = e * phi[i]![k]!;
          ds[t * n + a]! += amplitude * x;
          if (order === 1) continue;
          if (iNorm >= 0) d2s[t * nn + packedIndex(iNorm, a)]! += x;
          for (let j = 0; j <= i; j++) d2s[t * nn + packedIndex(a, position[j]!)]! += amplitude * x * phi[j]![k]!;
        }
      }
      s[t] = amplitude * s0;
      if (order > 0 && iNorm >= 0) ds[t * n + iNorm] = s0;
    }
  }

  return {
    size: nBins,
    n,
    s,
    ds,
    d2s,
    limit(from, to) {
      first = from;
      last = to;
      ends = chains(table, first, last);
      s.fill(0);
      ds.fill(0);
      d2s.fill(0);
    },
    update(x, at, order) {
      for (let j = 0; j < nb; j++) theta[j] = x[at + position[j]!]!;
      const amplitude = iNorm >= 0 ? x[at + iNorm]! : frozenNorm;
      weights();
      if (nb <= 2) sumsOfTwo(order, amplitude);
      else sums(order, amplitude);
    },
  };
}
