/** What the kernels of this folder compute, one formula a function. Nothing else uses them: tests hold the kernels against them. */
import { packedLength } from "../types.js";
import type { LogLinear, NodeTable } from "./log-linear.js";

/** exp(offset_k + sum_j theta_j phi_jk) of every node. */
export const weights = ({ offset, phi }: NodeTable, theta: Float64Array): Float64Array =>
  offset.map((m, k) => Math.exp(phi.reduce((sum, f, j) => sum + theta[j]! * f[k]!, m)));

/**
 * Each node adds A w to its bin. By A that is w, by theta_j A w phi_j; the second derivatives are 0 by A twice, w phi_j by A and theta_j, and
 * A w phi_i phi_j by theta_i and theta_j.
 */
export function sums(f: LogLinear, amplitude: number): { s: Float64Array; ds: Float64Array; d2s: Float64Array } {
  const { table, position, norm, n, w } = f;
  const { nBins, phi } = table;
  const nn = packedLength(n);
  const [s, ds, d2s] = [1, n, nn].map((length) => new Float64Array(nBins * length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let k = 0; k < w.length; k++) {
    const t = k % nBins;
    if (t < f.first || t >= f.last) continue;
    /** ln of the node's share, by each free parameter but the norm. */
    const slope = (a: number) => phi[position.indexOf(a)]![k]!;
    s[t]! += amplitude * w[k]!;
    for (let a = 0; a < n; a++) {
      ds[t * n + a]! += a === norm ? w[k]! : amplitude * w[k]! * slope(a);
      for (let b = 0; b <= a; b++) {
        const share =
          a === norm ? (b === norm ? 0 : slope(b)) : b === norm ? slope(a) : amplitude * slope(a) * slope(b);
        d2s[t * nn + packedLength(a) + b]! += w[k]! * share;
      }
    }
  }
  return { s, ds, d2s };
}
