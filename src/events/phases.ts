/** Phases of pulsars, and events chosen by them. */
import { SpecError } from "../errors.js";
import type { EventColumn, EventList, Observation } from "./types.js";

/** Rotation of a pulsar. */
export interface Ephemeris {
  /** MJD, in the time scale of the events. */
  readonly epoch: number;
  /** Frequency at the epoch, s-1, and its derivatives, s-2 and s-3. */
  readonly f0: number;
  readonly f1?: number;
  readonly f2?: number;
  /** Phase at the epoch; default 0. */
  readonly phase0?: number;
}

/** Half-open intervals of phase [from, to); one that ends below its beginning goes over 1. */
export type PhaseIntervals = readonly (readonly [from: number, to: number])[];

/**
 * The observation with phases of its events, 0 to 1, of times as they are in the file: they are not brought to the barycentre of the Solar system.
 * @throws SpecError where a number of the ephemeris is not finite.
 */
export function withPhases(
  observation: Observation,
  { epoch, f0, f1 = 0, f2 = 0, phase0 = 0 }: Ephemeris,
): Observation {
  if (![epoch, f0, f1, f2, phase0].every(Number.isFinite)) {
    throw new SpecError({
      where: "ephemeris",
      found: JSON.stringify({ epoch, f0, f1, f2, phase0 }),
      expected: "finite numbers",
    });
  }
  const { events } = observation;
  const first = (events.reference - epoch) * 86400;
  const phase = new Float64Array(events.n);
  for (let i = 0; i < events.n; i++) {
    const t = first + events.time[i]!;
    const turns = phase0 + t * (f0 + t * (f1 / 2 + (t * f2) / 6));
    phase[i] = turns - Math.floor(turns);
  }
  return { ...observation, events: withColumns(events, (column) => column, phase) };
}

/**
 * The events whose phase is in one of the intervals.
 * @throws SpecError where the events have no phases.
 */
export function eventsInPhases(observation: Observation, intervals: PhaseIntervals): EventList {
  const { events, id } = observation;
  const { phase } = events;
  if (phase === undefined) {
    throw new SpecError({
      where: `observation ${id}`,
      found: "events without phases (column PHASE)",
      expected: "phases in the file, or an ephemeris (withPhases)",
    });
  }
  const rows: number[] = [];
  for (let i = 0; i < events.n; i++) if (intervals.some((interval) => isIn(phase[i]!, interval))) rows.push(i);
  const take = <T extends EventColumn>(column: T): T => {
    const out = new (column.constructor as new (n: number) => T)(rows.length);
    for (let k = 0; k < rows.length; k++) out[k] = column[rows[k]!]!;
    return out;
  };
  return { ...withColumns(events, take, take(phase)), n: rows.length };
}

const turn = (x: number): number => x - Math.floor(x);

function isIn(phase: number, [from, to]: readonly [number, number]): boolean {
  const x = turn(phase - from);
  return x < phaseWidth([[from, to]]);
}

/** Sum of the widths of intervals. */
export const phaseWidth = (intervals: PhaseIntervals): number =>
  intervals.reduce((sum, [from, to]) => sum + (to - from >= 1 ? 1 : turn(to - from)), 0);

function withColumns(
  events: EventList,
  change: <T extends EventColumn>(column: T) => T,
  phase: EventColumn,
): EventList {
  const { n, reference, timeScale } = events;
  return {
    n,
    reference,
    timeScale,
    time: change(events.time),
    ra: change(events.ra),
    dec: change(events.dec),
    energy: change(events.energy),
    phase,
  };
}
