import { gammaP, lnGamma } from "../../math/gamma.js";
import { gammaMoment } from "../../math/gamma-moments.js";
import type { TemporalDeclaration } from "../declaration.js";
import { referenceTime } from "./reference.js";

/** Integral from 0 to t >= 0 of exp(-(x / tau)^(1 / eta) / 2), by y = (x / tau)^(1 / eta) / 2. */
function side(t: number, tau: number, eta: number): number {
  const y = 0.5 * (t / tau) ** (1 / eta);
  return tau * eta * 2 ** eta * Math.exp(lnGamma(eta)) * gammaP(eta, y);
}

function mean(t0: number, t1: number, p: Float64Array): number {
  const from = (t: number) => (t < p[0]! ? -side(p[0]! - t, p[1]!, p[3]!) : side(t - p[0]!, p[2]!, p[3]!));
  if (t0 === t1) {
    const tau = t0 < p[0]! ? p[1]! : p[2]!;
    return Math.exp(-0.5 * (Math.abs(t0 - p[0]!) / tau) ** (1 / p[3]!));
  }
  return (from(t1) - from(t0)) / (t1 - t0);
}

function add(h: Float64Array, i: number, j: number, value: number): void {
  h[i * 4 + j]! += value;
  if (i !== j) h[j * 4 + i]! += value;
}

/** Beyond this y, exp(-y) and its products with y are zero. */
const VANISHED = 700;

/** Adds `weight` times the derivatives of the integral from t_ref to t. */
function addEnd(t: number, weight: number, p: Float64Array, g: Float64Array, h: Float64Array): void {
  const eta = p[3]!;
  const isAfter = t >= p[0]!;
  const k = isAfter ? 2 : 1;
  const tau = p[k]!;
  const length = Math.abs(t - p[0]!);
  const y = 0.5 * (length / tau) ** (1 / eta);
  const f = Math.exp(-y);
  g[0]! -= weight * f;
  if (y === 0) return;
  const log = Math.log(length / tau);
  const slope = y > VANISHED ? 0 : (f * y) / eta;
  const byTau = slope / tau;
  const byEta = (slope * log) / eta;
  // d f / d length = -slope / length, before t_ref with the other sign
  add(h, 0, 0, ((isAfter ? -weight : weight) * slope) / length);
  add(h, 0, k, -weight * byTau);
  add(h, 0, 3, -weight * byEta);
  // the integral is homogeneous in length and tau; its derivatives by eta are moments of ln(2 y)
  const sign = isAfter ? weight : -weight;
  const scale = sign * tau * 2 ** eta;
  const one = scale * gammaMoment(1, eta + 1, y);
  g[k]! += sign * (side(length, tau, eta) / tau - (length / tau) * f);
  g[3]! += one;
  add(h, k, k, (-sign * length * byTau) / tau);
  add(h, k, 3, (one - sign * length * byEta) / tau);
  add(h, 3, 3, (scale * (gammaMoment(2, eta + 2, y) - gammaMoment(2, eta + 1, y)) - 2 * one) / eta);
}

export const generalizedGaussianTemporal: TemporalDeclaration = {
  type: "GeneralizedGaussianTemporalModel",
  tag: "gengauss",
  about: "Pulse that rises and decays at times of its own",
  latex: String.raw`\exp\left[-\frac{1}{2} \left(\frac{|t - t_{ref}|}{t_{rise, decay}}\right)^{1 / \eta}\right]`,
  reference: "t_ref",
  parameters: {
    t_ref: { ...referenceTime, frozen: false },
    t_rise: { unit: "d", value: 1, about: "time constant before t_ref" },
    t_decay: { unit: "d", value: 1, about: "time constant after t_ref" },
    eta: { unit: "", value: 0.5, about: "sharpness of the pulse" },
  },
  // Gammapy 2.1 sums 100 samples and counts one end twice (docs/differences.md)
  mean,
  derivatives(t0, t1, p, g, h) {
    g.fill(0);
    h.fill(0);
    addEnd(t1, 1 / (t1 - t0), p, g, h);
    addEnd(t0, -1 / (t1 - t0), p, g, h);
    return mean(t0, t1, p);
  },
};
