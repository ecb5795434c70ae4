import type { PriorDeclaration } from "../declaration.js";

export const gaussianPrior: PriorDeclaration = {
  type: "GaussianPrior",
  tag: "GaussianPrior",
  about: "Normal distribution",
  parameters: { mu: { value: 0, about: "mean" }, sigma: { value: 1, about: "standard deviation", positive: true } },
  normal: { mean: "mu", sigma: "sigma", of: "x" },
  measured: { index: 0, error: (p) => p[1]! },
  evaluate: (x, p) => ((x - p[0]!) / p[1]!) ** 2 + Math.log(2 * Math.PI * p[1]! ** 2),
  derivatives: (x, p) => [(2 * (x - p[0]!)) / p[1]! ** 2, 2 / p[1]! ** 2],
};
