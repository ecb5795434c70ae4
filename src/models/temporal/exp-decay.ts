import { langevin, langevinSlope } from "../../math/langevin.js";
import type { TemporalDeclaration } from "../declaration.js";
import { referenceTime } from "./reference.js";

function mean(t0: number, t1: number, p: Float64Array): number {
  const x = (t1 - t0) / p[0]!;
  const start = Math.exp(-(t0 - p[1]!) / p[0]!);
  return x === 0 ? start : (-start * Math.expm1(-x)) / x;
}

export const expDecayTemporal: TemporalDeclaration = {
  type: "ExpDecayTemporalModel",
  tag: "exp-decay",
  about: "Exponential decay",
  latex: "e^{-(t - t_{ref}) / t_0}",
  reference: "t_ref",
  parameters: { t0: { unit: "d", value: 1, about: "decay time" }, t_ref: referenceTime },
  mean,
  derivatives(t0, t1, p, g, h) {
    const value = mean(t0, t1, p);
    const tau = p[0]!;
    // ln mean = -s + ln sinhc(x), s from the reference to the middle, x half the interval, in decay times
    const s = ((t0 + t1) / 2 - p[1]!) / tau;
    const x = (t1 - t0) / (2 * tau);
    const slope = x * langevin(x);
    const byTau = (s - slope) / tau;
    const byReference = 1 / tau;
    g[0] = value * byTau;
    g[1] = value * byReference;
    h[0] = value * (byTau * byTau + (2 * (slope - s) + x * x * langevinSlope(x)) / (tau * tau));
    h[1] = h[2] = value * (byTau * byReference - 1 / (tau * tau));
    h[3] = value * byReference * byReference;
    return value;
  },
};
