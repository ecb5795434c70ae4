/** What the tests of simulated events share. */

import type { Observation } from "../../src/events/types.js";
import { readFits } from "../../src/fits/index.js";
import { createSubmodel, npred, skyModel } from "../../src/index.js";
import { observationOf } from "../../src/io/dl3/observations.js";
import type { SkyModel } from "../../src/models/types.js";
import type { SimulatedEvents } from "../../src/simulate/types.js";
import { madeRun, SOURCE } from "../reduce/made-run.js";

export { npred };

/** The made run with two good time intervals, which its own have not. */
export function madeObservation(change: Partial<Observation> = {}): Observation {
  const { bytes } = madeRun({ id: 1, seed: 1 });
  const read = observationOf([{ path: "made.fits", hdus: readFits(bytes) }]);
  const gti = { ...read.gti, start: Float64Array.of(1000, 1700), stop: Float64Array.of(1400, 2000) };
  return { ...read, gti, ...change };
}

export const POINT = createSubmodel("point", { lon_0: SOURCE.lon, lat_0: SOURCE.lat });

export const source = (spec: Partial<Omit<SkyModel, "type">> = {}): SkyModel =>
  skyModel({
    name: "source",
    spectral: createSubmodel("pl", { index: 2.2, amplitude: 2e-9 }),
    spatial: POINT,
    ...spec,
  });

/** Values of the events of one component. */
export const valuesOf = ({ events, mcId }: SimulatedEvents, id: number, pick: (i: number) => number): number[] =>
  Array.from({ length: events.n }, (_, i) => i).flatMap((i) => (mcId[i] === id ? [pick(i)] : []));

/**
 * Largest distance of the cumulated numbers from those expected, times sqrt(n) (Kolmogorov-Smirnov): above 1.95 in one of 1000 samples. `cdf`: of each number, 0 to 1.
 */
export function kolmogorov(numbers: readonly number[], cdf: (x: number) => number): number {
  const u = numbers.map(cdf).sort((a, b) => a - b);
  const n = u.length;
  return Math.sqrt(n) * u.reduce((most, x, k) => Math.max(most, x - k / n, (k + 1) / n - x), 0);
}

/** Standard deviations of a count from its Poisson mean. */
export const pull = (count: number, mean: number): number => (count - mean) / Math.sqrt(mean);
