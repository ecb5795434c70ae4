/** Observations read from event files and their responses. */
import { FormatError, UnsupportedError } from "../../errors.js";
import type { HduEntry, ObservationEntry } from "../../events/index-types.js";
import type { Observation } from "../../events/types.js";
import { findTable, getCard, type Hdu, readFits, type TableHdu } from "../../fits/index.js";
import type { IrfTables } from "../../irf/tables/types.js";
import type { FileAccess } from "../files.js";
import { readGti } from "../gti.js";
import { keyword } from "../hdu.js";
import { readEvents, readLiveFraction, readLocation, readPointing, readTargetPosition } from "./events.js";
import { isResponseClass, RESPONSE_CLASSES, type ResponseContext, readResponse, responseClass } from "./responses.js";

/** Reads observations; responses that several of them share are read once. */
export interface ObservationReader {
  read(entry: ObservationEntry): Promise<Observation>;
}

/** Options of a reader. */
export interface ObservationReaderOptions {
  /** What a user should know, one sentence each. */
  readonly onNote?: (note: string) => void;
}

/** Number of responses that a reader keeps: thousands of runs of a survey share a few. */
const KEPT = 32;

/** A reader of the observations of an index, with the last responses kept. Its `read` throws FormatError that names file, HDU and column where something is wrong. */
export function createObservationReader(
  files: FileAccess,
  { onNote }: ObservationReaderOptions = {},
): ObservationReader {
  const kept = new Map<string, Promise<IrfTables>>();
  const said = new Set<string>();
  const note = (text: string) => {
    if (said.has(text)) return;
    said.add(text);
    onNote?.(text);
  };
  const response = (entry: HduEntry, own: ReadonlyMap<string, readonly Hdu[]>, context: ResponseContext) => {
    const key = `${entry.path}[${entry.hdu}] ${context.reversedLon === true}`;
    const hdus = own.get(entry.path);
    if (hdus !== undefined) return Promise.resolve(responseOf(entry, hdus, context));
    const found = kept.get(key) ?? open(files, entry.path).then((all) => responseOf(entry, all, context));
    kept.delete(key);
    kept.set(key, found);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return found;
  };
  return {
    async read(entry) {
      const events = needed(entry, "events");
      const hdus = await open(files, events.path);
      const own = new Map([[events.path, hdus]]);
      const table = findTable(hdus, events.hdu, events.path);
      const context = { reversedLon: isReversed(table), onNote: note };
      const responses = entry.hdus.filter(({ type }) => !["events", "gti", "pointing"].includes(type));
      const irfs: IrfTables[] = [];
      for (const one of responses) irfs.push(await response(one, own, context));
      const gtiEntry = needed(entry, "gti");
      const gtiHdus = own.get(gtiEntry.path) ?? (await open(files, gtiEntry.path));
      const gti = readGti(findTable(gtiHdus, gtiEntry.hdu, gtiEntry.path), gtiEntry.path);
      return observation(entry.id, table, gti, Object.assign({}, ...irfs), events.path, note);
    },
  };
}

async function open(files: FileAccess, path: string): Promise<readonly Hdu[]> {
  return readFits(await files.read(path), { where: path });
}

function needed(entry: ObservationEntry, type: string): HduEntry {
  const found = entry.hdus.find((hdu) => hdu.type === type);
  if (found !== undefined) return found;
  throw new FormatError({
    where: `observation ${entry.id}`,
    found: `HDUs of the types ${entry.hdus.map((hdu) => hdu.type).join(", ")}`,
    expected: `one of the type ${type}`,
  });
}

/** H.E.S.S. DR1 has fields of view whose longitude grows with right ascension. */
export const isReversed = (events: TableHdu): boolean =>
  keyword(events, "CREATOR") === "SASH FITS::EventListWriter" && keyword(events, "HDUVERS") === "0.2";

function responseOf({ path, hdu, hduClass }: HduEntry, hdus: readonly Hdu[], context: ResponseContext): IrfTables {
  const table = findTable(hdus, hdu, path);
  const at = `${path}, HDU ${table.name}`;
  const kind = isResponseClass(hduClass) ? hduClass : responseClass(table);
  if (kind !== undefined) return readResponse(table, kind, at, context);
  throw new UnsupportedError({
    where: at,
    found: `a response of the class ${hduClass || keyword(table, "HDUCLAS4")}`,
    expected: RESPONSE_CLASSES.join(", "),
  });
}

/**
 * The observation of event files without an index: the tables EVENTS and GTI of the first, the responses of any of them, told by their keywords.
 * @throws FormatError where there is no event list or no good time intervals.
 */
export function observationOf(
  opened: readonly { readonly path: string; readonly hdus: readonly Hdu[] }[],
  { onNote }: ObservationReaderOptions = {},
): Observation {
  const tables = opened.flatMap(({ path, hdus }) =>
    hdus.flatMap((hdu) => (hdu.kind === "table" ? [{ path, table: hdu }] : [])),
  );
  const named = (name: string) => {
    const found = tables.find(({ table }) => table.name.trim().toUpperCase() === name);
    if (found !== undefined) return found;
    throw new FormatError({
      where: opened.map(({ path }) => path).join(", "),
      found: tables.map(({ table }) => table.name).join(", ") || "no tables",
      expected: `a table ${name}`,
    });
  };
  const events = named("EVENTS");
  const gti = named("GTI");
  const irfs: Record<string, unknown> = {};
  for (const { path, table } of tables) {
    const kind = responseClass(table);
    if (kind === undefined) continue;
    const at = `${path}, HDU ${table.name}`;
    for (const [name, value] of Object.entries(
      readResponse(table, kind, at, { reversedLon: isReversed(events.table), onNote }),
    )) {
      if (name in irfs) onNote?.(`${at}: a second response of the kind ${name}; the first is taken`);
      else irfs[name] = value;
    }
  }
  const id = String(getCard(events.table.header, "OBS_ID")?.value ?? "").trim();
  return observation(id, events.table, readGti(gti.table, gti.path), irfs as IrfTables, events.path, onNote);
}

function observation(
  id: string,
  table: TableHdu,
  gti: Observation["gti"],
  irfs: IrfTables,
  path: string,
  onNote: ((note: string) => void) | undefined,
): Observation {
  const at = `${path}, HDU ${table.name}`;
  const pointing = readPointing(table, at);
  const location = readLocation(table, at);
  const targetPosition = readTargetPosition(table);
  const [telescope, target] = [keyword(table, "TELESCOP"), keyword(table, "OBJECT")];
  return {
    id,
    events: readEvents(table, at),
    gti,
    ...(pointing && { pointing }),
    liveFraction: readLiveFraction(table, at, onNote),
    irfs,
    ...(location && { location }),
    ...(telescope !== "" && { telescope }),
    ...(target !== "" && { target }),
    ...(targetPosition && { targetPosition }),
  };
}
