/** Synchrotron radiation in a random magnetic field [Aharonian, Kelner & Prosekin 2010, PRD 82, 043002, Eq. D7]. */
import { ELECTRON, ERG_PER_TEV, LIGHT } from "./constants.js";
import type { Kernel } from "./kernel.js";

const CHARGE = 4.803204712570263e-10; // statC
const HBAR = 1.0545718176461565e-27; // erg s
const MASS = (ELECTRON * ERG_PER_TEV) / LIGHT ** 2; // g
/** sqrt(3) e^3 B / (2 pi m_e c2 hbar E): photons s-1 TeV-1, for B in G and E in TeV */
const RATE = (Math.sqrt(3) * CHARGE ** 3) / (2 * Math.PI * MASS * LIGHT ** 2 * HBAR);
/** Critical energy in TeV for B in G and a Lorentz factor of 1. */
const CRITICAL = (3 * CHARGE * HBAR) / (2 * MASS * LIGHT) / ERG_PER_TEV;

/** Fills out with the first and second derivative of ln(1 + a q + b q^2) by ln x, where q = x^(2/3); returns the polynomial. */
function polynomial(q: number, a: number, b: number, out: Float64Array): number {
  const value = 1 + a * q + b * q * q;
  out[0] = ((2 / 3) * (a * q + 2 * b * q * q)) / value;
  out[1] = ((4 / 9) * (a * q + 4 * b * q * q)) / value - out[0] ** 2;
  return value;
}

/** The parameter is the magnetic field in G. */
export function synchrotronKernel(): Kernel {
  const [d1, d2, d3] = [new Float64Array(2), new Float64Array(2), new Float64Array(2)];
  return {
    size: 2,
    tail: 8,
    threshold: () => 0,
    describe(particle, field, out, at) {
      out[at] = 1 / (CRITICAL * field * (particle / ELECTRON) ** 2);
      out[at + 1] = field;
    },
    evaluate(e, d, at, out, order) {
      const x = e * d[at]!;
      out[0] = out[1] = out[2] = 0;
      if (x > 700) return;
      const b = d[at + 1]!;
      const root = Math.cbrt(x);
      const q = root * root;
      if (order === 0) {
        const ratio = (1 + q * (2.21 + 0.347 * q)) / (1 + q * (1.353 + 0.217 * q));
        out[0] = ((RATE * b) / e) * ((1.808 * root * ratio) / Math.sqrt(1 + 3.4 * q)) * Math.exp(-x);
        return;
      }
      const p1 = polynomial(q, 3.4, 0, d1);
      const ratio = polynomial(q, 2.21, 0.347, d2) / polynomial(q, 1.353, 0.217, d3);
      const value = ((RATE * b) / e) * ((1.808 * root * ratio) / Math.sqrt(p1)) * Math.exp(-x);
      const first = 1 / 3 - d1[0]! / 2 + d2[0]! - d3[0]! - x;
      const second = -d1[1]! / 2 + d2[1]! - d3[1]! - x;
      // as B G(x), with x as 1 / B
      out[0] = value;
      out[1] = (value * (1 - first)) / b;
      out[2] = (value * (first * (first - 1) + second)) / (b * b);
    },
  };
}
