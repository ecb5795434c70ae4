/** The radial profile of a psf as a smooth function, for integrals over pixels of any form with their derivatives by the place of the source. */
import { findCell } from "../math/interpolate.js";
import { axisCenters, axisEdges, nBins } from "../sky/axis.js";
import { type PsfProfile, profileAtEnergy } from "./psf.js";

/** Density of events on the sky as a function of the chord psi = 2 sin(theta / 2) from the source; its integral over the sky is 1. */
export interface SmoothProfile {
  /** Chords from which pieces start; the first is 0. */
  readonly breaks: Float64Array;
  /** Of each piece: a + b t + c t^2 + d t^3, t = psi - start; sr-1. [pieces, 4] */
  readonly coefficients: Float64Array;
  /** The chord that holds 39 % of the events: one sigma of a Gaussian; 0 of a psf that holds nothing. */
  readonly core: number;
  /** The chord beyond which is less than 1e-7 of the events. */
  readonly reach: number;
}

const RAD = Math.PI / 180;
const CORE = 1 - Math.exp(-0.5);
const REST = 1e-7;

const nothing = (): SmoothProfile => ({
  breaks: Float64Array.of(0, 0),
  coefficients: new Float64Array(4),
  core: 0,
  reach: 0,
});

/**
 * The profile at true energy e: a cubic spline through the values in the middles of the rad bins (negative ones count as 0), twice continuously differentiable, even around the source, linear from the last middle
 * to the end of the axis. Linear interpolation, as Gammapy has it, has no second derivatives.
 */
export function smoothProfile(psf: PsfProfile, e: number): SmoothProfile {
  const values = new Float64Array(nBins(psf.rad));
  profileAtEnergy(psf, e, values);
  for (let i = 0; i < values.length; i++) values[i] = Math.max(values[i]!, 0);
  const chord = (deg: number) => 2 * Math.sin((deg * RAD) / 2);
  const x = axisCenters(psf.rad).map(chord);
  const edge = chord(axisEdges(psf.rad).at(-1)!);
  if (values.every((v) => v === 0)) return nothing();
  const bends = secondDerivatives(x, values);
  const { breaks, coefficients } = pieces(x, values, bends, edge);
  return normalised(breaks, coefficients);
}

/** Of the spline at its knots: even around 0 on the left, straight on the right. */
function secondDerivatives(x: Float64Array, y: Float64Array): Float64Array {
  const n = x.length;
  const m = new Float64Array(n);
  if (n < 2) return m;
  // a tridiagonal system, eliminated from the left: m[i] = value[i] - factor[i] m[i + 1]
  const factor = new Float64Array(n);
  const slope = (i: number) => (y[i + 1]! - y[i]!) / (x[i + 1]! - x[i]!);
  const first = x[1]! - x[0]!;
  // the slope at the first knot is that of a + b psi^2
  factor[0] = first / 6 / (x[0]! + first / 3);
  m[0] = slope(0) / (x[0]! + first / 3);
  for (let i = 1; i < n - 1; i++) {
    const [left, right] = [x[i]! - x[i - 1]!, x[i + 1]! - x[i]!];
    const pivot = (left + right) / 3 - (left / 6) * factor[i - 1]!;
    factor[i] = right / 6 / pivot;
    m[i] = (slope(i) - slope(i - 1) - (left / 6) * m[i - 1]!) / pivot;
  }
  m[n - 1] = 0;
  for (let i = n - 2; i >= 0; i--) m[i]! -= factor[i]! * m[i + 1]!;
  return m;
}

/** Pieces from 0 to the edge. */
function pieces(x: Float64Array, y: Float64Array, m: Float64Array, edge: number) {
  const n = x.length;
  const breaks = Float64Array.from([0, ...x, edge]);
  const coefficients = new Float64Array(4 * (n + 1));
  coefficients.set([y[0]! - (m[0]! * x[0]! ** 2) / 2, 0, m[0]! / 2, 0]);
  for (let i = 0; i + 1 < n; i++) {
    const h = x[i + 1]! - x[i]!;
    const slope = (y[i + 1]! - y[i]!) / h - (h * (2 * m[i]! + m[i + 1]!)) / 6;
    coefficients.set([y[i]!, slope, m[i]! / 2, (m[i + 1]! - m[i]!) / (6 * h)], 4 * (i + 1));
  }
  const h = n > 1 ? x[n - 1]! - x[n - 2]! : 1;
  const last = n > 1 ? (y[n - 1]! - y[n - 2]!) / h + (h * m[n - 2]!) / 6 : 0;
  coefficients.set([y[n - 1]!, last, 0, 0], 4 * n);
  return { breaks, coefficients };
}

/** The integral over a ring is 2 pi psi dpsi. */
function ringIntegral([a, b, c, d]: readonly number[], start: number, t: number): number {
  const own = a! * t + (b! * t ** 2) / 2 + (c! * t ** 3) / 3 + (d! * t ** 4) / 4;
  const moment = (a! * t ** 2) / 2 + (b! * t ** 3) / 3 + (c! * t ** 4) / 4 + (d! * t ** 5) / 5;
  return 2 * Math.PI * (start * own + moment);
}

function normalised(breaks: Float64Array, coefficients: Float64Array): SmoothProfile {
  const count = breaks.length - 1;
  const sums = new Float64Array(count + 1);
  const piece = (i: number) => Array.from(coefficients.subarray(4 * i, 4 * i + 4));
  for (let i = 0; i < count; i++) {
    sums[i + 1] = sums[i]! + ringIntegral(piece(i), breaks[i]!, breaks[i + 1]! - breaks[i]!);
  }
  const total = sums[count]!;
  if (!(total > 0)) return nothing();
  const radius = (share: number) => {
    const i = sums.findIndex((s) => s >= share * total) - 1;
    if (i < 0) return breaks[count]!;
    let [low, high] = [0, breaks[i + 1]! - breaks[i]!];
    for (let k = 0; k < 40; k++) {
      const t = (low + high) / 2;
      if (sums[i]! + ringIntegral(piece(i), breaks[i]!, t) < share * total) low = t;
      else high = t;
    }
    return breaks[i]! + high;
  };
  const [core, reach] = [radius(CORE), radius(1 - REST)];
  return { breaks, coefficients: coefficients.map((c) => c / total), core, reach };
}

/** The density at the squared chord q, with its first and second derivatives by q: out [3]. */
export function densityAt({ breaks, coefficients }: SmoothProfile, q: number, out: Float64Array): void {
  const psi = Math.sqrt(q);
  if (!(psi < breaks[breaks.length - 1]!)) {
    out[0] = out[1] = out[2] = 0;
    return;
  }
  const i = psi < breaks[1]! ? 0 : findCell(breaks, psi);
  const t = psi - breaks[i]!;
  const k = 4 * i;
  const a = coefficients[k]!;
  const b = coefficients[k + 1]!;
  const c = coefficients[k + 2]!;
  const d = coefficients[k + 3]!;
  out[0] = a + t * (b + t * (c + t * d));
  if (i === 0) {
    // a + c q
    out[1] = c;
    out[2] = 0;
    return;
  }
  const slope = b + t * (2 * c + 3 * d * t);
  out[1] = slope / (2 * psi);
  out[2] = (2 * c + 6 * d * t - slope / psi) / (4 * q);
}
