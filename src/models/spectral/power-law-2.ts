import type { SpectralDeclaration } from "../declaration.js";
import { fromLogDerivatives, integralOfExp, logLinear, setBoth } from "./shape.js";

const flux = (q: number, e0: number, e1: number) => integralOfExp(q, Math.log(e0), Math.log(e1));

/** coth u - 1/u: half the derivative of ln int exp(q t) dt by q, per half width. */
function langevin(u: number): number {
  return Math.abs(u) < 0.05 ? u / 3 - u ** 3 / 45 + (2 * u ** 5) / 945 - u ** 7 / 4725 : 1 / Math.tanh(u) - 1 / u;
}

/** d/du (coth u - 1/u) = 1/u^2 - 1/sinh^2 u */
function langevinSlope(u: number): number {
  return Math.abs(u) < 0.05
    ? 1 / 3 - u ** 2 / 15 + (2 * u ** 4) / 189 - u ** 6 / 675
    : 1 / u ** 2 - 1 / Math.sinh(u) ** 2;
}

export const powerLaw2: SpectralDeclaration = {
  type: "PowerLaw2SpectralModel",
  tag: "pl-2",
  about: "Power law with its integral flux between emin and emax as amplitude",
  latex: String.raw`F_0 \frac{1 - \Gamma}{E_{max}^{1 - \Gamma} - E_{min}^{1 - \Gamma}} E^{-\Gamma}`,
  parameters: {
    amplitude: { unit: "cm-2 s-1", value: 1e-12, about: "flux between emin and emax" },
    index: { unit: "", value: 2, about: "photon index" },
    emin: { unit: "TeV", value: 0.1, frozen: true, about: "lower end of the flux" },
    emax: { unit: "TeV", value: 100, frozen: true, about: "upper end of the flux" },
  },
  norm: "amplitude",
  powerLawSegments: true,
  evaluate: (e, p) => (p[0]! * e ** -p[1]!) / flux(1 - p[1]!, p[2]!, p[3]!),
  integral: (e0, e1, p) => (p[0]! * flux(1 - p[1]!, e0, e1)) / flux(1 - p[1]!, p[2]!, p[3]!),
  energyFlux: (e0, e1, p) => (p[0]! * flux(2 - p[1]!, e0, e1)) / flux(1 - p[1]!, p[2]!, p[3]!),
  derivatives(e, p, g, h) {
    // ln s = -index ln E - ln N, N = int_a^b exp(q t) dt with q = 1 - index, a = ln emin, b = ln emax
    const q = 1 - p[1]!;
    const a = Math.log(p[2]!);
    const b = Math.log(p[3]!);
    const half = (b - a) / 2;
    const n = integralOfExp(q, a, b);
    const nq = (a + b) / 2 + half * langevin(q * half);
    const na = -Math.exp(q * a) / n;
    const nb = Math.exp(q * b) / n;
    h.fill(0);
    g[1] = nq - Math.log(e);
    g[2] = -na / p[2]!;
    g[3] = -nb / p[3]!;
    h[5] = -half * half * langevinSlope(q * half);
    setBoth(h, 4, 1, 2, ((a - nq) * na) / p[2]!);
    setBoth(h, 4, 1, 3, ((b - nq) * nb) / p[3]!);
    h[10] = -(q * na - na * na - na) / p[2]! ** 2;
    h[15] = -(q * nb - nb * nb - nb) / p[3]! ** 2;
    setBoth(h, 4, 2, 3, (na * nb) / (p[2]! * p[3]!));
    return fromLogDerivatives(e ** -p[1]! / n, 0, p[0]!, g, h);
  },
  // The index enters N as well, so ln dnde is linear in it only while it is fixed.
  logBasis(p, free) {
    const index = p[1]!;
    const shift = Math.log(flux(1 - index, p[2]!, p[3]!));
    return logLinear(
      free,
      0,
      [],
      () => 0,
      (e) => -index * Math.log(e) - shift,
    );
  },
};
