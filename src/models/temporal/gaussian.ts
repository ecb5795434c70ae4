import type { TemporalDeclaration } from "../declaration.js";
import { erfDifference } from "../erf-difference.js";
import { referenceTime } from "./reference.js";

function mean(t0: number, t1: number, p: Float64Array): number {
  const scale = p[1]! * Math.SQRT2;
  const u0 = (t0 - p[0]!) / scale;
  const u1 = (t1 - p[0]!) / scale;
  return u0 === u1 ? Math.exp(-u0 * u0) : ((Math.sqrt(Math.PI) / 2) * erfDifference(u0, u1)) / (u1 - u0);
}

export const gaussianTemporal: TemporalDeclaration = {
  type: "GaussianTemporalModel",
  tag: "gauss",
  about: "Gaussian pulse",
  latex: String.raw`\exp\left(-\frac{(t - t_{ref})^2}{2 \sigma^2}\right)`,
  reference: "t_ref",
  parameters: {
    t_ref: { ...referenceTime, frozen: false },
    sigma: { unit: "d", value: 1, about: "width of the pulse" },
  },
  mean,
  derivatives(t0, t1, p, g, h) {
    const value = mean(t0, t1, p);
    const sigma = p[1]!;
    const length = t1 - t0;
    const from = (t0 - p[0]!) / sigma;
    const to = (t1 - p[0]!) / sigma;
    const at0 = Math.exp(-0.5 * from * from);
    const at1 = Math.exp(-0.5 * to * to);
    // the integral is homogeneous in sigma and the distances of both ends; what the ends add is in powers of those
    g[0] = (at0 - at1) / length;
    g[1] = value / sigma - (to * at1 - from * at0) / length;
    h[0] = (from * at0 - to * at1) / (sigma * length);
    h[1] = h[2] = (from * from * at0 - to * to * at1) / (sigma * length);
    h[3] = (from * from * from * at0 - to * to * to * at1) / (sigma * length);
    return value;
  },
};
