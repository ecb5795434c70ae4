/** A spectrum with fewer counts than its background, and the plain likelihood of a flux point of it. */
import { npredSignal } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { skyModel } from "../../src/models/create.js";
import { axisEdges } from "../../src/sky/axis.js";
import { spectrumDataset } from "../fit/synthetic.js";

const empty = spectrumDataset("spectrum");
export const gti = { start: Float64Array.of(0), stop: Float64Array.of(1000), reference: 53343, timeScale: "tt" };
/** Counts 20 % below the background: every norm is negative. */
export const dataset: MapDataset = {
  ...empty,
  gti,
  counts: { ...empty.counts!, data: empty.background!.data.map((b) => Math.round(0.8 * b)) },
};
export const models = {
  components: [skyModel({ name: "source", spectral: createSubmodel("pl", { amplitude: 1e-12 }) })],
};
const edges = axisEdges(dataset.counts!.geom.axes[0]!);
export const options = { source: "source", energyEdges: [edges[2]!, edges[8]!] };

/** -2 ln L of the bins of the point, plainly. */
const signal = npredSignal(dataset, models).data;
export function stat(norm: number): number {
  let sum = 0;
  for (let i = 2; i < 8; i++) {
    const mu = norm * signal[i]! + dataset.background!.data[i]!;
    sum += 2 * (mu - dataset.counts!.data[i]! * Math.log(mu));
  }
  return sum;
}

/** Where a function that rises has its root. */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  for (let i = 0; i < 200; i++) {
    const middle = (a + b) / 2;
    if (f(middle) < 0) a = middle;
    else b = middle;
  }
  return a;
}
