import { geometricNode, sinhcDerivatives } from "../../math/quadrature.js";
import type { LogBasis } from "../../models/declaration.js";
import { type FluxVector, packedIndex, packedLength } from "./types.js";

/**
 * Integrals over the bins of `edges` [n + 1], TeV, of a model whose ln dnde is linear in its parameters, by the power-law trapezoid of Gammapy
 * with `nodes` nodes a bin, segment for segment: with l = ln(E dnde) at both ends, m = (l0 + l1) / 2 and v = (l1 - l0) / 2, a segment of
 * width h in ln E adds h exp(m) sinhc(v). No model is evaluated; l and its derivatives come from tables at the nodes.
 *
 * `shift`: the spectrum is dnde(E / s) / s, and s (= 1 + z) is one more free parameter, the last; `shift` is its value at the start.
 */
export function logLinearSegments(
  basis: LogBasis,
  p: Float64Array,
  free: readonly number[],
  edges: Float64Array,
  nodes: number,
  shift?: number,
): FluxVector {
  const nBins = edges.length - 1;
  const per = nodes - 1;
  const active = basis.parameters.filter((i) => free.includes(i));
  const nb = active.length;
  const moving = shift !== undefined;
  const n = free.length + (moving ? 1 : 0);
  const nn = packedLength(n);
  const iNorm = free.indexOf(basis.norm);
  const position = Int32Array.from([...active.map((i) => free.indexOf(i)), ...(moving ? [n - 1] : [])]);
  const table = createTable(basis, p, free, nodeEnergies(edges, nodes));
  const { l, l1, l2 } = table;
  table.fill(shift ?? 1);
  /** ln of the node distance of each bin */
  const logStep = Float64Array.from({ length: nBins }, (_, t) => Math.log(Math.log(edges[t + 1]! / edges[t]!) / per));
  const step = logStep.map(Math.exp);
  const theta = new Float64Array(nb);
  const s = new Float64Array(nBins);
  const ds = new Float64Array(nBins * n);
  const d2s = new Float64Array(nBins * nn);
  /** Of one segment: sinhc and its derivatives; m and v by each of the shape parameters and s. */
  const shape = new Float64Array(3);
  const dm = new Float64Array(nb + 1);
  const dv = new Float64Array(nb + 1);
  const own = moving ? nb + 1 : nb;
  let first = 0;
  let last = nBins;

  /** m and v of segment k by the parameters, and their second derivatives where s is one of the two, added with their weights. */
  function slopes(k: number, scale: number): void {
    for (let j = 0; j < nb; j++) {
      const f = table.phi[j]!;
      dm[j] = (f[k]! + f[k + 1]!) / 2;
      dv[j] = (f[k + 1]! - f[k]!) / 2;
    }
    if (!moving) return;
    dm[nb] = (-(l1[k]! + l1[k + 1]!) / 2) * scale;
    dv[nb] = (-(l1[k + 1]! - l1[k]!) / 2) * scale;
  }

  function addSecond(t: number, k: number, a0: number, a1: number, a2: number, scale: number): void {
    for (let i = 0; i < own; i++) {
      const q0 = a0 * dm[i]! + a1 * dv[i]!;
      const q1 = a1 * dm[i]! + a2 * dv[i]!;
      const a = position[i]!;
      for (let j = 0; j <= i; j++) d2s[t * nn + packedIndex(a, position[j]!)]! += q0 * dm[j]! + q1 * dv[j]!;
    }
    if (!moving) return;
    for (let j = 0; j < nb; j++) {
      const f = table.phi1[j]!;
      const cross = a0 * (f[k]! + f[k + 1]!) + a1 * (f[k + 1]! - f[k]!);
      d2s[t * nn + packedIndex(n - 1, position[j]!)]! -= (cross / 2) * scale;
    }
    const [c0, c1] = [l1[k]! + l2[k]!, l1[k + 1]! + l2[k + 1]!];
    d2s[t * nn + nn - 1]! += ((a0 * (c0 + c1) + a1 * (c1 - c0)) / 2) * scale * scale;
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
      s.fill(0);
      ds.fill(0);
      d2s.fill(0);
    },
    update(x, at, order) {
      for (let j = 0; j < nb; j++) theta[j] = x[at + position[j]!]!;
      const amplitude = iNorm >= 0 ? x[at + iNorm]! : p[basis.norm]!;
      const scale = moving ? 1 / x[at + n - 1]! : 1;
      if (moving) table.fill(x[at + n - 1]!);
      table.combine(theta, first * per, last * per, moving && order > 0);
      ds.fill(0, first * n, last * n);
      d2s.fill(0, first * nn, last * nn);
      for (let t = first; t < last; t++) {
        let sum = 0;
        for (let k = t * per; k < (t + 1) * per; k++) {
          const v = (l[k + 1]! - l[k]!) / 2;
          const e = step[t]! * Math.exp((l[k]! + l[k + 1]!) / 2);
          if (!(e > 0)) continue;
          sinhcDerivatives(v, shape);
          const a0 = e * shape[0]!;
          sum += a0;
          if (order === 0) continue;
          const a1 = e * shape[1]!;
          slopes(k, scale);
          for (let i = 0; i < own; i++) ds[t * n + position[i]!]! += a0 * dm[i]! + a1 * dv[i]!;
          if (order === 2) addSecond(t, k, a0, a1, e * shape[2]!, scale);
        }
        s[t] = amplitude * sum;
        if (order !== 0) scaleByAmplitude(t, sum, amplitude, order);
      }
    },
  };

  /** The sums are those for an amplitude of 1. */
  function scaleByAmplitude(t: number, sum: number, amplitude: number, order: 1 | 2): void {
    for (let i = 0; i < own; i++) {
      const a = position[i]!;
      if (order === 2 && iNorm >= 0) d2s[t * nn + packedIndex(iNorm, a)] = ds[t * n + a]!;
      ds[t * n + a]! *= amplitude;
      if (order === 2) for (let j = 0; j <= i; j++) d2s[t * nn + packedIndex(a, position[j]!)]! *= amplitude;
    }
    if (iNorm >= 0) ds[t * n + iNorm] = sum;
  }
}

/** The nodes of all bins, TeV [bins * (nodes - 1) + 1]; neighbours share the node between them. */
function nodeEnergies(edges: Float64Array, nodes: number): Float64Array {
  const per = nodes - 1;
  return Float64Array.from({ length: (edges.length - 1) * per + 1 }, (_, k) => {
    const t = Math.min(Math.floor(k / per), edges.length - 2);
    return geometricNode(edges[t]!, edges[t + 1]!, nodes, k - t * per);
  });
}

/** Values at the nodes: l = ln(E dnde / norm) of E / s, its first and second derivative by ln E, and the basis functions behind them. */
function createTable(basis: LogBasis, p: Float64Array, free: readonly number[], energies: Float64Array) {
  const size = energies.length;
  const columns = () => new Float64Array(size);
  const active = basis.parameters.filter((i) => free.includes(i));
  const frozen = basis.parameters.map((i, j) => [i, j] as const).filter(([i]) => !free.includes(i));
  const index = Int32Array.from(active, (i) => basis.parameters.indexOf(i));
  const [offset, offset1, offset2] = [columns(), columns(), columns()];
  const [phi, phi1, phi2] = [active.map(columns), active.map(columns), active.map(columns)];
  const [l, l1, l2] = [columns(), columns(), columns()];
  const at = new Float64Array(3);
  let filled = Number.NaN;

  function fill(s: number): void {
    if (s === filled) return;
    filled = s;
    for (let k = 0; k < size; k++) {
      const e = energies[k]! / s;
      basis.along(e, -1, at);
      offset[k] = at[0]! + Math.log(e);
      offset1[k] = at[1]! + 1;
      offset2[k] = at[2]!;
      for (const [i, j] of frozen) {
        basis.along(e, j, at);
        offset[k]! += p[i]! * at[0]!;
        offset1[k]! += p[i]! * at[1]!;
        offset2[k]! += p[i]! * at[2]!;
      }
      for (let j = 0; j < index.length; j++) {
        basis.along(e, index[j]!, at);
        phi[j]![k] = at[0]!;
        phi1[j]![k] = at[1]!;
        phi2[j]![k] = at[2]!;
      }
    }
  }

  function combine(theta: Float64Array, from: number, to: number, slopes: boolean): void {
    add(l, offset, phi, theta, from, to);
    if (!slopes) return;
    add(l1, offset1, phi1, theta, from, to);
    add(l2, offset2, phi2, theta, from, to);
  }
  return { l, l1, l2, phi, phi1, fill, combine };
}

/** out = offset + sum_j theta_j phi_j at the nodes [from, to]. */
function add(
  out: Float64Array,
  offset: Float64Array,
  phi: readonly Float64Array[],
  theta: Float64Array,
  from: number,
  to: number,
): void {
  for (let k = from; k <= to; k++) out[k] = offset[k]!;
  for (let j = 0; j < phi.length; j++) {
    const f = phi[j]!;
    const c = theta[j]!;
    for (let k = from; k <= to; k++) out[k]! += c * f[k]!;
  }
}
