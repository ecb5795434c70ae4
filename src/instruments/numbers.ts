import { gaussLegendre } from "../math/quadrature.js";
import { axisFromBounds } from "../sky/axis.js";
import type { MapAxis } from "../sky/types.js";

/**
 * Elementary functions may differ in the last bit between machines. All numbers of the parametric instruments are therefore
 * rounded, to float32 or to 12 digits, so that a seed gives the same bytes everywhere.
 */
export function rounded(values: Float64Array): Float64Array {
  return values.map(Math.fround);
}

/** A logarithmic axis in TeV between exact bounds, its edges rounded to 12 digits. */
export function energyAxis(name: string, min: number, max: number, nbin: number): MapAxis {
  const axis = axisFromBounds(min, max, nbin, { name, unit: "TeV", interp: "log" });
  return { ...axis, nodes: axis.nodes.map((x) => Number(x.toPrecision(12))) };
}

const { nodes, weights } = gaussLegendre(16);

/** Integral of f over [a, b] with 16 Gauss-Legendre nodes in ln x: for the smooth spectra of this room. */
export function integrateLog(f: (x: number) => number, a: number, b: number): number {
  const middle = Math.log(a * b) / 2;
  const half = Math.log(b / a) / 2;
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) {
    const x = Math.exp(middle + half * nodes[i]!);
    sum += weights[i]! * x * f(x);
  }
  return sum * half;
}
