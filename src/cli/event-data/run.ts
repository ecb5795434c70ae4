/** An event list in `info`: where, when and how long the instrument looked, and what it saw. */
import type { EventColumn } from "../../events/types.js";
import { instrumentName } from "../../io/dl3/files.js";
import type { EventRun } from "../../io/dl3/types.js";
import { shortNumber } from "../../io/table/digits.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { separation } from "../../sky/frames.js";
import { ontime } from "../../time/gti.js";
import { intervalsInMjd } from "../../time/intervals.js";
import { isoTime } from "../../time/iso.js";
import type { Gti } from "../../time/types.js";

/** The numbers of a run; energies in TeV, times MJD of `time_scale`, durations in s. null: the file does not say. */
export type RunNumbers = ReturnType<typeof runNumbers>;

export function runNumbers(run: EventRun) {
  const { events, gti, pointing, location, liveFraction } = run;
  const [energyMin, energyMax] = rangeOf(events.energy);
  const [first, last] = rangeOf(events.time);
  const seconds = gti && ontime(gti);
  const ofEvents = first !== null && last !== null ? mjdRange({ ...events, start: [first], stop: [last] }) : null;
  const ofIntervals = gti && gti.start.length > 0 ? mjdRange(gti) : null;
  return {
    observation: run.id,
    telescope: run.telescope,
    instrument: run.instrument,
    target: run.target,
    pointing: pointing ? placeOf(pointing) : null,
    target_position: run.targetPosition ?? null,
    location: location ? { lon: location.lon, lat: location.lat, height: location.height } : null,
    n_events: events.n,
    energy_min: energyMin,
    energy_max: energyMax,
    time_scale: events.timeScale,
    event_time_min: ofEvents?.[0] ?? null,
    event_time_max: ofEvents?.[1] ?? null,
    n_intervals: gti?.start.length ?? null,
    time_min: ofIntervals?.[0] ?? null,
    time_max: ofIntervals?.[1] ?? null,
    ontime: seconds ?? null,
    livetime: seconds === undefined ? null : seconds * liveFraction,
    live_fraction: liveFraction,
    header_livetime: run.headerLivetime ?? null,
  };
}

const placeOf = (pointing: NonNullable<EventRun["pointing"]>) =>
  pointing.mode === "pointed"
    ? { ra: pointing.position.lon, dec: pointing.position.lat }
    : { alt: pointing.alt, az: pointing.az };

/** Smallest and largest finite number. */
function rangeOf(values: EventColumn): [min: number, max: number] | [null, null] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const x of values) {
    if (!Number.isFinite(x)) continue;
    if (x < min) min = x;
    if (x > max) max = x;
  }
  return min <= max ? [min, max] : [null, null];
}

type Times = Pick<Gti, "reference" | "timeScale"> & {
  readonly start: ArrayLike<number>;
  readonly stop: ArrayLike<number>;
};

/** First start and last stop, MJD in the scale of the file. */
function mjdRange({ start, stop, reference, timeScale }: Times): [number, number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < start.length; i++) {
    from = Math.min(from, start[i]!);
    to = Math.max(to, stop[i]!);
  }
  return intervalsInMjd({ start: Float64Array.of(from), stop: Float64Array.of(to), reference, timeScale })[0]!;
}

/** The lines of a run, without those of which nothing is known. */
export function runText(run: EventRun, numbers: RunNumbers): string {
  const { n_events, energy_min, energy_max, event_time_min, event_time_max, time_min, time_max } = numbers;
  const scale = numbers.time_scale.toUpperCase();
  const between = (from: number | null, to: number | null) =>
    from === null || to === null
      ? ""
      : `${isoTime(from)} to ${isoTime(to)} (${scale}), MJD ${from.toFixed(5)} to ${to.toFixed(5)}`;
  const lines: (readonly [string, string])[] = [
    ["Observation", run.id],
    ["Instrument", instrumentName(run.telescope, run.instrument)],
    ["Target", [run.target, targetText(run)].filter((x) => x !== "").join(", ")],
    ["Pointing", pointingText(run)],
    ["Location", locationText(run)],
    [
      "Events",
      energy_min === null
        ? String(n_events)
        : `${n_events}, ${shortNumber(energy_min)} to ${shortNumber(energy_max!)} TeV`,
    ],
    ["Their times", between(event_time_min, event_time_max)],
    ["Good times", run.gti === undefined ? "no table GTI" : between(time_min, time_max)],
    ["Livetime", livetimeText(numbers)],
    ["Columns", run.columns.map(({ name, unit }) => (unit === "" ? name : `${name} [${unit}]`)).join(", ")],
  ];
  return lines.flatMap(([name, text]) => (text === "" ? [] : [`  ${name.padEnd(12)} ${text}\n`])).join("");
}

function livetimeText({ n_intervals, ontime: seconds, livetime, live_fraction }: RunNumbers): string {
  if (n_intervals === null || seconds === null) return "";
  const dead = `${shortNumber(100 * (1 - live_fraction))} % dead time`;
  return `${shortNumber(livetime!)} s: ${n_intervals} interval${n_intervals === 1 ? "" : "s"} of ${shortNumber(seconds)} s together, ${dead}`;
}

function targetText({ targetPosition }: EventRun): string {
  return targetPosition === undefined
    ? ""
    : `RA ${targetPosition.ra.toFixed(4)}, Dec ${targetPosition.dec.toFixed(4)} deg`;
}

function pointingText({ pointing, targetPosition }: EventRun): string {
  if (pointing === undefined) return "";
  if (pointing.mode === "drift")
    return `fixed over the horizon (drift), altitude ${pointing.alt}, azimuth ${pointing.az} deg`;
  const { lon, lat } = pointing.position;
  const place = `RA ${lon.toFixed(4)}, Dec ${lat.toFixed(4)} deg`;
  if (targetPosition === undefined) return place;
  return `${place}, ${separation(lon, lat, targetPosition.ra, targetPosition.dec).toFixed(3)} deg from the target`;
}

const locationText = ({ location }: EventRun): string =>
  location === undefined
    ? ""
    : `longitude ${location.lon.toFixed(4)}, latitude ${location.lat.toFixed(4)} deg, ${shortNumber(location.height)} m`;

export function columnsTable({ columns }: EventRun): Table {
  const { text } = columnsOf(columns);
  return {
    name: "columns",
    about: "Columns of the events",
    columns: [text("column", ({ name }) => name), text("unit", ({ unit }) => unit)],
  };
}
