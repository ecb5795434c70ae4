import { langevin, langevinSlope } from "../../math/langevin.js";
import { sinhc } from "../../math/quadrature.js";
import type { TemporalDeclaration } from "../declaration.js";
import { referenceTime } from "./reference.js";

/** Distance of alpha from -1 below which the mean is taken by logarithms. */
const NEAR = 1e-2;

function mean(start: number, stop: number, p: Float64Array): number {
  const q = p[0]! + 1;
  const x0 = (start - p[1]!) / p[2]!;
  const x1 = (stop - p[1]!) / p[2]!;
  if (x0 === x1) return x0 ** p[0]!;
  // near an index of -1 the difference of two powers loses its digits
  if (x0 > 0 && Math.abs(q) < NEAR) return logMean(q, x0, x1);
  return (q === 0 ? Math.log(x1 / x0) : (x1 ** q - x0 ** q) / q) / (x1 - x0);
}

/** Mean of x^(q - 1) over [x0, x1]: with l = ln x the integral of e^(q l), around the middle of l. */
function logMean(q: number, x0: number, x1: number): number {
  const half = Math.log(x1 / x0) / 2;
  return (Math.sqrt(x0 * x1) ** q * 2 * half * sinhc(q * half)) / (x1 - x0);
}

/** The same of x^(q - 1) ln(x)^order, order 1 or 2. */
function logMoment(order: 1 | 2, q: number, x0: number, x1: number): number {
  const end = Math.log(x1);
  if (x0 === 0) {
    // the integral from the reference time itself converges for q > 0
    const middle = end - 1 / q;
    return (x1 ** (q - 1) / q) * (order === 1 ? middle : middle * middle + 1 / (q * q));
  }
  const middle = (Math.log(x0) + end) / 2;
  const half = Math.log(x1 / x0) / 2;
  const slope = half * langevin(q * half);
  const front = logMean(q, x0, x1);
  return front * (order === 1 ? middle + slope : (middle + slope) ** 2 + half * half * langevinSlope(q * half));
}

export const powerLawTemporal: TemporalDeclaration = {
  type: "PowerLawTemporalModel",
  tag: "powerlaw",
  about: "Power of the time since the reference",
  latex: String.raw`\left(\frac{t - t_{ref}}{t_0}\right)^\alpha`,
  reference: "t_ref",
  parameters: {
    alpha: { unit: "", value: 1, about: "index" },
    t_ref: referenceTime,
    t0: { unit: "d", value: 1, frozen: true, about: "time scale" },
  },
  mean,
  derivatives(start, stop, p, g, h) {
    const value = mean(start, stop, p);
    const [alpha, tau] = [p[0]!, p[2]!];
    const x0 = (start - p[1]!) / tau;
    const x1 = (stop - p[1]!) / tau;
    const length = stop - start;
    const [f0, f1] = [x0 ** alpha, x1 ** alpha];
    const byAlpha = logMoment(1, alpha + 1, x0, x1);
    const byReference = (f0 - f1) / length;
    g[0] = byAlpha;
    g[1] = byReference;
    g[2] = (-alpha * value) / tau;
    h[0] = logMoment(2, alpha + 1, x0, x1);
    h[1] = h[3] = ((f0 === 0 ? 0 : f0 * Math.log(x0)) - f1 * Math.log(x1)) / length;
    h[2] = h[6] = -(value + alpha * byAlpha) / tau;
    h[4] = (alpha * (x1 ** (alpha - 1) - x0 ** (alpha - 1))) / (tau * length);
    h[5] = h[7] = (-alpha * byReference) / tau;
    h[8] = (alpha * (alpha + 1) * value) / (tau * tau);
    return value;
  },
};
