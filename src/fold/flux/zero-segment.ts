import { sinhcDerivatives } from "../../math/quadrature.js";
import type { Sums } from "./segment-sums.js";

/**
 * Adds the derivatives of a segment whose nodes are both zero, as those of a spectrum are whose norm is 0: by a norm it is that of the power law through the derivatives at the nodes,
 * by a norm and another parameter the derivative of that. Its value is 0.
 */
export function addZeroSegment(sums: Sums, t: number, step: number, order: 0 | 1 | 2): void {
  if (order === 0) return;
  const { n, ds, d2s } = sums;
  const nn = (n * (n + 1)) / 2;
  for (let i = 0; i < n; i++) {
    ds[t * n + i]! += slope(sums, i, undefined, step);
    if (order === 1) continue;
    for (let j = 0; j <= i; j++) {
      const of = isNorm(sums, i) ? slope(sums, i, j, step) : slope(sums, j, i, step);
      d2s[t * nn + (i * (i + 1)) / 2 + j]! += of;
    }
  }
}

/** The spectrum is proportional to parameter i. */
const isNorm = ({ left, right }: Sums, i: number): boolean => left.g[i]! * right.g[i]! > 0;

/** The integral of the derivative by parameter i, or what it changes with parameter j. At zero nodes `g` and `h` are derivatives of dnde itself. */
function slope(sums: Sums, i: number, j: number | undefined, step: number): number {
  if (!isNorm(sums, i)) return 0;
  const { n, left: a, right: b, shape } = sums;
  const [la, lb] = [Math.log(Math.abs(a.g[i]!) * a.e), Math.log(Math.abs(b.g[i]!) * b.e)];
  sinhcDerivatives((lb - la) / 2, shape);
  const e = Math.sign(a.g[i]!) * step * Math.exp((la + lb) / 2);
  if (j === undefined) return e * shape[0]!;
  const [ra, rb] = [a.h[i * n + j]! / a.g[i]!, b.h[i * n + j]! / b.g[i]!];
  return e * (shape[0]! * ((ra + rb) / 2) + shape[1]! * ((rb - ra) / 2));
}
