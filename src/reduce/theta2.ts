/** Counts by the square of the distance from a position. */
import { SpecError } from "../errors.js";
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { axisBin, axisEdges, nBins } from "../sky/axis.js";
import { separation, toFrame } from "../sky/frames.js";
import { regionCenter } from "../sky/regions.js";
import type { MapAxis, SkyPosition } from "../sky/types.js";
import { wstatCountsStatistics } from "../stats/index.js";
import { wobbleRegions } from "./off-regions.js";
import { distance } from "./turned.js";

/** What `theta2` counts. */
export interface Theta2Options {
  readonly position: SkyPosition;
  /** Squared distances, deg2. */
  readonly axis: MapAxis;
  /** Number of OFF positions, at equal angles around the pointing; default 1. */
  readonly nOff?: number;
  /** Energies to take, TeV, [low, high); default: all. */
  readonly energies?: readonly [low: number, high: number];
}

/** Counts of observations by squared distance [bin]. */
export interface Theta2 {
  readonly axis: MapAxis;
  readonly counts: Float64Array;
  readonly countsOff: Float64Array;
  /** Exposure of ON over that of OFF. */
  readonly alpha: Float64Array;
  readonly excess: Float64Array;
  /** Li & Ma 1983 */
  readonly sqrtTs: Float64Array;
}

/**
 * ON counts around a position, and OFF counts around as many others at the same distance from the pointing, of all observations.
 * @throws SpecError where circles of the largest distance overlap.
 */
export function theta2(observations: readonly Observation[], options: Theta2Options): Theta2 {
  const { position, axis, nOff = 1, energies = [0, Infinity] } = options;
  const n = nBins(axis);
  const [counts, countsOff] = [new Float64Array(n), new Float64Array(n)];
  const reach = Math.sqrt(axisEdges(axis).at(-1)!);
  for (const observation of observations) {
    const pointing = pointingOf(observation);
    const chord = 2 * distance(pointing, position) * Math.sin(Math.PI / (nOff + 1));
    if (2 * reach > chord * (1 + 1e-9)) {
      throw new SpecError({
        where: `observation ${observation.id}: theta2`,
        found: `circles of ${reach.toFixed(3)} deg around ${nOff + 1} positions ${distance(pointing, position).toFixed(3)} deg from the pointing, which overlap`,
        expected: `distances up to ${(chord / 2).toFixed(3)} deg, or fewer OFF positions`,
      });
    }
    const off = wobbleRegions({ shape: "point", center: position }, pointing, { method: "wobble", n: nOff });
    fill(observation, [position], axis, energies, counts);
    fill(observation, off.regions.map(regionCenter), axis, energies, countsOff);
  }
  const alpha = new Float64Array(n).fill(1 / nOff);
  const results = Array.from(counts, (on, k) => wstatCountsStatistics(on, countsOff[k]!, 1 / nOff));
  return {
    axis,
    counts,
    countsOff,
    alpha,
    excess: Float64Array.from(results, (r) => r.excess),
    sqrtTs: Float64Array.from(results, (r) => r.sqrtTs),
  };
}

function fill(
  { events }: Observation,
  positions: readonly SkyPosition[],
  axis: MapAxis,
  [low, high]: readonly [number, number],
  counts: Float64Array,
): void {
  const icrs = positions.map((p) => toFrame(p, "icrs"));
  for (let i = 0; i < events.n; i++) {
    if (!(events.energy[i]! >= low && events.energy[i]! < high)) continue;
    for (const { lon, lat } of icrs) {
      const bin = axisBin(axis, separation(lon, lat, events.ra[i]!, events.dec[i]!) ** 2);
      if (bin >= 0) counts[bin]! += 1;
    }
  }
}
