import type { SpectralDeclaration } from "../declaration.js";
import { amplitude, fromLogDerivatives, logLinear, reference, setBoth } from "./shape.js";

const index1 = { unit: "", value: 1.5, about: "photon index" };
const index2 = { unit: "", value: 2, about: "sharpness of the cutoff" };

export const superExpCutoffPowerLaw3fgl: SpectralDeclaration = {
  type: "SuperExpCutoffPowerLaw3FGLSpectralModel",
  tag: "secpl-3fgl",
  about: "Power law with a super-exponential cutoff, as in the Fermi-LAT catalogue 3FGL",
  latex: String.raw`\phi_0 \left(\frac{E}{E_0}\right)^{-\Gamma_1} \exp\left[\left(\frac{E_0}{E_C}\right)^{\Gamma_2} - \left(\frac{E}{E_C}\right)^{\Gamma_2}\right]`,
  parameters: {
    amplitude,
    reference,
    ecut: { unit: "TeV", value: 10, about: "cutoff energy" },
    index_1: index1,
    index_2: index2,
  },
  norm: "amplitude",
  energies: ["reference"],
  evaluate: (e, p) => p[0]! * (e / p[1]!) ** -p[3]! * Math.exp((p[1]! / p[2]!) ** p[4]! - (e / p[2]!) ** p[4]!),
  derivatives(e, p, g, h) {
    const ref = p[1]!;
    const cut = p[2]!;
    const c = p[4]!;
    const l = Math.log(e / ref);
    // u = (ref / cut)^c, v = (E / cut)^c and their logarithms' bases
    const a = Math.log(ref / cut);
    const b = Math.log(e / cut);
    const u = Math.exp(c * a);
    const v = Math.exp(c * b);
    h.fill(0);
    g[1] = (p[3]! + c * u) / ref;
    g[2] = (-c * (u - v)) / cut;
    g[3] = -l;
    g[4] = u * a - v * b;
    h[6] = (-p[3]! + c * (c - 1) * u) / ref ** 2;
    h[12] = (c * (c + 1) * (u - v)) / cut ** 2;
    h[24] = u * a * a - v * b * b;
    setBoth(h, 5, 1, 2, (-c * c * u) / (ref * cut));
    setBoth(h, 5, 1, 3, 1 / ref);
    setBoth(h, 5, 1, 4, (u * (1 + c * a)) / ref);
    setBoth(h, 5, 2, 4, -(u - v + c * (u * a - v * b)) / cut);
    return fromLogDerivatives(Math.exp(-p[3]! * l + u - v), 0, p[0]!, g, h);
  },
  logBasis(p, free) {
    const [, ref, cut, , c] = p as unknown as [number, number, number, number, number];
    return logLinear(
      free,
      0,
      [3],
      (e) => -Math.log(e / ref),
      (e) => (ref / cut) ** c - (e / cut) ** c,
    );
  },
};

/** The energy unit of `expfactor`: 1 MeV in TeV. */
const mev = 1e-6;

export const superExpCutoffPowerLaw4fgl: SpectralDeclaration = {
  type: "SuperExpCutoffPowerLaw4FGLSpectralModel",
  tag: "secpl-4fgl",
  about: "Power law with a super-exponential cutoff, as in the Fermi-LAT catalogue 4FGL (DR1, DR2)",
  latex: String.raw`\phi_0 \left(\frac{E}{E_0}\right)^{-\Gamma_1} \exp\left[a\left(E_0^{\Gamma_2} - E^{\Gamma_2}\right)\right]`,
  parameters: {
    amplitude,
    reference,
    expfactor: { unit: "", value: 1e-14, about: "factor a of the cutoff, energies in MeV" },
    index_1: index1,
    index_2: index2,
  },
  reductions: [
    { type: "PowerLawSpectralModel", when: { expfactor: 0 }, as: { index: "index_1" }, without: ["index_2"] },
  ],
  norm: "amplitude",
  energies: ["reference"],
  evaluate: (e, p) => p[0]! * (e / p[1]!) ** -p[3]! * Math.exp(p[2]! * ((p[1]! / mev) ** p[4]! - (e / mev) ** p[4]!)),
  derivatives(e, p, g, h) {
    const ref = p[1]!;
    const f = p[2]!;
    const c = p[4]!;
    const l = Math.log(e / ref);
    const a = Math.log(ref / mev);
    const b = Math.log(e / mev);
    const u = Math.exp(c * a);
    const v = Math.exp(c * b);
    h.fill(0);
    g[1] = (p[3]! + f * c * u) / ref;
    g[2] = u - v;
    g[3] = -l;
    g[4] = f * (u * a - v * b);
    h[6] = (-p[3]! + f * c * (c - 1) * u) / ref ** 2;
    h[24] = f * (u * a * a - v * b * b);
    setBoth(h, 5, 1, 2, (c * u) / ref);
    setBoth(h, 5, 1, 3, 1 / ref);
    setBoth(h, 5, 1, 4, (f * u * (1 + c * a)) / ref);
    setBoth(h, 5, 2, 4, u * a - v * b);
    return fromLogDerivatives(Math.exp(-p[3]! * l + f * (u - v)), 0, p[0]!, g, h);
  },
  logBasis(p, free) {
    const ref = p[1]!;
    const c = p[4]!;
    return logLinear(free, 0, [3, 2], (e, j) => (j === 0 ? -Math.log(e / ref) : (ref / mev) ** c - (e / mev) ** c));
  },
};

/**
 * psi(z) = (1 + z - exp(z)) / z^2 and its first two derivatives: with z = c ln(E / ref) the cutoff is exp(a l^2 psi(z)), which has
 * no special case at c = 0.
 */
function psi(z: number): readonly [number, number, number] {
  if (Math.abs(z) > 0.5) {
    const ez = Math.exp(z);
    const f = 1 + z - ez;
    return [
      f / z ** 2,
      (1 - ez) / z ** 2 - (2 * f) / z ** 3,
      -ez / z ** 2 - (4 * (1 - ez)) / z ** 3 + (6 * f) / z ** 4,
    ];
  }
  // -sum_k z^k / (k + 2)!
  let value = 0;
  let first = 0;
  let second = 0;
  for (let k = 16, inverse = 1 / 6402373705728000; k >= 0; k--) {
    value = value * z - inverse;
    if (k >= 1) first = first * z - k * inverse;
    if (k >= 2) second = second * z - k * (k - 1) * inverse;
    inverse *= k + 2;
  }
  return [value, first, second];
}

export const superExpCutoffPowerLaw4fglDr3: SpectralDeclaration = {
  type: "SuperExpCutoffPowerLaw4FGLDR3SpectralModel",
  tag: "secpl-4fgl-dr3",
  about: "Power law with a super-exponential cutoff, as in the Fermi-LAT catalogue 4FGL-DR3",
  latex: String.raw`\phi_0 \left(\frac{E}{E_0}\right)^{a/\Gamma_2 - \Gamma_1} \exp\left[\frac{a}{\Gamma_2^2}\left(1 - \left(\frac{E}{E_0}\right)^{\Gamma_2}\right)\right]`,
  parameters: {
    amplitude,
    reference,
    expfactor: { unit: "", value: 0.01, about: "factor a of the cutoff" },
    index_1: index1,
    index_2: index2,
  },
  reductions: [
    { type: "PowerLawSpectralModel", when: { expfactor: 0 }, as: { index: "index_1" }, without: ["index_2"] },
  ],
  norm: "amplitude",
  energies: ["reference"],
  evaluate(e, p) {
    const l = Math.log(e / p[1]!);
    return p[0]! * Math.exp(-p[3]! * l + p[2]! * l * l * psi(p[4]! * l)[0]);
  },
  derivatives(e, p, g, h) {
    const ref = p[1]!;
    const a = p[2]!;
    const c = p[4]!;
    const l = Math.log(e / ref);
    const z = c * l;
    const [q, q1, q2] = psi(z);
    // ln s = -index_1 l + a B, B = l^2 psi(c l)
    const bl = 2 * l * q + l * z * q1;
    const bc = l ** 3 * q1;
    const bll = 2 * q + 4 * z * q1 + z * z * q2;
    const bcc = l ** 4 * q2;
    const blc = 3 * l * l * q1 + l * l * z * q2;
    const slope = -p[3]! + a * bl;
    h.fill(0);
    g[1] = -slope / ref;
    g[2] = l * l * q;
    g[3] = -l;
    g[4] = a * bc;
    h[6] = (slope + a * bll) / ref ** 2;
    h[24] = a * bcc;
    setBoth(h, 5, 1, 2, -bl / ref);
    setBoth(h, 5, 1, 3, 1 / ref);
    setBoth(h, 5, 1, 4, (-a * blc) / ref);
    setBoth(h, 5, 2, 4, bc);
    return fromLogDerivatives(Math.exp(-p[3]! * l + a * l * l * q), 0, p[0]!, g, h);
  },
  logBasis(p, free) {
    const ref = p[1]!;
    const c = p[4]!;
    return logLinear(free, 0, [3, 2], (e, j) => {
      const l = Math.log(e / ref);
      return j === 0 ? -l : l * l * psi(c * l)[0];
    });
  },
};
