/** A number that depends on a place, with its derivatives: [value, d/dlon, d/dlat, d2/dlon2, d2/dlon dlat, d2/dlat2], angles in rad. */
export type Jet = Float64Array;

export const createJet = (): Jet => new Float64Array(6);

/** out = a p + b q */
export function combine(out: Jet, a: number, p: Jet, b: number, q: Jet): void {
  for (let k = 0; k < 6; k++) out[k] = a * p[k]! + b * q[k]!;
}

/** out = a p */
export function scale(out: Jet, a: number, p: Jet): void {
  for (let k = 0; k < 6; k++) out[k] = a * p[k]!;
}

/** out = p q, another jet than either. */
export function multiply(out: Jet, p: Jet, q: Jet): void {
  const p0 = p[0]!;
  const q0 = q[0]!;
  for (let k = 0; k < 6; k++) out[k] = p[k]! * q0 + p0 * q[k]!;
  out[0] = p0 * q0;
  out[3]! += 2 * p[1]! * q[1]!;
  out[4]! += p[1]! * q[2]! + p[2]! * q[1]!;
  out[5]! += 2 * p[2]! * q[2]!;
}

/** out = f(p) from f and its first and second derivative at p. */
export function chain(out: Jet, p: Jet, f: number, f1: number, f2: number): void {
  const x = p[1]!;
  const y = p[2]!;
  for (let k = 1; k < 6; k++) out[k] = f1 * p[k]!;
  out[0] = f;
  out[3]! += f2 * x * x;
  out[4]! += f2 * x * y;
  out[5]! += f2 * y * y;
}

export const sine = (out: Jet, p: Jet) => chain(out, p, Math.sin(p[0]!), Math.cos(p[0]!), -Math.sin(p[0]!));
export const cosine = (out: Jet, p: Jet) => chain(out, p, Math.cos(p[0]!), -Math.sin(p[0]!), -Math.cos(p[0]!));

/** out = atan2(y, x) through the complex logarithm: d(log w) = dw/w, d2(log w) = d2w/w - (dw/w)^2. */
export function angle(out: Jet, y: Jet, x: Jet): void {
  const x0 = x[0]!;
  const y0 = y[0]!;
  const rho2 = x0 * x0 + y0 * y0;
  const re1 = (x[1]! * x0 + y[1]! * y0) / rho2;
  const re2 = (x[2]! * x0 + y[2]! * y0) / rho2;
  for (let k = 1; k < 6; k++) out[k] = (y[k]! * x0 - x[k]! * y0) / rho2;
  out[0] = Math.atan2(y0, x0);
  out[3]! -= 2 * re1 * out[1]!;
  out[4]! -= re1 * out[2]! + re2 * out[1]!;
  out[5]! -= 2 * re2 * out[2]!;
}
