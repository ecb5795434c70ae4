/** Events of the background: candidates are even in cells at a rate that is exceeded nowhere in them, and kept with the probability that the rate at their own energy and place gives. */
import { fromFieldOfView } from "../events/field-of-view.js";
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { requireMemory } from "../memory.js";
import { needed } from "../reduce/responses.js";
import { horizonOf } from "../reduce/rotation.js";
import { offsetBy } from "../sky/frames.js";
import { fromHorizon, horizontal } from "../sky/horizontal.js";
import { backgroundCells } from "./background-cells.js";
import { BLOCK, type Drawn, EVENT_BYTES, emptyDrawn } from "./drawn.js";
import type { SourceOptions } from "./source.js";
import { drawnNumber, fillUniforms, partOf } from "./streams.js";
import { evenTimes } from "./times.js";

const RAD = Math.PI / 180;
/** Uniform numbers of a candidate: cell, energy, two of the place, whether it is kept, time. */
const NUMBERS = 6;

/** `norm`: a factor on the rate by energy [TeV]; it counts as a power law between energies that are at most a fiftieth of a decade apart. */
export function backgroundEvents(
  observation: Observation,
  norm: (energy: number) => number,
  { seed, maxBytes }: SourceOptions,
): Drawn {
  const background = needed(observation, "background");
  const cells = backgroundCells(background, norm);
  const times = evenTimes(observation.gti);
  const mean = cells.sums.at(-1)! * times.total;
  const where = `background of observation ${observation.id}`;
  requireMemory(where, [{ what: `${mean.toPrecision(2)} events`, bytes: mean * EVENT_BYTES }], maxBytes);
  const directionAt = directions(observation, background.alignment, cells.isRound);
  const drawn = emptyDrawn();
  const n = drawnNumber(seed, mean);
  const u = new Float64Array(NUMBERS);
  for (let first = 0; first < n; first += BLOCK) {
    const size = Math.min(BLOCK, n - first);
    const [energy, x, y] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    const [least, time] = [new Float64Array(size), new Float64Array(size)];
    for (let i = 0; i < size; i++) {
      fillUniforms(seed, first + i, u);
      const cell = cells.at(partOf(cells.sums, u[0]!));
      energy[i] = cell.energy[0] * (cell.energy[1] / cell.energy[0]) ** u[1]!;
      x[i] = cell.x[0] + u[2]! * (cell.x[1] - cell.x[0]);
      y[i] = cell.y[0] + u[3]! * (cell.y[1] - cell.y[0]);
      least[i] = u[4]! * cell.bound;
      time[i] = u[5]!;
    }
    const rate = cells.rates(energy, x, y);
    for (let i = 0; i < size; i++) {
      if (!(rate[i]! > least[i]!)) continue;
      const t = times.draw(time[i]!);
      const { lon, lat } = directionAt(x[i]!, y[i]!, t);
      drawn.time.push(t);
      for (const list of [drawn.ra, drawn.raTrue]) list.push(lon);
      for (const list of [drawn.dec, drawn.decTrue]) list.push(lat);
      for (const list of [drawn.energy, drawn.energyTrue]) list.push(energy[i]!);
    }
  }
  return drawn;
}

/** ICRS directions of places in the field of view at a time, s after the reference of the good time intervals. */
function directions(
  observation: Observation,
  alignment: Parameters<typeof fromFieldOfView>[3],
  isRound: boolean,
): (x: number, y: number, time: number) => { readonly lon: number; readonly lat: number } {
  const pointing = pointingOf(observation);
  if (isRound) return (offset, angle) => offsetBy(pointing, angle, offset);
  const v = new Float64Array(3);
  return (x, y, time) => {
    if (alignment === "altaz") {
      const horizon = horizonOf(observation, time);
      const [lon, lat] = horizontal(horizon, pointing);
      fromFieldOfView({ lon, lat }, x, y, alignment, v);
      fromHorizon(horizon, v[0]!, v[1]!, v[2]!, v);
    } else fromFieldOfView(pointing, x, y, alignment, v);
    const lon = Math.atan2(v[1]!, v[0]!) / RAD;
    return { lon: lon < 0 ? lon + 360 : lon, lat: Math.atan2(v[2]!, Math.hypot(v[0]!, v[1]!)) / RAD };
  };
}
