import type { PriorDeclaration } from "../declaration.js";

export const logNormalPrior: PriorDeclaration = {
  type: "LogNormalPrior",
  tag: "LogNormalPrior",
  about: "Normal distribution of ln x, x > 0",
  parameters: {
    mu: { value: 0, about: "mean of ln x" },
    sigma: { value: 1, about: "standard deviation of ln x", positive: true },
  },
  normal: { mean: "mu", sigma: "sigma", of: "ln x" },
  evaluate: (x, p) =>
    x > 0
      ? ((Math.log(x) - p[0]!) / p[1]!) ** 2 + Math.log(2 * Math.PI * p[1]! ** 2) + 2 * Math.log(x)
      : Number.POSITIVE_INFINITY,
  derivatives(x, p) {
    const slope = 2 * ((Math.log(x) - p[0]!) / p[1]! ** 2 + 1);
    return [slope / x, (2 / p[1]! ** 2 - slope) / (x * x)];
  },
};
