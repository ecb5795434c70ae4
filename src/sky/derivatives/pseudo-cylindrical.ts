/** Pseudo-cylindrical projections, and Hammer-Aitoff (Paper II, section 5.3), with their derivatives. */
import { mollweideAngle } from "../projections/pseudo-cylindrical.js";
import { chain, cosine, multiply, scale, sine } from "./jet.js";
import type { Work } from "./project.js";

const DEG = 180 / Math.PI;

export function sansonFlamsteed({ plane: [px, py], phi, theta, steps: [c] }: Work): void {
  cosine(c, theta);
  multiply(px, phi, c);
  py.set(theta);
}

/** x = phi (1 - 4 s^2), y = pi s, s = sin(theta / 3) */
export function parabolic({ plane: [px, py], phi, theta, steps: [s, width] }: Work): void {
  scale(s, 1 / 3, theta);
  sine(s, s);
  multiply(width, s, s);
  scale(width, -4, width);
  width[0]! += 1;
  multiply(px, phi, width);
  scale(py, Math.PI, s);
}

export function hammerAitoff({ native: [, , z], plane: [px, py], phi, theta, steps: [half, c, u] }: Work): void {
  scale(half, 0.5, phi);
  cosine(c, theta);
  // the plane is not needed yet
  cosine(px, half);
  multiply(u, c, px);
  const w = 1 + u[0]!;
  const f = Math.sqrt(2 / w);
  chain(u, u, f, -f / (2 * w), (3 * f) / (4 * w * w));
  sine(px, half);
  multiply(half, c, px);
  multiply(px, u, half);
  scale(px, 2, px);
  multiply(py, u, z);
}

/** 2 gamma + sin 2 gamma = pi z */
export function mollweide({ native: [, , z], plane: [px, py], phi, theta, steps: [gamma, c] }: Work): void {
  const value = (Math.sign(theta[0]!) * (Math.PI - mollweideAngle(theta[0]! * DEG))) / 2;
  const slope = Math.PI / (4 * Math.cos(value) ** 2);
  chain(gamma, z, value, slope, 2 * slope * slope * Math.tan(value));
  cosine(c, gamma);
  multiply(px, phi, c);
  scale(px, (2 * Math.SQRT2) / Math.PI, px);
  sine(py, gamma);
  scale(py, Math.SQRT2, py);
}
