import type { TemporalDeclaration } from "../declaration.js";
import { referenceTime } from "./reference.js";

export const expDecayTemporal: TemporalDeclaration = {
  type: "ExpDecayTemporalModel",
  tag: "exp-decay",
  about: "Exponential decay",
  latex: "e^{-(t - t_{ref}) / t_0}",
  reference: "t_ref",
  parameters: { t0: { unit: "d", value: 1, about: "decay time" }, t_ref: referenceTime },
  mean(t0, t1, p) {
    const x = (t1 - t0) / p[0]!;
    const start = Math.exp(-(t0 - p[1]!) / p[0]!);
    return x === 0 ? start : (-start * Math.expm1(-x)) / x;
  },
};
