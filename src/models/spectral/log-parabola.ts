import type { SpectralDeclaration, SpectralFunction } from "../declaration.js";
import { amplitude, fromLogDerivatives, logLinear, norm, reference, setAlong, setBoth } from "./shape.js";

/** y = p[0] (E / p[1])^(-p[2] - p[3] ln(E / p[1])) */
const logParabolaFunction: SpectralFunction = {
  evaluate(e, p) {
    const l = Math.log(e / p[1]!);
    return p[0]! * Math.exp(-(p[2]! + p[3]! * l) * l);
  },
  derivatives(e, p, g, h) {
    const ref = p[1]!;
    const l = Math.log(e / ref);
    const slope = p[2]! + 2 * p[3]! * l;
    h.fill(0);
    g[1] = slope / ref;
    g[2] = -l;
    g[3] = -l * l;
    h[5] = -(slope + 2 * p[3]!) / (ref * ref);
    setBoth(h, 4, 1, 2, 1 / ref);
    setBoth(h, 4, 1, 3, (2 * l) / ref);
    return fromLogDerivatives(Math.exp(-(p[2]! + p[3]! * l) * l), 0, p[0]!, g, h);
  },
  logBasis(p, free) {
    const ref = p[1]!;
    return logLinear(
      free,
      0,
      [2, 3],
      (e, j) => {
        const l = Math.log(e / ref);
        return j === 0 ? -l : -l * l;
      },
      () => 0,
      (e, j, out) => {
        const l = Math.log(e / ref);
        if (j < 0) out.fill(0);
        else if (j === 0) setAlong(out, -l, -1, 0);
        else setAlong(out, -l * l, -2 * l, -2);
      },
    );
  },
};

const latex = String.raw`\phi_0 \left(\frac{E}{E_0}\right)^{-\alpha - \beta \ln(E / E_0)}`;

export const logParabola: SpectralDeclaration = {
  type: "LogParabolaSpectralModel",
  tag: "lp",
  about: "Power law whose index changes with the natural logarithm of energy",
  latex,
  parameters: {
    amplitude,
    reference: { ...reference, value: 10 },
    alpha: { unit: "", value: 2, about: "index at the reference energy" },
    beta: { unit: "", value: 1, start: 0.1, about: "curvature" },
  },
  reductions: [{ type: "PowerLawSpectralModel", when: { beta: 0 }, as: { index: "alpha" } }],
  pivot: { name: "reference", free: ["amplitude", "alpha"] },
  norm: "amplitude",
  energies: ["reference"],
  ...logParabolaFunction,
};

export const logParabolaNorm: SpectralDeclaration = {
  type: "LogParabolaNormSpectralModel",
  tag: "lp-norm",
  about: "Factor with the shape of a log parabola",
  latex,
  parameters: {
    norm,
    reference: { ...reference, value: 10 },
    alpha: { unit: "", value: 0, about: "index at the reference energy" },
    beta: { unit: "", value: 0, about: "curvature" },
  },
  reductions: [{ type: "PowerLawNormSpectralModel", when: { beta: 0 }, as: { tilt: "alpha" } }],
  pivot: { name: "reference", free: ["norm", "alpha"] },
  norm: "norm",
  energies: ["reference"],
  isNorm: true,
  ...logParabolaFunction,
};
