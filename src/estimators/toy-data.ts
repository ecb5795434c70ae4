import { isBinned } from "../datasets/masks.js";
import type { Dataset } from "../datasets/types.js";
import type { Joint } from "../fit/joint.js";
import { createResponse, type Response } from "../fold/response.js";
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
export function toySource(truth: Joint, x: Float64Array): ToySource {
  const draws = truth.terms.map(({ data }, i) => {
    truth.datasetStat(i, x);
    return { draw: data.simulator(), out: new Float64Array(data.measured.length) };
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

export function setData(joint: Joint, { terms, keys, centres }: ToyData): void {
  for (let i = 0; i < terms.length; i++) joint.terms[i]!.data.set(terms[i]!);
  joint.constraints.set(keys, centres);
}

export function measuredData(joint: Joint): ToyData {
  const { keys, measured } = joint.constraints;
  return { terms: joint.terms.map(({ data }) => data.measured), keys, centres: measured };
}

/** Sum over the datasets of the least statistic that any model could reach for the data in hand. */
export function saturatedStat(joint: Joint): number {
  return joint.terms.reduce((sum, term) => sum + term.data.saturated(), 0);
}

/** The instruments of the datasets, for several models compiled one after the other. */
export function responsesOf(datasets: readonly Dataset[]): ReadonlyMap<Dataset, Response> {
  return new Map(datasets.filter(isBinned).map((dataset) => [dataset, createResponse(dataset)]));
}
