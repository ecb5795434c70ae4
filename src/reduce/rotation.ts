/** The field of view of instruments on azimuth mounts, which turns on the sky while they follow a source. */
import { SpecError } from "../errors.js";
import { type Directions, fieldOfView } from "../events/field-of-view.js";
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import type { FovPlaces } from "../irf/tables/background.js";
import { horizonAt, horizontal, toHorizon } from "../sky/horizontal.js";
import { mjdOfTai, taiSeconds } from "../time/scale.js";

const RAD = Math.PI / 180;
/** Turn of the Earth, deg s-1, of a day of 24 h as the reference has it. */
const EARTH = 360 / 86400;

/** Moments [s after the reference of the good time intervals] between which the field of view turns by `step` deg, and the time that each stands for, s. */
export interface RotationTimes {
  readonly times: Float64Array;
  readonly weights: Float64Array;
}

/** In each good time interval by itself: its ends and moments between them, with the weights of the trapezoidal rule. */
export function rotationTimes(observation: Observation, step: number): RotationTimes {
  const { gti } = observation;
  const times: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < gti.start.length; i++) {
    const first = times.length;
    const stop = gti.stop[i]!;
    for (let t = gti.start[i]!; ; ) {
      times.push(t);
      weights.push(0);
      if (t >= stop) break;
      t = Math.min(stop, t + Math.max(1, secondsFor(observation, t, step)));
    }
    for (let k = first; k + 1 < times.length; k++) {
      const half = (times[k + 1]! - times[k]!) / 2;
      weights[k]! += half;
      weights[k + 1]! += half;
    }
  }
  return { times: Float64Array.from(times), weights: Float64Array.from(weights) };
}

function secondsFor(observation: Observation, time: number, step: number): number {
  const [az, alt] = horizontal(horizonOf(observation, time), pointingOf(observation));
  const { lat } = locationOf(observation);
  return (step * Math.cos(alt * RAD)) / (EARTH * Math.cos(lat * RAD) * Math.abs(Math.cos(az * RAD)));
}

function locationOf({ id, location }: Observation) {
  if (location !== undefined) return location;
  throw new SpecError({
    where: `observation ${id}`,
    found: "a field of view along azimuth and altitude (FOVALIGN = ALTAZ), and no place of the instrument",
    expected: "GEOLON, GEOLAT and ALTITUDE in the header of the events",
  });
}

/** The horizon of the instrument at a time, s after the reference of the good time intervals. */
export function horizonOf(observation: Observation, time: number) {
  const { gti, id } = observation;
  const where = `observation ${id}: good time intervals`;
  const day = Math.floor(gti.reference);
  const tai = taiSeconds(day, time, gti, where);
  return horizonAt(locationOf(observation), mjdOfTai(day, tai, "utc", where), mjdOfTai(day, tai, "tt", where));
}

/** Places of ICRS directions in the field of view at a time. */
export function turnedFieldOfView(observation: Observation, time: number, { x, y, z }: Directions): FovPlaces {
  const horizon = horizonOf(observation, time);
  const [lon, lat] = horizontal(horizon, pointingOf(observation));
  const out = new Float64Array(3);
  const turned = { x: new Float64Array(x.length), y: new Float64Array(x.length), z: new Float64Array(x.length) };
  for (let i = 0; i < x.length; i++) {
    toHorizon(horizon, x[i]!, y[i]!, z[i]!, out);
    const length = Math.hypot(out[0]!, out[1]!, out[2]!);
    turned.x[i] = out[0]! / length;
    turned.y[i] = out[1]! / length;
    turned.z[i] = out[2]! / length;
  }
  return fieldOfView({ lon, lat }, turned, "altaz");
}
