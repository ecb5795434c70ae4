import type { LogBasis } from "../../models/declaration.js";
import { type SegmentSums, sumBin } from "./log-segments/sums.js";
import { combine, createTable, fillTable, nodeEnergies } from "./log-segments/table.js";
import { type FluxVector, packedLength } from "./types.js";

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
  const perBin = nodes - 1;
  const active = basis.parameters.filter((i) => free.includes(i));
  const hasScale = shift !== undefined;
  const n = free.length + (hasScale ? 1 : 0);
  const position = Int32Array.from([...active.map((i) => free.indexOf(i)), ...(hasScale ? [n - 1] : [])]);
  const table = createTable(basis, p, active, nodeEnergies(edges, nodes));
  const logStep = Float64Array.from({ length: nBins }, (_, t) =>
    Math.log(Math.log(edges[t + 1]! / edges[t]!) / perBin),
  );
  const f: SegmentSums = {
    n,
    s: new Float64Array(nBins),
    ds: new Float64Array(nBins * n),
    d2s: new Float64Array(nBins * packedLength(n)),
    table,
    perBin,
    step: logStep.map(Math.exp),
    theta: new Float64Array(active.length),
    hasScale,
    position,
    norm: free.indexOf(basis.norm),
    shape: new Float64Array(3),
    dm: new Float64Array(active.length + 1),
    dv: new Float64Array(active.length + 1),
  };
  fillTable(table, shift ?? 1);
  return segmentVector(f, p[basis.norm]!);
}

/** `frozenNorm`: where the norm is not free. */
function segmentVector(f: SegmentSums, frozenNorm: number): FluxVector {
  const { n, s, ds, d2s, table, perBin, theta, position, norm, hasScale } = f;
  const nn = packedLength(n);
  let first = 0;
  let last = s.length;
  return {
    size: s.length,
    n,
    s,
    ds,
    d2s,
    limit(from, to) {
      first = from;
      last = to;
      for (const all of [s, ds, d2s]) all.fill(0);
    },
    update(x, at, order) {
      for (let j = 0; j < theta.length; j++) theta[j] = x[at + position[j]!]!;
      const amplitude = norm >= 0 ? x[at + norm]! : frozenNorm;
      const scale = hasScale ? 1 / x[at + n - 1]! : 1;
      if (hasScale) fillTable(table, x[at + n - 1]!);
      combine(table, theta, first * perBin, last * perBin, hasScale && order > 0);
      ds.fill(0, first * n, last * n);
      d2s.fill(0, first * nn, last * nn);
      for (let t = first; t < last; t++) sumBin(f, t, amplitude, scale, order);
    },
  };
}
