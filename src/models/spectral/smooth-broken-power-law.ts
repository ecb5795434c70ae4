import type { SpectralDeclaration } from "../declaration.js";
import { amplitude, fromLogDerivatives, logLinear, reference, setBoth } from "./shape.js";

/** ln(1 + exp(z)) without overflow. */
const softplus = (z: number) => (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)));

/** beta takes the sign of index2 - index1, so that the steeper side does not depend on the order (equal indices: plus). */
const signedBeta = (p: Float64Array) => (p[1]! < p[0]! ? -p[5]! : p[5]!);

/** ln of the factor [1 + (E / Eb)^((index2 - index1) / b)]^-b */
function logBend(e: number, p: Float64Array): number {
  const b = signedBeta(p);
  return -b * softplus(((p[1]! - p[0]!) * Math.log(e / p[3]!)) / b);
}

export const smoothBrokenPowerLaw: SpectralDeclaration = {
  type: "SmoothBrokenPowerLawSpectralModel",
  tag: "sbpl",
  about: "Two power laws with a smooth passage",
  latex: String.raw`\phi_0 \left(\frac{E}{E_0}\right)^{-\Gamma_1} \left[1 + \left(\frac{E}{E_b}\right)^{(\Gamma_2 - \Gamma_1)/\beta}\right]^{-\beta}`,
  parameters: {
    index1: { unit: "", value: 2, about: "photon index below the break" },
    index2: { unit: "", value: 2, start: 2.5, about: "photon index above the break" },
    amplitude,
    ebreak: { unit: "TeV", value: 1, about: "energy of the break" },
    reference,
    beta: { unit: "", value: 1, frozen: true, about: "smoothness of the break" },
  },
  reductions: [
    { type: "PowerLawSpectralModel", when: { index2: "index1" }, as: { index: "index1" }, without: ["ebreak", "beta"] },
  ],
  pivot: { name: "reference", free: ["amplitude"] },
  norm: "amplitude",
  energies: ["reference", "ebreak"],
  evaluate: (e, p) => p[2]! * Math.exp(-p[0]! * Math.log(e / p[4]!) + logBend(e, p)),
  derivatives(e, p, g, h) {
    const b = signedBeta(p);
    const sign = b === p[5]! ? 1 : -1;
    const br = p[3]!;
    const ref = p[4]!;
    const d = p[1]! - p[0]!;
    const m = Math.log(e / br);
    const z = (d * m) / b;
    const w = 1 / (1 + Math.exp(-z));
    const t = w * (1 - w);
    const l = Math.log(e / ref);
    // derivatives of F = b softplus(d m / b); ln s = -index1 l - F
    const fd = w * m;
    const fm = w * d;
    const fb = softplus(z) - w * z;
    const fdd = (t * m * m) / b;
    const fdm = w + t * z;
    const fdb = (-t * m * z) / b;
    const fmm = (t * d * d) / b;
    const fmb = (-t * d * z) / b;
    const fbb = (t * z * z) / b;
    h.fill(0);
    g[0] = -l + fd;
    g[1] = -fd;
    g[3] = fm / br;
    g[4] = p[0]! / ref;
    g[5] = -sign * fb;
    h[0] = -fdd;
    h[7] = -fdd;
    setBoth(h, 6, 0, 1, fdd);
    setBoth(h, 6, 0, 3, -fdm / br);
    setBoth(h, 6, 1, 3, fdm / br);
    setBoth(h, 6, 0, 4, 1 / ref);
    setBoth(h, 6, 0, 5, sign * fdb);
    setBoth(h, 6, 1, 5, -sign * fdb);
    h[21] = -(fmm + fm) / (br * br);
    setBoth(h, 6, 3, 5, (sign * fmb) / br);
    h[28] = -p[0]! / (ref * ref);
    h[35] = -fbb;
    return fromLogDerivatives(Math.exp(-p[0]! * l + logBend(e, p)), 2, p[2]!, g, h);
  },
  logBasis(p, free) {
    const fixed = p.slice();
    return logLinear(
      free,
      2,
      [],
      () => 0,
      (e) => -fixed[0]! * Math.log(e / fixed[4]!) + logBend(e, fixed),
    );
  },
};
