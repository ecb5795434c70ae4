import type { TemporalDeclaration } from "../declaration.js";
import { referenceTime } from "./reference.js";

export const sineTemporal: TemporalDeclaration = {
  type: "SineTemporalModel",
  tag: "sinus",
  about: "Sinusoidal modulation",
  latex: String.raw`1 + A \sin(\omega (t - t_{ref}))`,
  reference: "t_ref",
  parameters: {
    amp: { unit: "", value: 1, about: "amplitude of the modulation" },
    omega: { unit: "rad d-1", value: 1, about: "angular frequency" },
    t_ref: { ...referenceTime, frozen: false },
  },
  // The integral is -cos: Gammapy 2.1 has sin there (docs/differences.md).
  mean(t0, t1, p) {
    const mid = p[1]! * ((t0 + t1) / 2 - p[2]!);
    const half = (p[1]! * (t1 - t0)) / 2;
    return 1 + p[0]! * Math.sin(mid) * (half === 0 ? 1 : Math.sin(half) / half);
  },
};
