import type { SpectralDeclaration } from "../declaration.js";
import { erfDifference } from "../erf-difference.js";
import { fromLogDerivatives, logLinear, setBoth } from "./shape.js";

const sqrt2Pi = Math.sqrt(2 * Math.PI);

export const gaussianSpectrum: SpectralDeclaration = {
  type: "GaussianSpectralModel",
  tag: "gauss",
  about: "Line with a Gaussian shape",
  latex: String.raw`\frac{N_0}{\sigma \sqrt{2\pi}} \exp\left[-\frac{(E - \bar{E})^2}{2 \sigma^2}\right]`,
  parameters: {
    amplitude: { unit: "cm-2 s-1", value: 1e-12, about: "integral flux of the line" },
    mean: { unit: "TeV", value: 1, about: "centre of the line" },
    sigma: { unit: "TeV", value: 2, about: "width of the line" },
  },
  norm: "amplitude",
  energies: ["mean"],
  evaluate: (e, p) => (p[0]! / (p[2]! * sqrt2Pi)) * Math.exp(-0.5 * ((e - p[1]!) / p[2]!) ** 2),
  integral(e0, e1, p) {
    const scale = p[2]! * Math.SQRT2;
    return (p[0]! / 2) * erfDifference((e0 - p[1]!) / scale, (e1 - p[1]!) / scale);
  },
  energyFlux(e0, e1, p) {
    const scale = p[2]! * Math.SQRT2;
    const u0 = (e0 - p[1]!) / scale;
    const u1 = (e1 - p[1]!) / scale;
    const edges = (p[2]! / sqrt2Pi) * (Math.exp(-u0 * u0) - Math.exp(-u1 * u1));
    return p[0]! * (edges + (p[1]! / 2) * erfDifference(u0, u1));
  },
  derivatives(e, p, g, h) {
    const sigma = p[2]!;
    const u = (e - p[1]!) / sigma;
    h.fill(0);
    g[1] = u / sigma;
    g[2] = (u * u - 1) / sigma;
    h[4] = -1 / sigma ** 2;
    h[8] = (1 - 3 * u * u) / sigma ** 2;
    setBoth(h, 3, 1, 2, (-2 * u) / sigma ** 2);
    return fromLogDerivatives(Math.exp(-0.5 * u * u) / (sigma * sqrt2Pi), 0, p[0]!, g, h);
  },
  logBasis(p, free) {
    const mean = p[1]!;
    const sigma = p[2]!;
    return logLinear(
      free,
      0,
      [],
      () => 0,
      (e) => -0.5 * ((e - mean) / sigma) ** 2 - Math.log(sigma * sqrt2Pi),
    );
  },
};
