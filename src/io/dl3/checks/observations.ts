/** All files of the observations of an index: each HDU that it names is read and checked once. */
import { GammatsError } from "../../../errors.js";
import type { HduEntry, ObservationEntry } from "../../../events/index-types.js";
import { findTable, type Hdu, readFits } from "../../../fits/index.js";
import type { FileAccess } from "../../files.js";
import { readGti } from "../../gti.js";
import { readResponseHdu, readRun } from "../event-data.js";
import { isReversed } from "../observations.js";
import { isResponseClass } from "../responses.js";
import type { ObservationFiles } from "../types.js";
import { checkResponse, checkTogether, normWarnings, type ResponseTraits, traitsOf } from "./responses.js";
import { checkRun } from "./run.js";
import { type Notes, noNotes } from "./types.js";

/** Names that are said one by one. */
const LISTED = 5;

const listed = (names: readonly string[]): string =>
  names.slice(0, LISTED).join(", ") + (names.length > LISTED ? ` and ${names.length - LISTED} more` : "");

/** What is wrong with the files of observations: those that are missing, damaged tables, events and responses that do not fit together. */
export async function checkObservations(
  { index, named, missing }: ObservationFiles,
  files: FileAccess,
): Promise<Omit<Notes, "norms">> {
  const notes = noNotes();
  if (missing.length > 0) {
    notes.problems.push(
      `${index.folder}: ${missing.length} of ${named.length} files that the index names are not there: ${listed(missing)}; fetch them, or choose other observations with --ids`,
    );
  }
  const gone = new Set(missing);
  const checked = new Map<string, ResponseTraits | undefined>();
  for (const entry of index.entries) {
    const here = entry.hdus.filter(({ path }) => !gone.has(path));
    if (here.length > 0) await checkObservation(entry, here, { files, checked, notes });
  }
  sayClasses(index.entries, notes.warnings);
  return { problems: unique(notes.problems), warnings: [...unique(notes.warnings), ...normWarnings(notes.norms)] };
}

const unique = (lines: readonly string[]): string[] => [...new Set(lines)];

interface Work {
  readonly files: FileAccess;
  /** What is kept of responses that were read, by file and HDU: many observations may share them. */
  readonly checked: Map<string, ResponseTraits | undefined>;
  readonly notes: Notes;
}

async function checkObservation(
  entry: ObservationEntry,
  here: readonly HduEntry[],
  { files, checked, notes }: Work,
): Promise<void> {
  const opened = new Map<string, readonly Hdu[] | undefined>();
  const onNote = (note: string) => notes.warnings.push(note);
  const attempt = async <T>(read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof GammatsError)) throw error;
      notes.problems.push(error.message);
      return undefined;
    }
  };
  const open = async (path: string) => {
    if (!opened.has(path))
      opened.set(path, await attempt(async () => readFits(await files.read(path), { where: path, verify: true })));
    return opened.get(path);
  };
  const tableOf = async (one: HduEntry) => {
    const hdus = await open(one.path);
    return hdus && attempt(() => findTable(hdus, one.hdu, one.path));
  };
  const of = (type: string) => here.find((one) => one.type === type);
  for (const type of ["events", "gti"]) {
    if (!entry.hdus.some((one) => one.type === type))
      notes.problems.push(`observation ${entry.id}: found no HDU of the type ${type}, expected one`);
  }
  const [events, times] = [of("events"), of("gti")];
  const table = events && (await tableOf(events));
  const gtiTable = times && (await tableOf(times));
  const gti = gtiTable && (await attempt(() => readGti(gtiTable, times.path)));
  if (table !== undefined && gti !== undefined) {
    const run = await attempt(() => readRun(table, gti, events!.path, onNote));
    if (run !== undefined) await attempt(() => checkRun({ ...run, id: entry.id }, notes));
    if (run !== undefined && run.pointing === undefined)
      notes.warnings.push(
        `${run.at}: found neither RA_PNT and DEC_PNT nor ALT_PNT and AZ_PNT; reductions need a pointing`,
      );
  }
  const reversedLon = table !== undefined && isReversed(table);
  const responses: ResponseTraits[] = [];
  for (const one of here) {
    if (["events", "gti", "pointing"].includes(one.type)) continue;
    const key = `${one.path}[${one.hdu}] ${reversedLon}`;
    if (!checked.has(key)) {
      const found = await tableOf(one);
      const kind = isResponseClass(one.hduClass) ? one.hduClass : undefined;
      const response = found && (await attempt(() => readResponseHdu(found, one.path, { kind, reversedLon, onNote })));
      if (response !== undefined) checkResponse(response, notes);
      checked.set(key, response && traitsOf(response));
    }
    const response = checked.get(key);
    if (response !== undefined) responses.push(response);
  }
  if (here.length === entry.hdus.length) checkTogether(responses, `observation ${entry.id}`, notes);
}

/** Observations whose responses are of other classes than those of most. */
function sayClasses(entries: readonly ObservationEntry[], warnings: string[]): void {
  const ids = new Map<string, string[]>();
  for (const { id, hdus } of entries) {
    const classes = hdus.map(({ hduClass }) => hduClass).filter(isResponseClass);
    const key = classes.sort().join(", ") || "no responses";
    ids.set(key, [...(ids.get(key) ?? []), id]);
  }
  if (ids.size < 2) return;
  const said = [...ids].map(([classes, of]) => `${classes} (${listed(of)})`);
  warnings.push(
    `observations differ in their responses: ${said.join("; ")}; spectra and maps of them cannot all be made in one way`,
  );
}
