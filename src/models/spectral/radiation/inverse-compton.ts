/** Inverse Compton radiation on isotropic (diluted) black bodies [Khangulyan, Aharonian & Kelner 2014, ApJ 783, 100]. */
import { ELECTRON, RADIATION } from "./constants.js";
import type { Kernel } from "./kernel.js";

/** k / (m_e c2), K-1 */
const THETA = 1.6863699549e-10;
/** 2 r0^2 m_e^3 c^4 / (pi hbar^3), s-1 */
const RATE = 2.6318735743809104e16;
const PI26 = Math.PI ** 2 / 6;
// alpha, a, beta, b, c of Eqs. 26 and 27
const G3 = [0.606, 0.443, 1.481, 0.54, 0.319] as const;
const G4 = [0.461, 0.726, 1.457, 0.382, 6.62] as const;

/** Fills out with G(x) of Eqs. 20, 24, 25 and its first and second derivative by u = ln x. */
function khangulyan(x: number, u: number, p: readonly [number, number, number, number, number], out: Float64Array) {
  const [alpha, a, beta, b, c] = p;
  const power = b * Math.exp(beta * u);
  const r = (a * Math.exp(alpha * u)) / (1 + power);
  const near = c * x;
  const far = PI26 * near;
  const value = (PI26 * (1 + near) * Math.exp(-x)) / ((1 + far) * (1 + r));
  const [n, f, w, q] = [near / (1 + near), far / (1 + far), r / (1 + r), power / (1 + power)];
  const slope = alpha - beta * q;
  const first = n - f - x - w * slope;
  const second = n * (1 - n) - f * (1 - f) - x - w * ((1 - w) * slope * slope - beta * beta * q * (1 - q));
  out[0] = value;
  out[1] = value * first;
  out[2] = value * (first * first + second);
}

/** Photons for 1 eV cm-3 of light; the parameter is its temperature in K. */
export function inverseComptonKernel(): Kernel {
  const [g3, g4] = [new Float64Array(3), new Float64Array(3)];
  return {
    size: 4,
    tail: 0,
    threshold: (e) => e,
    describe(particle, temperature, out, at) {
      const gamma = particle / ELECTRON;
      const theta = THETA * temperature;
      out[at] = particle;
      out[at + 1] = 4 * gamma * theta;
      out[at + 2] = (RATE * (theta / gamma) ** 2) / (ELECTRON * RADIATION * temperature ** 4);
      out[at + 3] = temperature;
    },
    evaluate(e, d, at, out, order) {
      const z = e / d[at]!;
      out[0] = out[1] = out[2] = 0;
      if (!(z < 1)) return;
      const x = z / (1 - z) / d[at + 1]!;
      // exp(-x) is 0
      if (x > 700) return;
      const u = Math.log(x);
      khangulyan(x, u, G3, g3);
      khangulyan(x, u, G4, g4);
      const scale = d[at + 2]!;
      const share = (z * z) / (2 * (1 - z));
      out[0] = scale * (share * g3[0]! + g4[0]!);
      if (order === 0) return;
      // as T^-2 S(x), with x as 1 / T
      const t = d[at + 3]!;
      const s1 = scale * (share * g3[1]! + g4[1]!);
      const s2 = scale * (share * g3[2]! + g4[2]!);
      out[1] = (-2 * out[0] - s1) / t;
      out[2] = (6 * out[0] + 5 * s1 + s2) / (t * t);
    },
  };
}
