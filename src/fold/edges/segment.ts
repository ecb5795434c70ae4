/** Integrals over the triangle of a shape's centre and a segment of a pixel's edge, with derivatives by the free parameters of the shape. */
import { type Profile, SEGMENT } from "../../models/spatial/profile.js";
import { packedLength } from "../flux/types.js";
import type { Vertex } from "./vertex.js";

/** Adds to `out` [2 (1 + n + packedLength(n))] the integral of the profile and its derivatives, and behind it the area. */
export type AddSegment = (from: Vertex, to: Vertex, order: 0 | 1 | 2, out: Float64Array, at: number) => void;

/** `own`: where the parameter of the profile stands among the n free ones; -1: it is not free. */
export function segmentAdder(profile: Profile, n: number, own: number): AddSegment {
  const numbers = 1 + n + packedLength(n);
  const s = new Float64Array(SEGMENT);
  // first derivatives: of the first end along the segment and across it, of the length, of the direction; of rho, t0 and t1
  const vectors = Array.from({ length: 7 }, () => new Float64Array(n));
  const [a0, b0, da, turn, rho1, t01, t11] = vectors as [V, V, V, V, V, V, V];
  return (from, to, order, out, at) => {
    const dx = to.x[0]! - from.x[0]!;
    const dy = to.y[0]! - from.y[0]!;
    const length = Math.sqrt(dx * dx + dy * dy);
    if (!(length > 0)) return;
    const ex = dx / length;
    const ey = dy / length;
    const rho = from.x[0]! * ey - from.y[0]! * ex;
    const t0 = from.x[0]! * ex + from.y[0]! * ey;
    const t1 = t0 + length;
    profile.fill(rho, t0, t1, order, s);
    out[at]! += s[0]!;
    out[at + numbers]! += (rho * length) / 2;
    if (order === 0) return;
    for (let a = 0; a < n; a++) {
      const x = from.x[1 + a]!;
      const y = from.y[1 + a]!;
      const dxa = to.x[1 + a]! - x;
      const dya = to.y[1 + a]! - y;
      a0[a] = x * ex + y * ey;
      b0[a] = x * ey - y * ex;
      da[a] = dxa * ex + dya * ey;
      turn[a] = (dxa * ey - dya * ex) / length;
      rho1[a] = b0[a]! - t0 * turn[a]!;
      t01[a] = a0[a]! + rho * turn[a]!;
      t11[a] = t01[a]! + da[a]!;
      out[at + 1 + a]! += s[1]! * rho1[a]! + s[2]! * t01[a]! + s[3]! * t11[a]! + (a === own ? s[4]! : 0);
      out[at + numbers + 1 + a]! += (length * rho1[a]! + rho * da[a]!) / 2;
    }
    if (order === 1) return;
    for (let a = 0, q = 1 + n; a < n; a++) {
      // what second derivatives by the coordinates of the segment make of those by parameter a
      const ra = rho1[a]!;
      const ta0 = t01[a]!;
      const ta1 = t11[a]!;
      const byRho = s[5]! * ra + s[6]! * ta0 + s[8]! * ta1 + (a === own ? s[11]! : 0);
      const byT0 = s[6]! * ra + s[7]! * ta0 + s[9]! * ta1 + (a === own ? s[12]! : 0);
      const byT1 = s[8]! * ra + s[9]! * ta0 + s[10]! * ta1 + (a === own ? s[13]! : 0);
      const byOwn = s[11]! * ra + s[12]! * ta0 + s[13]! * ta1 + (a === own ? s[14]! : 0);
      const turnA = turn[a]!;
      for (let b = 0; b <= a; b++, q++) {
        const x = from.x[q]!;
        const y = from.y[q]!;
        const dxab = to.x[q]! - x;
        const dyab = to.y[q]! - y;
        const turnB = turn[b]!;
        // second derivatives of rho, t0 and t1: those of the ends, and the turn of the segment
        const turned = (dxab * ey - dyab * ex - turnA * da[b]! - turnB * da[a]!) / length;
        const both = turnA * turnB;
        const rho2 = x * ey - y * ex - t0 * turned - rho * both - a0[a]! * turnB - a0[b]! * turnA;
        const t02 = x * ex + y * ey + rho * turned - t0 * both + b0[a]! * turnB + b0[b]! * turnA;
        const dt2 = dxab * ex + dyab * ey + length * both;
        const bent = s[1]! * rho2 + (s[2]! + s[3]!) * t02 + s[3]! * dt2;
        out[at + q]! += bent + byRho * rho1[b]! + byT0 * t01[b]! + byT1 * t11[b]! + (b === own ? byOwn : 0);
        out[at + numbers + q]! += (length * rho2 + ra * da[b]! + rho1[b]! * da[a]! + rho * dt2) / 2;
      }
    }
  };
}
type V = Float64Array;
