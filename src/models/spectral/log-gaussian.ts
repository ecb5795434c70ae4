import type { SpectralDeclaration } from "../declaration.js";
import { erfDifference } from "../erf-difference.js";
import { fromLogDerivatives, logLinear, setBoth } from "./shape.js";

const ROOT = Math.sqrt(2 * Math.PI);

/** The bump of cosmic-ray electrons in Bernlöhr et al. (2013); Gammapy has it inside of `create_cosmic_ray_spectral_model`. */
export const logGaussianSpectrum: SpectralDeclaration = {
  type: "LogGaussianSpectralModel",
  tag: "log-gauss",
  about: "Bump that is Gaussian in ln E",
  latex: String.raw`\frac{L}{E\, w \sqrt{2 \pi}} \exp\left[-\frac{\ln^2(E / E_p)}{2 w^2}\right]`,
  parameters: {
    L: { unit: "cm-2 s-1", value: 1e-12, about: "integral flux of the bump" },
    Ep: { unit: "TeV", value: 0.107, about: "energy of the bump" },
    w: { unit: "", value: 0.776, min: 0, about: "width in ln E" },
  },
  norm: "L",
  energies: ["Ep"],
  evaluate: (e, p) => (p[0]! / (e * p[2]! * ROOT)) * Math.exp(-0.5 * (Math.log(e / p[1]!) / p[2]!) ** 2),
  integral(e0, e1, p) {
    const scale = p[2]! * Math.SQRT2;
    return (p[0]! / 2) * erfDifference(Math.log(e0 / p[1]!) / scale, Math.log(e1 / p[1]!) / scale);
  },
  energyFlux(e0, e1, p) {
    // E dnde is a Gaussian about ln Ep + w^2
    const [, peak, w] = p as unknown as [number, number, number];
    const at = (e: number) => (Math.log(e / peak) - w * w) / (w * Math.SQRT2);
    return (p[0]! / 2) * peak * Math.exp((w * w) / 2) * erfDifference(at(e0), at(e1));
  },
  derivatives(e, p, g, h) {
    const w = p[2]!;
    const u = Math.log(e / p[1]!) / w;
    h.fill(0);
    g[1] = u / (w * p[1]!);
    g[2] = (u * u - 1) / w;
    h[4] = -(1 / w + u) / (w * p[1]! ** 2);
    h[8] = (1 - 3 * u * u) / (w * w);
    setBoth(h, 3, 1, 2, (-2 * u) / (w * w * p[1]!));
    return fromLogDerivatives(Math.exp(-0.5 * u * u) / (e * w * ROOT), 0, p[0]!, g, h);
  },
  logBasis(p, free) {
    const [, peak, w] = p as unknown as [number, number, number];
    return logLinear(
      free,
      0,
      [],
      () => 0,
      (e) => -0.5 * (Math.log(e / peak) / w) ** 2 - Math.log(e * w * ROOT),
    );
  },
};
