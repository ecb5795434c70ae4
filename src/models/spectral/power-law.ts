import type { SpectralDeclaration, SpectralFunction } from "../declaration.js";
import {
  amplitude,
  fromLogDerivatives,
  integralOfExp,
  logLinear,
  norm,
  reference,
  setAlong,
  setBoth,
} from "./shape.js";

/** y = p[k] (E / p[r])^-p[i], for the orders of parameters in which Gammapy declares it. */
function powerLawFunction(i: number, k: number, r: number): SpectralFunction & Pick<SpectralDeclaration, "evaluate"> {
  // int E^m dnde dE = A ref^(m+1) int exp((m + 1 - index) t) dt, t = ln(E / ref)
  const moment = (m: number, e0: number, e1: number, p: Float64Array) => {
    const ref = p[r]!;
    return p[k]! * ref ** (m + 1) * integralOfExp(m + 1 - p[i]!, Math.log(e0 / ref), Math.log(e1 / ref));
  };
  return {
    powerLawSegments: true,
    evaluate: (e, p) => p[k]! * (e / p[r]!) ** -p[i]!,
    integral: (e0, e1, p) => moment(0, e0, e1, p),
    energyFlux: (e0, e1, p) => moment(1, e0, e1, p),
    derivatives(e, p, g, h) {
      const ref = p[r]!;
      const l = Math.log(e / ref);
      h.fill(0);
      g[i] = -l;
      g[r] = p[i]! / ref;
      setBoth(h, 3, i, r, 1 / ref);
      h[r * 3 + r] = -p[i]! / (ref * ref);
      return fromLogDerivatives(Math.exp(-p[i]! * l), k, p[k]!, g, h);
    },
    logBasis(p, free) {
      const ref = p[r]!;
      const slope = (e: number) => -Math.log(e / ref);
      return logLinear(
        free,
        k,
        [i],
        slope,
        () => 0,
        (e, j, out) => (j < 0 ? out.fill(0) : setAlong(out, slope(e), -1, 0)),
      );
    },
  };
}

export const powerLaw: SpectralDeclaration = {
  type: "PowerLawSpectralModel",
  tag: "pl",
  about: "dnde falls as a power of energy",
  latex: String.raw`\phi_0 \left(\frac{E}{E_0}\right)^{-\Gamma}`,
  parameters: {
    index: { unit: "", value: 2, about: "photon index" },
    amplitude,
    reference,
  },
  pivot: { name: "reference", free: ["amplitude"] },
  norm: "amplitude",
  energies: ["reference"],
  ...powerLawFunction(0, 1, 2),
};

export const powerLawNorm: SpectralDeclaration = {
  type: "PowerLawNormSpectralModel",
  tag: "pl-norm",
  about: "Factor that changes as a power of energy",
  latex: String.raw`\phi_0 \left(\frac{E}{E_0}\right)^{-\Gamma}`,
  parameters: {
    tilt: { unit: "", value: 0, frozen: true, about: "index of the factor" },
    norm,
    reference,
  },
  pivot: { name: "reference", free: ["norm"] },
  norm: "norm",
  energies: ["reference"],
  isNorm: true,
  ...powerLawFunction(0, 1, 2),
};
