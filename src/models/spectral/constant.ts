import type { SpectralDeclaration } from "../declaration.js";
import { logLinear } from "./shape.js";

export const constantSpectrum: SpectralDeclaration = {
  type: "ConstantSpectralModel",
  tag: "const",
  about: "The same dnde at all energies",
  latex: "k",
  parameters: { const: { unit: "cm-2 s-1 TeV-1", value: 1e-12, about: "dnde" } },
  norm: "const",
  powerLawSegments: true,
  evaluate: (_e, p) => p[0]!,
  integral: (e0, e1, p) => p[0]! * (e1 - e0),
  energyFlux: (e0, e1, p) => (p[0]! * (e1 - e0) * (e1 + e0)) / 2,
  derivatives(_e, p, g, h) {
    g[0] = 1;
    h[0] = 0;
    return p[0]!;
  },
  logBasis: (_p, free) => logLinear(free, 0, [], () => 0),
};
