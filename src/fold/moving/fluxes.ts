import { packedLength } from "../flux/types.js";
import { CORNERS, type Moving } from "./state.js";

/** z of the four corners, and from order 1 and 2 its derivatives, for the position as it is. */
export function fillFluxes(m: Moving, order: 0 | 1 | 2): void {
  for (let c = 0; c < CORNERS; c++) {
    fillWeight(m, c);
    fillValues(m, c);
    if (order > 0) fillFirst(m, c);
    if (order > 1) fillSecond(m, c);
  }
}

/** Weight of corner c: the share of its pixel in x times that in y, with the derivatives of the product. */
function fillWeight({ weight: w, x, y, cellX, cellY }: Moving, c: number): void {
  const fx = x[0]! - cellX;
  const fy = y[0]! - cellY;
  const sx = c & 1 ? 1 : -1;
  const sy = c >> 1 ? 1 : -1;
  const wx = c & 1 ? fx : 1 - fx;
  const wy = c >> 1 ? fy : 1 - fy;
  w[0] = wx * wy;
  for (let k = 1; k < 6; k++) w[k] = sx * x[k]! * wy + wx * sy * y[k]!;
  w[3]! += 2 * sx * sy * x[1]! * y[1]!;
  w[4]! += sx * sy * (x[1]! * y[2]! + x[2]! * y[1]!);
  w[5]! += 2 * sx * sy * x[2]! * y[2]!;
}

function fillValues({ source: { spectrum }, vector, weight }: Moving, c: number): void {
  const nTrue = spectrum.size;
  for (let t = 0; t < nTrue; t++) vector.s[c * nTrue + t] = weight[0]! * spectrum.s[t]!;
}

function fillFirst({ source: { spectrum }, vector: { n, ds }, weight: w, free }: Moving, c: number): void {
  const { size, n: ns } = spectrum;
  for (let t = 0, k = c * size * n; t < size; t++) {
    for (let a = 0; a < ns; a++) ds[k++] = w[0]! * spectrum.ds[t * ns + a]!;
    for (let i = 0; i < free.length; i++) ds[k++] = w[free[i]!]! * spectrum.s[t]!;
  }
}

function fillSecond({ source: { spectrum }, vector: { n, d2s }, weight: w, free }: Moving, c: number): void {
  const { size, n: ns } = spectrum;
  const ms = packedLength(ns);
  for (let t = 0, k = c * size * packedLength(n); t < size; t++) {
    for (let q = 0; q < ms; q++) d2s[k++] = w[0]! * spectrum.d2s[t * ms + q]!;
    for (let i = 0; i < free.length; i++) {
      for (let a = 0; a < ns; a++) d2s[k++] = w[free[i]!]! * spectrum.ds[t * ns + a]!;
      // 1 and 1: 3, 1 and 2: 4, 2 and 2: 5
      for (let j = 0; j <= i; j++) d2s[k++] = w[free[i]! + free[j]! + 1]! * spectrum.s[t]!;
    }
  }
}
