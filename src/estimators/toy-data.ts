import { isBinned } from "../datasets/masks.js";
import { createResponse, type Response } from "../datasets/source/response.js";
import type { Dataset } from "../datasets/types.js";
import type { Joint } from "../fit/joint.js";
import { type RandomStream, randomStream } from "../math/random.js";

/** Data of every dataset: the form that compiled terms take. */
export type ToyData = readonly Float64Array[];

/** Draws toy `index` of `seed` into its own arrays and returns them; the same whatever was drawn before. */
export type ToySource = (seed: number, index: number) => ToyData;

/** Toys of what `truth` predicts at x, with the backgrounds of ON/OFF data that are the best at x for the data in hand. */
export function toySource(truth: Joint, x: Float64Array): ToySource {
  const draws = truth.terms.map(({ data }, i) => {
    truth.datasetStat(i, x);
    return { draw: data.simulator(), out: new Float64Array(data.measured.length) };
  });
  const out = draws.map((d) => d.out);
  return (seed, index) => {
    const random: RandomStream = randomStream(seed, index);
    for (const d of draws) d.draw(random, d.out);
    return out;
  };
}

export function setData(joint: Joint, data: ToyData): void {
  for (let i = 0; i < data.length; i++) joint.terms[i]!.data.set(data[i]!);
}

export function measuredData(joint: Joint): ToyData {
  return joint.terms.map(({ data }) => data.measured);
}

/** Sum over the datasets of the least statistic that any model could reach for the data in hand. */
export function saturatedStat(joint: Joint): number {
  return joint.terms.reduce((sum, term) => sum + term.data.saturated(), 0);
}

/** The instruments of the datasets, for several models compiled one after the other. */
export function responsesOf(datasets: readonly Dataset[]): ReadonlyMap<Dataset, Response> {
  return new Map(datasets.filter(isBinned).map((dataset) => [dataset, createResponse(dataset)]));
}
