import { lnGamma } from "../../math/gamma.js";
import type { PriorDeclaration } from "../declaration.js";

/** p(x) = exp(-|t|^b) b / (2 s Gamma(1/b)), t = (x - mu) / s, s = sqrt(2) sigma, b = 1 / eta */
export const generalizedGaussianPrior: PriorDeclaration = {
  type: "GeneralizedGaussianPrior",
  tag: "GeneralizedGaussianPrior",
  about: "Normal distribution with another sharpness: eta 0.5 is normal, 1 is Laplace, towards 0 a box",
  parameters: {
    mu: { value: 0, about: "mean" },
    sigma: { value: 1, about: "width", positive: true },
    eta: { value: 0.5, about: "shape", positive: true },
  },
  kinks: (p) => (p[2]! >= 1 ? [p[0]!] : []),
  normal: { mean: "mu", sigma: "sigma", of: "x" },
  evaluate(x, p) {
    const scale = Math.SQRT2 * p[1]!;
    const t = Math.abs(x - p[0]!) / scale;
    return 2 * (t ** (1 / p[2]!) + Math.log(2 * scale * p[2]!) + lnGamma(p[2]!));
  },
  derivatives(x, p) {
    const scale = Math.SQRT2 * p[1]!;
    const b = 1 / p[2]!;
    const t = (x - p[0]!) / scale;
    const size = Math.abs(t);
    if (size === 0 && b <= 1) return [0, 0];
    const second = b === 1 ? 0 : (2 * b * (b - 1) * size ** (b - 2)) / (scale * scale);
    return [(2 * b * Math.sign(t) * size ** (b - 1)) / scale, second];
  },
};
