import type { TemporalDeclaration } from "../declaration.js";
import { erfDifference } from "../erf-difference.js";
import { referenceTime } from "./reference.js";

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
  mean(t0, t1, p) {
    const scale = p[1]! * Math.SQRT2;
    const u0 = (t0 - p[0]!) / scale;
    const u1 = (t1 - p[0]!) / scale;
    return u0 === u1 ? Math.exp(-u0 * u0) : ((Math.sqrt(Math.PI) / 2) * erfDifference(u0, u1)) / (u1 - u0);
  },
};
