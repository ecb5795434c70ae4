import type { SpectralDeclaration } from "../declaration.js";
import { amplitude, fromLogDerivatives, logLinear, reference, setBoth } from "./shape.js";

export const expCutoffPowerLaw3fgl: SpectralDeclaration = {
  type: "ExpCutoffPowerLaw3FGLSpectralModel",
  tag: "ecpl-3fgl",
  about: "Power law with an exponential cutoff, as in the Fermi-LAT catalogue 3FGL",
  latex: String.raw`\phi_0 \left(\frac{E}{E_0}\right)^{-\Gamma} \exp\left(\frac{E_0 - E}{E_C}\right)`,
  parameters: {
    index: { unit: "", value: 1.5, about: "photon index" },
    amplitude,
    reference,
    ecut: { unit: "TeV", value: 10, about: "cutoff energy" },
  },
  norm: "amplitude",
  energies: ["reference"],
  evaluate: (e, p) => p[1]! * (e / p[2]!) ** -p[0]! * Math.exp((p[2]! - e) / p[3]!),
  derivatives(e, p, g, h) {
    const ref = p[2]!;
    const cut = p[3]!;
    const l = Math.log(e / ref);
    const d = ref - e;
    h.fill(0);
    g[0] = -l;
    g[2] = p[0]! / ref + 1 / cut;
    g[3] = -d / cut ** 2;
    setBoth(h, 4, 0, 2, 1 / ref);
    setBoth(h, 4, 2, 3, -1 / cut ** 2);
    h[10] = -p[0]! / ref ** 2;
    h[15] = (2 * d) / cut ** 3;
    return fromLogDerivatives(Math.exp(-p[0]! * l + d / cut), 1, p[1]!, g, h);
  },
  logBasis(p, free) {
    const ref = p[2]!;
    const cut = p[3]!;
    return logLinear(
      free,
      1,
      [0],
      (e) => -Math.log(e / ref),
      (e) => (ref - e) / cut,
    );
  },
};
