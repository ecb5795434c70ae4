/** What follows from an observation. */
import { SpecError } from "../errors.js";
import { findCell } from "../math/interpolate.js";
import { toFrame } from "../sky/frames.js";
import type { SkyPosition } from "../sky/types.js";
import { ontime } from "../time/gti.js";
import { taiSeconds } from "../time/scale.js";
import type { Observation } from "./types.js";

/** Time in which events could be recorded, s: the good time intervals times DEADC. The header's LIVETIME is not used. */
export const livetimeOf = ({ gti, liveFraction }: Observation): number => ontime(gti) * liveFraction;

/**
 * Where a pointed observation looked, ICRS.
 * @throws SpecError where the file gives no pointing, or one that is fixed over the horizon.
 */
export function pointingOf({ id, pointing }: Observation): SkyPosition {
  if (pointing?.mode === "pointed") return toFrame(pointing.position, "icrs");
  throw new SpecError({
    where: `observation ${id}`,
    found: pointing === undefined ? "no pointing (RA_PNT, DEC_PNT)" : "OBS_MODE = DRIFT, a direction over the horizon",
    expected: "a pointing on the sky, which offsets from it need",
  });
}

/** Says how many events lie outside of the good time intervals: they are counted, as in Gammapy, in no livetime. */
export function sayEventsOutside(
  { id, events, gti }: Pick<Observation, "id" | "events" | "gti">,
  onNote?: (note: string) => void,
): void {
  if (onNote === undefined) return;
  const where = `observation ${id}`;
  const day = Math.floor(gti.reference);
  const shift = taiSeconds(day, 0, events, where) - taiSeconds(day, 0, gti, where);
  const order = Array.from(gti.start.keys()).sort((a, b) => gti.start[a]! - gti.start[b]!);
  const starts = Float64Array.from(order, (k) => gti.start[k]! - ROUNDING);
  const stops = Float64Array.from(order, (k) => gti.stop[k]! + ROUNDING);
  let outside = 0;
  for (let i = 0; i < events.n; i++) {
    const t = events.time[i]! + shift;
    const k = starts.length === 0 ? 0 : findCell(starts, t);
    const isIn = (j: number) => t >= starts[j]! && t <= stops[j]!;
    if (!(isIn(k) || isIn(k + 1))) outside++;
  }
  if (outside > 0)
    onNote(`${where}: ${outside} of ${events.n} events lie outside of the good time intervals, and are counted`);
}

/** Files give intervals in whole seconds, s. */
const ROUNDING = 1;
