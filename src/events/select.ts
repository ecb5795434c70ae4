/** Observations chosen by place, time and the columns of their table. */
import { SpecError } from "../errors.js";
import { separation, toFrame } from "../sky/frames.js";
import type { SkyPosition } from "../sky/types.js";
import type { ObservationEntry, ObservationIndex } from "./index-types.js";

/** What to choose; all that is given has to hold. */
export interface ObservationSelection {
  readonly ids?: readonly string[];
  /** Pointings within `radius` [deg] of a position. */
  readonly cone?: { readonly center: SkyPosition; readonly radius: number };
  /** Runs that lie in this interval, MJD, [from, to). */
  readonly time?: readonly [from: number, to: number];
  /** Columns of the observation table whose number is in [low, high), or whose text is this. */
  readonly columns?: Readonly<Record<string, readonly [low: number, high: number] | string>>;
}

/**
 * The observations that a selection names, in the order of the index.
 * @throws SpecError where an id is not there, or the table lacks what is asked for.
 */
export function selectObservations(index: ObservationIndex, selection: ObservationSelection): ObservationEntry[] {
  const { ids, cone, time, columns = {} } = selection;
  const known = new Set(index.entries.map(({ id }) => id));
  const missing = ids?.filter((id) => !known.has(id)) ?? [];
  if (missing.length > 0) {
    throw new SpecError({
      where: index.folder,
      found: `no observation ${missing.join(", ")}`,
      expected: `one of the ${known.size}: ${[...known].slice(0, 8).join(", ")}${known.size > 8 ? " ..." : ""}`,
    });
  }
  const wanted = ids && new Set(ids);
  return index.entries.filter(
    (entry) =>
      (wanted?.has(entry.id) ?? true) &&
      (cone === undefined || inCone(entry, cone, index.folder)) &&
      (time === undefined ||
        (needed(entry.start, entry, "TSTART", index.folder) >= time[0] &&
          needed(entry.stop, entry, "TSTOP", index.folder) < time[1])) &&
      Object.entries(columns).every(([name, range]) => inRange(entry, name, range, index.folder)),
  );
}

function inCone(
  entry: ObservationEntry,
  { center, radius }: { center: SkyPosition; radius: number },
  where: string,
): boolean {
  const { lon, lat } = toFrame(center, "icrs");
  return separation(lon, lat, value(entry, "RA_PNT", where), value(entry, "DEC_PNT", where)) < radius;
}

function inRange(
  entry: ObservationEntry,
  name: string,
  range: readonly [number, number] | string,
  where: string,
): boolean {
  if (typeof range === "string") return String(needed(entry.columns[name], entry, name, where)) === range;
  const x = value(entry, name, where);
  return x >= range[0] && x < range[1];
}

function value(entry: ObservationEntry, name: string, where: string): number {
  const found = needed(entry.columns[name], entry, name, where);
  if (typeof found === "number") return found;
  throw new SpecError({
    where: `${where}, observation ${entry.id}, column ${name}`,
    found: JSON.stringify(found),
    expected: "a number",
  });
}

function needed<T>(found: T | undefined, entry: ObservationEntry, name: string, where: string): T {
  if (found !== undefined) return found;
  const columns = Object.keys(entry.columns);
  throw new SpecError({
    where: `${where}, observation ${entry.id}`,
    found: `no column ${name}${columns.length > 0 ? ` among ${columns.join(", ")}` : ": there is no observation table"}`,
    expected: "a table of observations (obs-index.fits.gz) with it, or a selection by ids",
  });
}
