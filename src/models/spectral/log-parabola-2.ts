import type { SpectralDeclaration } from "../declaration.js";
import { amplitude, fromLogDerivatives, logLinear, reference, setBoth } from "./shape.js";

export const logParabola2: SpectralDeclaration = {
  type: "LogParabola2SpectralModel",
  tag: "lp2",
  about: "Log parabola whose index alpha holds at an energy of its own",
  latex: String.raw`\phi_0 \left(\frac{E}{E_0}\right)^{-\alpha - \beta \ln(E / E_s)}`,
  parameters: {
    amplitude,
    reference: { ...reference, value: 10 },
    alpha: { unit: "", value: 2, about: "index at escale" },
    beta: { unit: "", value: 1, start: 0.1, about: "curvature" },
    escale: { unit: "TeV", value: 1, frozen: true, about: "energy of the index alpha" },
  },
  reductions: [{ type: "PowerLawSpectralModel", when: { beta: 0 }, as: { index: "alpha" }, without: ["escale"] }],
  norm: "amplitude",
  energies: ["reference"],
  evaluate: (e, p) => p[0]! * Math.exp(-(p[2]! + p[3]! * Math.log(e / p[4]!)) * Math.log(e / p[1]!)),
  derivatives(e, p, g, h) {
    const ref = p[1]!;
    const scale = p[4]!;
    const beta = p[3]!;
    const l = Math.log(e / ref);
    const m = Math.log(e / scale);
    const index = p[2]! + beta * m;
    h.fill(0);
    g[1] = index / ref;
    g[2] = -l;
    g[3] = -l * m;
    g[4] = (beta * l) / scale;
    h[6] = -index / (ref * ref);
    h[24] = (-beta * l) / (scale * scale);
    setBoth(h, 5, 1, 2, 1 / ref);
    setBoth(h, 5, 1, 3, m / ref);
    setBoth(h, 5, 1, 4, -beta / (ref * scale));
    setBoth(h, 5, 3, 4, l / scale);
    return fromLogDerivatives(Math.exp(-index * l), 0, p[0]!, g, h);
  },
  logBasis(p, free) {
    const ref = p[1]!;
    const scale = p[4]!;
    return logLinear(free, 0, [2, 3], (e, j) => -Math.log(e / ref) * (j === 0 ? 1 : Math.log(e / scale)));
  },
};
