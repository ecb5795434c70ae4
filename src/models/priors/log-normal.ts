import type { PriorDeclaration } from "../declaration.js";

/** -2 ln p of ln x ~ N(ln mu, sigma), as a density of x. The meaning of `mu` is that of Gammapy after 2.1 (its change 6799). */
export const logNormalPrior: PriorDeclaration = {
  type: "LogNormalPrior",
  tag: "LogNormalPrior",
  about: "Normal distribution of ln x, x > 0",
  parameters: {
    mu: { value: 1, about: "median of x (up to 0.1.0: mean of ln x)", positive: true },
    sigma: { value: 1, about: "standard deviation of ln x", positive: true },
  },
  normal: { mean: "mu", sigma: "sigma", of: "ln x" },
  evaluate: (x, p) =>
    x > 0
      ? (Math.log(x / p[0]!) / p[1]!) ** 2 + Math.log(2 * Math.PI * p[1]! ** 2) + 2 * Math.log(x)
      : Number.POSITIVE_INFINITY,
  derivatives(x, p) {
    const slope = 2 * (Math.log(x / p[0]!) / p[1]! ** 2 + 1);
    return [slope / x, (2 / p[1]! ** 2 - slope) / (x * x)];
  },
};
