import type { PriorDeclaration } from "../declaration.js";

export const uniformPrior: PriorDeclaration = {
  type: "UniformPrior",
  tag: "UniformPrior",
  about: "The same density between min and max, none outside",
  parameters: { min: { value: 0, about: "lower end" }, max: { value: 1, about: "upper end" } },
  limits: (p) => [p[0]!, p[1]!],
  evaluate: (x, p) => (x >= p[0]! && x <= p[1]! ? 2 * Math.log(p[1]! - p[0]!) : Number.POSITIVE_INFINITY),
  derivatives: () => [0, 0],
};
