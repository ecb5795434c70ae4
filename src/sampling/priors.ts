import { normalPpf } from "../math/special.js";

/** Maps a number u uniform in (0, 1) to one distributed as the prior: its inverse cumulative distribution. */
export type PriorTransform = (u: number) => number;

export function uniformTransform(min: number, max: number): PriorTransform {
  return (u) => min + (max - min) * u;
}

/** Uniform in ln x; 0 < min < max. */
export function logUniformTransform(min: number, max: number): PriorTransform {
  const [from, width] = [Math.log(min), Math.log(max / min)];
  return (u) => Math.exp(from + width * u);
}

export function gaussianTransform(mean: number, sigma: number): PriorTransform {
  return (u) => mean + sigma * normalPpf(u);
}

/** One prior for each parameter, independent, as nested sampling takes them: u [n] to x [n]. */
export function independentPriors(transforms: readonly PriorTransform[]): (u: Float64Array, x: Float64Array) => void {
  return (u, x) => {
    for (let i = 0; i < transforms.length; i++) x[i] = transforms[i]!(u[i]!);
  };
}
