import type { SpatialDeclaration } from "../declaration.js";

export const constantSpatial: SpatialDeclaration = {
  type: "ConstantSpatialModel",
  tag: "const",
  about: "The same brightness everywhere",
  latex: "k",
  parameters: { value: { unit: "sr-1", value: 1, frozen: true, about: "brightness" } },
  global: true,
  evaluate: (_lon, _lat, p) => p[0]!,
  derivatives(_lon, _lat, p, g, h) {
    g[0] = 1;
    h[0] = 0;
    return p[0]!;
  },
  evaluationRadius: () => Number.POSITIVE_INFINITY,
  binSizeMin: () => undefined,
};
