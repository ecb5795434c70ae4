/** Everything of one file of event data: the event list, its good time intervals and the responses beside it. */
import { GammatsError } from "../../errors.js";
import { getCard, type Hdu, type TableHdu } from "../../fits/index.js";
import type { Gti } from "../../time/types.js";
import type { NoteOptions } from "../cards.js";
import { gtiIn } from "../gti.js";
import { keyword } from "../hdu.js";
import { headerAngle, readEvents, readLiveFraction, readLocation, readPointing } from "./events.js";
import { isReversed } from "./observations.js";
import {
  headerSize,
  isPointLike,
  isResponse,
  RESPONSE_CLASSES,
  type ResponseClass,
  type ResponseContext,
  readResponse,
  responseClass,
  responseEnergies,
} from "./responses.js";
import type { EventData, EventRun, ResponseHdu } from "./types.js";

/** What is read of the file, and what could not be. */
export interface ReadEventData {
  readonly data: EventData;
  /** What is wrong with tables that are left out; only with `keepGoing`. */
  readonly problems: readonly string[];
}

export interface EventDataOptions extends NoteOptions {
  /** Leave out tables that cannot be read, and say why, instead of throwing. */
  readonly keepGoing?: boolean | undefined;
}

export const isEventList = (table: TableHdu): boolean =>
  keyword(table, "HDUCLAS1") === "EVENTS" || table.name.trim().toUpperCase() === "EVENTS";

/**
 * The event list and the responses of a file, each where there is one; columns of events are decoded when they are first used.
 * @throws FormatError that names file, HDU and column of what cannot be read, unless `keepGoing`.
 */
export function readEventData(hdus: readonly Hdu[], path: string, options: EventDataOptions): ReadEventData {
  const { onNote, keepGoing = false } = options;
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!keepGoing || !(error instanceof GammatsError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  const tables = hdus.filter((hdu): hdu is TableHdu => hdu.kind === "table");
  const [events, ...others] = tables.filter(isEventList);
  for (const table of others) onNote?.(`${path}, HDU ${table.name}: a second event list, which is left out`);
  // good time intervals that cannot be read leave the events
  const gti = events && attempt(() => gtiIn(hdus, path));
  const run = events && attempt(() => readRun(events, gti, path, onNote));
  const reversedLon = events !== undefined && isReversed(events);
  const responses = tables
    .filter(isResponse)
    .map((table) => attempt(() => readResponseHdu(table, path, { reversedLon, onNote })))
    .filter((response) => response !== undefined);
  return { data: { ...(run && { run }), responses }, problems };
}

interface ResponseHduOptions extends ResponseContext {
  /** As an index has it; absent: as the table says it. */
  readonly kind?: ResponseClass | undefined;
}

/**
 * One response with what its header says; undefined of a class that is not read, which is noted.
 * @throws FormatError that names HDU and column of what is wrong.
 */
export function readResponseHdu(
  table: TableHdu,
  path: string,
  { kind = responseClass(table), reversedLon, onNote }: ResponseHduOptions,
): ResponseHdu | undefined {
  const at = `${path}, HDU ${table.name}`;
  if (kind === undefined) {
    const name = keyword(table, "HDUCLAS4") || keyword(table, "HDUCLAS2");
    onNote?.(`${at}: a response of the class ${name} is not read, only ${RESPONSE_CLASSES.join(", ")}`);
    return undefined;
  }
  const [radMax, energies] = [headerSize(table, "RAD_MAX", at), responseEnergies(table, at)];
  return {
    at,
    hdu: table.name.trim(),
    kind,
    irfs: readResponse(table, kind, at, { ...(reversedLon && { reversedLon }), onNote }),
    pointLike: isPointLike(table),
    fovAlign: keyword(table, "FOVALIGN").toUpperCase(),
    ...(radMax !== undefined && { radMax }),
    ...(energies && { energies }),
  };
}

/**
 * An event list with what its header says; columns are decoded when they are first used.
 * @throws FormatError that names HDU and column or keyword of what is wrong.
 */
export function readRun(
  table: TableHdu,
  gti: Gti | undefined,
  path: string,
  onNote: EventDataOptions["onNote"],
): EventRun {
  const at = `${path}, HDU ${table.name}`;
  const [pointing, location] = [readPointing(table, at), readLocation(table, at)];
  const [ra, dec] = [headerAngle(table, "RA_OBJ", at), headerAngle(table, "DEC_OBJ", at)];
  const livetime = getCard(table.header, "LIVETIME")?.value;
  return {
    at,
    id: keyword(table, "OBS_ID"),
    events: readEvents(table, at),
    columns: table.columns.map(({ name, unit = "" }) => ({ name, unit })),
    ...(gti && { gti }),
    ...(pointing && { pointing }),
    ...(ra !== undefined && dec !== undefined && { targetPosition: { ra, dec } }),
    ...(location && { location }),
    telescope: keyword(table, "TELESCOP"),
    instrument: keyword(table, "INSTRUME"),
    target: keyword(table, "OBJECT"),
    liveFraction: readLiveFraction(table, at, onNote),
    ...(typeof livetime === "number" && { headerLivetime: livetime }),
  };
}
