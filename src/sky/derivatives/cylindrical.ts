/** Cylindrical projections (Paper II, section 5.2) with their derivatives. */
import { chain, multiply, scale } from "./jet.js";
import type { Project, Work } from "./project.js";

export function plateCarree({ plane: [px, py], phi, theta }: Work): void {
  px.set(phi);
  py.set(theta);
}

/** y = atanh z, for d y / d theta = 1 / cos theta. */
export function mercator({ native: [, , z], plane: [px, py], phi }: Work): void {
  const t = 1 / (1 - z[0]! * z[0]!);
  px.set(phi);
  chain(py, z, Math.atanh(z[0]!), t, 2 * z[0]! * t * t);
}

/** y = z / lambda */
export const cylindricalEqualArea =
  ([lambda]: readonly number[]): Project =>
  ({ native: [, , z], plane: [px, py], phi }) => {
    px.set(phi);
    scale(py, 1 / lambda!, z);
  };

/** x = lambda phi, y = (mu + lambda) z / (mu + cos theta) */
export const cylindricalPerspective = ([first, second]: readonly number[]): Project => {
  const [mu, lambda] = [first!, second!];
  return ({ native: [, , z], plane: [px, py], phi, theta, steps: [inverse] }) => {
    const s = Math.sin(theta[0]!);
    const c = Math.cos(theta[0]!);
    const w = mu + c;
    chain(inverse, theta, 1 / w, s / w ** 2, c / w ** 2 + (2 * s * s) / w ** 3);
    scale(px, lambda, phi);
    multiply(py, z, inverse);
    scale(py, mu + lambda, py);
  };
};
