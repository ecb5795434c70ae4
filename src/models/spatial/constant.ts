import type { SpatialDeclaration } from "../declaration.js";

const everywhere = {
  global: true,
  evaluationRadius: () => Number.POSITIVE_INFINITY,
  binSizeMin: () => undefined,
} as const;

export const constantSpatial: SpatialDeclaration = {
  type: "ConstantSpatialModel",
  tag: "const",
  about: "The same brightness everywhere",
  latex: "k",
  parameters: { value: { unit: "sr-1", value: 1, frozen: true, about: "brightness" } },
  ...everywhere,
  evaluate: (_lon, _lat, p) => p[0]!,
  derivatives(_lon, _lat, p, g, h) {
    g[0] = 1;
    h[0] = 0;
    return p[0]!;
  },
};

export const constantFluxSpatial: SpatialDeclaration = {
  type: "ConstantFluxSpatialModel",
  tag: "const-flux",
  about: "The same flux in each pixel, whatever its solid angle: the spectrum is that of a pixel",
  latex: String.raw`1 / \Omega_i`,
  parameters: {},
  ...everywhere,
  perPixel: true,
  evaluate: () => 1,
  derivatives: () => 1,
};
