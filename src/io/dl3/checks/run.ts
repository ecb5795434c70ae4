/** Whether an event list agrees with its good time intervals and its header, and its numbers can be used. */
import { sayEventsOutside } from "../../../events/observations.js";
import { ontime } from "../../../time/gti.js";
import type { Gti } from "../../../time/types.js";
import { shortNumber } from "../../table/digits.js";
import type { EventRun } from "../types.js";
import type { Notes } from "./types.js";

/** How far LIVETIME may be from ONTIME x DEADC: files give whole seconds, s, and three digits. */
const ROUNDING = { seconds: 1, share: 1e-3 };

/** Values of a column that an event may have. */
const SOUND: Readonly<Record<"TIME" | "RA" | "DEC" | "ENERGY", readonly [(x: number) => boolean, string]>> = {
  TIME: [Number.isFinite, "finite"],
  RA: [(x) => x >= -180 && x <= 360, "a right ascension in deg"],
  DEC: [(x) => Math.abs(x) <= 90, "a declination in deg"],
  ENERGY: [(x) => x > 0 && x < Infinity, "an energy above 0"],
};

export function checkRun(run: EventRun, notes: Notes): void {
  const { problems, warnings } = notes;
  const { at, events, gti } = run;
  const columns = { TIME: events.time, RA: events.ra, DEC: events.dec, ENERGY: events.energy };
  let hasTimes = true;
  for (const [name, values] of Object.entries(columns)) {
    const [isSound, expected] = SOUND[name as keyof typeof SOUND];
    let bad = 0;
    let first = -1;
    for (let i = 0; i < values.length; i++) {
      if (isSound(values[i]!)) continue;
      if (bad++ === 0) first = i;
    }
    if (bad === 0) continue;
    if (name === "TIME") hasTimes = false;
    problems.push(
      `${at}, column ${name}: found ${values[first]} in row ${first + 1}, expected ${expected}; so are ${bad} of ${events.n} events`,
    );
  }
  if (gti === undefined) {
    warnings.push(`${at}: there is no table GTI beside the events; reductions need the good time intervals`);
    return;
  }
  checkIntervals(gti, at, notes);
  checkLivetime(run, gti, warnings);
  if (hasTimes) sayEventsOutside({ id: run.id || at, events, gti }, (note) => warnings.push(note));
}

function checkIntervals(gti: Gti, at: string, { problems, warnings }: Notes): void {
  if (gti.start.length === 0) problems.push(`${at}: the table GTI has no rows, expected the good time intervals`);
  const bad = gti.start.findIndex((start, i) => !Number.isFinite(start) || !Number.isFinite(gti.stop[i]!));
  if (bad >= 0) {
    problems.push(
      `${at}: row ${bad + 1} of its table GTI goes from ${gti.start[bad]} s to ${gti.stop[bad]} s, expected finite times`,
    );
    return;
  }
  const order = Array.from(gti.start.keys()).sort((i, k) => gti.start[i]! - gti.start[k]!);
  let stop = Number.NEGATIVE_INFINITY;
  let overlap = 0;
  for (const i of order) {
    if (gti.start[i]! < stop) overlap += Math.min(stop, gti.stop[i]!) - gti.start[i]!;
    stop = Math.max(stop, gti.stop[i]!);
  }
  if (overlap > 0)
    warnings.push(`${at}: its good time intervals overlap; ${shortNumber(overlap)} s count twice in the livetime`);
}

function checkLivetime({ at, headerLivetime, liveFraction }: EventRun, gti: Gti, warnings: string[]): void {
  const livetime = ontime(gti) * liveFraction;
  const { seconds, share } = ROUNDING;
  if (headerLivetime === undefined || !Number.isFinite(livetime)) return;
  if (Math.abs(headerLivetime - livetime) <= Math.max(seconds, share * livetime)) return;
  warnings.push(
    `${at}, keyword LIVETIME: found ${shortNumber(headerLivetime)} s, expected ${shortNumber(livetime)} s, the good time intervals times DEADC (${shortNumber(liveFraction)}); that is used`,
  );
}
