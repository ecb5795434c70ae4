import type { SpectralDeclaration } from "../declaration.js";
import { logLinear } from "./shape.js";

/** log10 of E^2 dnde over erg cm-2 s-1, by powers of log10(E / TeV) from the fifth down [Meyer, Horns & Zechlin 2010, A&A 523, A2, Appendix D]. */
const COEFFICIENTS = [-0.00449161, 0, 0.0473174, -0.179475, -0.53616, -10.2708];
const TEV_PER_ERG = 1 / 1.602176634;

/** ln dnde of norm 1. */
function logMeyer(e: number): number {
  const x = Math.log10(e);
  const y = COEFFICIENTS.reduce((sum, c) => sum * x + c, 0);
  return (y - 2 * x) * Math.LN10 + Math.log(TEV_PER_ERG);
}

export const meyerCrab: SpectralDeclaration = {
  type: "MeyerCrabSpectralModel",
  tag: "crab-meyer",
  about: "Crab Nebula as measured from 1 MeV to 100 TeV (Meyer et al. 2010), times a norm",
  latex: String.raw`n\, E^{-2}\, 10^{\sum_k c_k \log_{10}^k E}`,
  parameters: { norm: { unit: "", value: 1, frozen: true, about: "factor on the spectrum" } },
  norm: "norm",
  evaluate: (e, p) => p[0]! * Math.exp(logMeyer(e)),
  derivatives(e, p, g, h) {
    g[0] = Math.exp(logMeyer(e));
    h[0] = 0;
    return p[0]! * g[0];
  },
  logBasis: (_p, free) => logLinear(free, 0, [], () => 0, logMeyer),
};
