import type { SpectralDeclaration, SpectralFunction } from "../declaration.js";
import { amplitude, fromLogDerivatives, logLinear, norm, reference, setAlong, setBoth } from "./shape.js";

/** y = p[1] (E / p[2])^-p[0] exp(-(p[3] E)^p[4]) */
const cutoffFunction: SpectralFunction = {
  evaluate: (e, p) => p[1]! * (e / p[2]!) ** -p[0]! * Math.exp(-((p[3]! * e) ** p[4]!)),
  derivatives(e, p, g, h) {
    const ref = p[2]!;
    const alpha = p[4]!;
    const l = Math.log(e / ref);
    const u = p[3]! * e;
    const v = u ** alpha;
    // v / lambda = E u^(alpha - 1): finite at lambda = 0 where alpha = 1
    const slope = e * u ** (alpha - 1);
    const logU = Math.log(u);
    const vLogU = v === 0 ? 0 : v * logU;
    h.fill(0);
    g[0] = -l;
    g[2] = p[0]! / ref;
    g[3] = -alpha * slope;
    g[4] = -vLogU;
    setBoth(h, 5, 0, 2, 1 / ref);
    h[12] = -p[0]! / (ref * ref);
    h[18] = alpha === 1 ? 0 : -alpha * (alpha - 1) * e * e * u ** (alpha - 2);
    setBoth(h, 5, 3, 4, -slope * (1 + alpha * logU));
    h[24] = v === 0 ? 0 : -vLogU * logU;
    return fromLogDerivatives(Math.exp(-p[0]! * l - v), 1, p[1]!, g, h);
  },
  logBasis(p, free) {
    const ref = p[2]!;
    const lambda = p[3]!;
    const alpha = p[4]!;
    const slope = (e: number) => -Math.log(e / ref);
    const cutoff = (e: number) => -((lambda * e) ** alpha);
    const linear = alpha === 1;
    return logLinear(
      free,
      1,
      linear ? [0, 3] : [0],
      (e, j) => (j === 0 ? slope(e) : -e),
      linear ? () => 0 : cutoff,
      (e, j, out) => {
        if (j === 0) setAlong(out, slope(e), -1, 0);
        else if (j > 0) setAlong(out, -e, -e, -e);
        else if (linear) out.fill(0);
        else setAlong(out, cutoff(e), alpha * cutoff(e), alpha * alpha * cutoff(e));
      },
    );
  },
};

const latex = String.raw`\phi_0 \left(\frac{E}{E_0}\right)^{-\Gamma} \exp(-(\lambda E)^\alpha)`;
const lambda = { unit: "TeV-1", value: 0.1, about: "inverse of the cutoff energy" };
const alpha = { unit: "", value: 1, frozen: true, about: "sharpness of the cutoff" };

export const expCutoffPowerLaw: SpectralDeclaration = {
  type: "ExpCutoffPowerLawSpectralModel",
  tag: "ecpl",
  about: "Power law with an exponential cutoff",
  latex,
  parameters: {
    index: { unit: "", value: 1.5, about: "photon index" },
    amplitude,
    reference,
    lambda_: lambda,
    alpha,
  },
  reductions: [{ type: "PowerLawSpectralModel", when: { lambda_: 0 }, without: ["alpha"] }],
  pivot: { name: "reference", free: ["amplitude"] },
  norm: "amplitude",
  energies: ["reference"],
  ...cutoffFunction,
};

export const expCutoffPowerLawNorm: SpectralDeclaration = {
  type: "ExpCutoffPowerLawNormSpectralModel",
  tag: "ecpl-norm",
  about: "Factor with the shape of a power law with an exponential cutoff",
  latex,
  parameters: {
    index: { unit: "", value: 0, about: "index of the factor" },
    norm,
    reference,
    lambda_: lambda,
    alpha,
  },
  reductions: [{ type: "PowerLawNormSpectralModel", when: { lambda_: 0 }, as: { tilt: "index" }, without: ["alpha"] }],
  pivot: { name: "reference", free: ["norm"] },
  norm: "norm",
  energies: ["reference"],
  isNorm: true,
  ...cutoffFunction,
};
