/** Random numbers of events: each has a stream of its own, so that it is the same in whatever order or company it is drawn. */
import { fingerprint } from "../math/fingerprint.js";
import { findCell } from "../math/interpolate.js";
import { randomStream } from "../math/random.js";

/** The seed of the events of a component, which depends on the seed of all, the id of the observation and the name of the component alone. */
export function componentSeed(seed: number, observation: string, component: string): number {
  const inRun = integer(randomStream(seed, word(observation)).uniform());
  return integer(randomStream(inRun, word(component)).uniform());
}

/** 32 bits of a text. */
const word = (text: string): number => Number(fingerprint(text).split(" ")[0]) >>> 0;

/** The integer below 2^53 that a uniform number stands for. */
const integer = (uniform: number): number => uniform * 2 ** 53;

/** How many candidates there are: Poisson. */
export const drawnNumber = (seed: number, mean: number): number => randomStream(seed).poisson(mean);

/** Fills `out` with the uniform numbers of candidate i. */
export function fillUniforms(seed: number, i: number, out: Float64Array): void {
  const { uniform } = randomStream(seed, i + 1);
  for (let k = 0; k < out.length; k++) out[k] = uniform();
}

/** Index of the part in which u times the sum falls; `sums` [n + 1] from 0, parts of no weight are never chosen. */
export const partOf = (sums: Float64Array, u: number): number => findCell(sums, u * sums.at(-1)!);

/** Sums of weights [n], from 0: [n + 1]. */
export function sumsOf(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length + 1);
  for (let k = 0; k < weights.length; k++) sums[k + 1] = sums[k]! + weights[k]!;
  return sums;
}
