import type { SpectralDeclaration } from "../declaration.js";
import { amplitude, fromLogDerivatives, logLinear, setBoth } from "./shape.js";

export const brokenPowerLaw: SpectralDeclaration = {
  type: "BrokenPowerLawSpectralModel",
  tag: "bpl",
  about: "Two power laws that meet at an energy",
  latex: String.raw`\phi_0 \left(\frac{E}{E_b}\right)^{-\Gamma_{1,2}}`,
  parameters: {
    index1: { unit: "", value: 2, about: "photon index below the break" },
    index2: { unit: "", value: 2, start: 2.5, about: "photon index above the break" },
    amplitude,
    ebreak: { unit: "TeV", value: 1, about: "energy of the break" },
  },
  reductions: [
    { type: "PowerLawSpectralModel", when: { index2: "index1" }, as: { index: "index1" }, without: ["ebreak"] },
  ],
  norm: "amplitude",
  energies: ["ebreak"],
  evaluate: (e, p) => p[2]! * (e / p[3]!) ** -(e < p[3]! ? p[0]! : p[1]!),
  derivatives(e, p, g, h) {
    const br = p[3]!;
    const side = e < br ? 0 : 1;
    const index = p[side]!;
    const l = Math.log(e / br);
    g.fill(0);
    h.fill(0);
    g[side] = -l;
    g[3] = index / br;
    setBoth(h, 4, side, 3, 1 / br);
    h[15] = -index / (br * br);
    return fromLogDerivatives(Math.exp(-index * l), 2, p[2]!, g, h);
  },
  logBasis(p, free) {
    const br = p[3]!;
    return logLinear(free, 2, [0, 1], (e, j) => ((e < br ? 0 : 1) === j ? -Math.log(e / br) : 0));
  },
};
