import type { TemporalDeclaration } from "../declaration.js";
import { referenceTime } from "./reference.js";

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
  mean(start, stop, p) {
    const q = p[0]! + 1;
    const x0 = (start - p[1]!) / p[2]!;
    const x1 = (stop - p[1]!) / p[2]!;
    if (x0 === x1) return x0 ** p[0]!;
    return (q === 0 ? Math.log(x1 / x0) : (x1 ** q - x0 ** q) / q) / (x1 - x0);
  },
};
