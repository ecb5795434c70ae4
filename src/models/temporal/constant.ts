import type { TemporalDeclaration } from "../declaration.js";

export const constantTemporal: TemporalDeclaration = {
  type: "ConstantTemporalModel",
  tag: "const",
  about: "No change with time",
  latex: "1",
  parameters: {},
  mean: () => 1,
  derivatives: () => 1,
};
