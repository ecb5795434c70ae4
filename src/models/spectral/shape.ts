import { alongLogarithm, LOG_STEP } from "../../math/differences.js";
import type { LogBasis, ParameterDeclaration } from "../declaration.js";

/** Parameters that many shapes share. */
export const amplitude: ParameterDeclaration = {
  unit: "cm-2 s-1 TeV-1",
  value: 1e-12,
  about: "dnde at the reference energy",
};
export const norm: ParameterDeclaration = { unit: "", value: 1, about: "factor at the reference energy" };
export const reference: ParameterDeclaration = { unit: "TeV", value: 1, frozen: true, about: "reference energy" };

/**
 * Finishes exact derivatives of y = p[k] * s(p without k). On entry `g` [n] and `h` [n, n] hold the first and second derivatives of
 * ln s (row and column k are ignored); on return those of y. `s` is the shape itself, so p[k] = 0 needs no special case.
 */
export function fromLogDerivatives(s: number, k: number, norm: number, g: Float64Array, h: Float64Array): number {
  const n = g.length;
  const y = norm * s;
  for (let i = 0; i < n; i++) {
    if (i === k) continue;
    for (let j = 0; j < n; j++) if (j !== k) h[i * n + j] = y * (g[i]! * g[j]! + h[i * n + j]!);
    h[i * n + k] = h[k * n + i] = s * g[i]!;
  }
  for (let i = 0; i < n; i++) g[i] = y * g[i]!;
  g[k] = s;
  h[k * n + k] = 0;
  return y;
}

/** Sets h[i, j] and h[j, i] of an [n, n] matrix. */
export function setBoth(h: Float64Array, n: number, i: number, j: number, value: number): void {
  h[i * n + j] = value;
  h[j * n + i] = value;
}

/**
 * ln(dnde / norm) = offset(e) + sum_j p[parameters[j]] basis(e, j), or null if another parameter than these is free. Without `along` the
 * derivatives by ln e come from differences.
 */
export function logLinear(
  free: readonly boolean[],
  norm: number,
  parameters: readonly number[],
  basis: LogBasis["basis"],
  offset: LogBasis["offset"] = () => 0,
  along: LogBasis["along"] = differencesAlong(basis, offset),
): LogBasis | null {
  for (let i = 0; i < free.length; i++) {
    if (free[i] && i !== norm && !parameters.includes(i)) return null;
  }
  return { norm, parameters, offset, basis, along };
}

/** Fills `out` with a number, its slope and its curvature. */
export function setAlong(out: Float64Array, value: number, first: number, second: number): void {
  out[0] = value;
  out[1] = first;
  out[2] = second;
}

function differencesAlong(basis: LogBasis["basis"], offset: LogBasis["offset"]): LogBasis["along"] {
  return (e, j, out) => {
    const value = (x: number) => (j < 0 ? offset(x) : basis(x, j));
    const [first, second] = alongLogarithm((k) => value(e * Math.exp((k - 3) * LOG_STEP)));
    setAlong(out, value(e), first, second);
  };
}

/** The integral of exp(q t) over [a, b], without cancellation where q is near 0. */
export function integralOfExp(q: number, a: number, b: number): number {
  const width = b - a;
  return Math.abs(q * width) < 1e-300 ? width * Math.exp(q * a) : (Math.exp(q * a) * Math.expm1(q * width)) / q;
}
