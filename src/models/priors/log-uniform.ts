import type { PriorDeclaration } from "../declaration.js";

export const logUniformPrior: PriorDeclaration = {
  type: "LogUniformPrior",
  tag: "LogUniformPrior",
  about: "The same density in ln x between min and max, none outside",
  parameters: { min: { value: 1e-14, about: "lower end", positive: true }, max: { value: 1e-10, about: "upper end" } },
  limits: (p) => [p[0]!, p[1]!],
  evaluate: (x, p) => (x >= p[0]! && x <= p[1]! ? 2 * Math.log(x * Math.log(p[1]! / p[0]!)) : Number.POSITIVE_INFINITY),
  derivatives: (x) => [2 / x, -2 / (x * x)],
};
