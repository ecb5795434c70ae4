import type { Likelihood } from "../likelihood/likelihood.js";
import { type RandomStream, randomStream } from "../math/random.js";

/** What a toy measures. */
export interface ToyData {
  /** Of every dataset, in the form that compiled terms take. */
  readonly terms: readonly Float64Array[];
  /** Central values of priors and penalties that are measurements, and what they measure. */
  readonly keys: readonly string[];
  readonly centres: Float64Array;
}

/** Draws toy `index` of `seed` into its own arrays and returns them; the same whatever was drawn before. */
export type ToySource = (seed: number, index: number) => ToyData;

/**
 * Toys of what `truth` predicts at x, with the backgrounds of ON/OFF data that are the best at x for the data in hand. Normal priors and
 * penalties are measurements too: their central values are drawn around x, after the data.
 */
export function toySource(truth: Likelihood, x: Float64Array): ToySource {
  const draws = truth.terms.map(({ data }, i) => {
    return { draw: data.simulator(truth.termParameters(i, x)), out: new Float64Array(data.measured.length) };
  });
  const { constraints } = truth;
  const out: ToyData = {
    terms: draws.map((d) => d.out),
    keys: constraints.keys,
    centres: constraints.measured.slice(),
  };
  return (seed, index) => {
    const random: RandomStream = randomStream(seed, index);
    for (const d of draws) d.draw(random, d.out);
    constraints.draw(x, random, out.centres);
    return out;
  };
}

export function setData(joint: Likelihood, { terms, keys, centres }: ToyData): void {
  for (let i = 0; i < terms.length; i++) joint.terms[i]!.data.set(terms[i]!);
  joint.constraints.set(keys, centres);
}

export function measuredData(joint: Likelihood): ToyData {
  const { keys, measured } = joint.constraints;
  return { terms: joint.terms.map(({ data }) => data.measured), keys, centres: measured };
}

/** Sum over the datasets of the least statistic that any model could reach for the data in hand. */
export function saturatedStat(joint: Likelihood, x: Float64Array): number {
  return joint.terms.reduce((sum, { data }, i) => sum + data.saturated(joint.termParameters(i, x)), 0);
}
