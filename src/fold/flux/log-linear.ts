/** Fluxes of models whose ln dnde is linear in their parameters: tables of nodes for the sums of `kernels/log-linear.ts`. */
import { gaussLegendre } from "../../math/quadrature.js";
import type { LogBasis } from "../../models/declaration.js";
import { chainsOf, fillWeights, type LogLinear, type NodeTable, sumsOfMany, sumsOfTwo } from "./kernels/log-linear.js";
import { type FluxVector, packedLength } from "./types.js";

/** Values at energies e [n], TeV. */
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

function build(
  table: NodeTable,
  basis: LogBasis,
  p: Float64Array,
  free: readonly number[],
  active: readonly number[],
): FluxVector {
  const { nBins, offset } = table;
  const n = free.length;
  const frozenNorm = p[basis.norm]!;
  const f: LogLinear = {
    table,
    theta: new Float64Array(active.length),
    position: Int32Array.from(active, (i) => free.indexOf(i)),
    norm: free.indexOf(basis.norm),
    n,
    w: new Float64Array(offset.length),
    first: 0,
    last: nBins,
    chains: chainsOf(table, 0, nBins),
    s: new Float64Array(nBins),
    ds: new Float64Array(nBins * n),
    d2s: new Float64Array(nBins * packedLength(n)),
  };
  const { theta, position, norm, s, ds, d2s } = f;
  return {
    size: nBins,
    n,
    s,
    ds,
    d2s,
    limit(first, last) {
      f.first = first;
      f.last = last;
      f.chains = chainsOf(table, first, last);
      for (const all of [s, ds, d2s]) all.fill(0);
    },
    update(x, at, order) {
      for (let j = 0; j < theta.length; j++) theta[j] = x[at + position[j]!]!;
      const amplitude = norm >= 0 ? x[at + norm]! : frozenNorm;
      fillWeights(f);
      if (theta.length <= 2) sumsOfTwo(f, order, amplitude);
      else sumsOfMany(f, order, amplitude);
    },
  };
}
