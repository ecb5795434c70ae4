import { gammaP, lnGamma } from "../../math/gamma.js";
import type { TemporalDeclaration } from "../declaration.js";
import { referenceTime } from "./reference.js";

/** Integral from 0 to t >= 0 of exp(-(x / tau)^(1 / eta) / 2), by y = (x / tau)^(1 / eta) / 2. */
function side(t: number, tau: number, eta: number): number {
  const y = 0.5 * (t / tau) ** (1 / eta);
  return tau * eta * 2 ** eta * Math.exp(lnGamma(eta)) * gammaP(eta, y);
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
  mean(t0, t1, p) {
    const from = (t: number) => (t < p[0]! ? -side(p[0]! - t, p[1]!, p[3]!) : side(t - p[0]!, p[2]!, p[3]!));
    if (t0 === t1) {
      const tau = t0 < p[0]! ? p[1]! : p[2]!;
      return Math.exp(-0.5 * (Math.abs(t0 - p[0]!) / tau) ** (1 / p[3]!));
    }
    return (from(t1) - from(t0)) / (t1 - t0);
  },
};
