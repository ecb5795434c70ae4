/** Folders of observations, with index files or without. */
import { FormatError, UnsupportedError } from "../../errors.js";
import type { HduEntry, ObservationEntry, ObservationIndex } from "../../events/index-types.js";
import { getCard, type Hdu, readFits, type TableHdu } from "../../fits/index.js";
import { type FileAccess, joinPath } from "../files.js";
import { readReference } from "../gti.js";
import { keyword } from "../hdu.js";
import { readIndexFiles } from "./index-files.js";
import { responseClass } from "./responses.js";

/** Names of the files that a folder is searched for. */
export const FITS = /\.(fits|fit|fts)(\.gz)?$/i;

/**
 * The observations of a folder: those of its index files (hdu-index.fits.gz, obs-index.fits.gz), else of each file in it or below that holds events, their good time
 * intervals and responses. Of these the columns are keywords of the event list: RA_PNT, DEC_PNT, OBJECT, TSTART, ...
 * @throws FormatError where there is no observation, or a file cannot be read; UnsupportedError where `files` cannot list a folder that has no index.
 */
export async function readObservationIndex(folder: string, files: FileAccess): Promise<ObservationIndex> {
  const index = await readIndexFiles(folder, files);
  if (index !== undefined) return index;
  if (files.list === undefined) {
    throw new UnsupportedError({
      where: folder,
      found: "no hdu-index.fits.gz, and no way to list the folder",
      expected: "index files, or files that can be listed (FileAccess.list)",
    });
  }
  const names = (await files.list(folder)).filter((name) => FITS.test(name)).sort();
  const warnings: string[] = [];
  const entries: ObservationEntry[] = [];
  const others: string[] = [];
  const scales = new Set<string>();
  for (const name of names) {
    const path = joinPath(folder, name);
    const hdus = readFits(await files.read(path), { where: path, headersOnly: true });
    const entry = entryOf(path, hdus, scales);
    if (entry === undefined) others.push(name);
    else if (entries.some(({ id }) => id === entry.id))
      warnings.push(`${path}: a second file of observation ${entry.id}; the first is taken`);
    else entries.push(entry);
  }
  if (entries.length === 0) {
    throw new FormatError({
      where: folder,
      found: names.length === 0 ? "no FITS files" : `${names.length} FITS files without events`,
      expected: "hdu-index.fits.gz, or files with the tables EVENTS and GTI and the responses",
      remedy: "name the folder of the observations, or the files that are meant",
    });
  }
  if (others.length > 0)
    warnings.push(
      `${folder}: ${others.length} FITS files without events are left out (${others.slice(0, 3).join(", ")}${others.length > 3 ? " ..." : ""}); responses in files of their own need an index (hdu-index.fits.gz)`,
    );
  const [timeScale] = scales.size === 1 ? scales : [];
  return { folder, entries, ...(timeScale && { timeScale }), warnings };
}

/** The observation of one file; undefined where it has no events. */
function entryOf(path: string, hdus: readonly Hdu[], scales: Set<string>): ObservationEntry | undefined {
  const tables = hdus.filter((hdu): hdu is TableHdu => hdu.kind === "table");
  const named = (name: string) => tables.find((table) => table.name.trim().toUpperCase() === name);
  const events = named("EVENTS");
  if (events === undefined) return undefined;
  const list: HduEntry[] = [{ type: "events", hduClass: "events", path, hdu: events.name }];
  const gti = named("GTI");
  if (gti !== undefined) list.push({ type: "gti", hduClass: "gti", path, hdu: gti.name });
  for (const table of tables) {
    const hduClass = responseClass(table);
    const type = hduClass?.replace(/_(2d|3d|table|3gauss|king)$/, "");
    if (hduClass !== undefined && type !== undefined && !list.some((entry) => entry.type === type))
      list.push({ type, hduClass, path, hdu: table.name });
  }
  return { id: idOf(events, path), hdus: list, columns: columnsOf(events), ...timesOf(events, path, scales) };
}

const idOf = (events: TableHdu, path: string): string =>
  String(getCard(events.header, "OBS_ID")?.value ?? "").trim() || path.split("/").at(-1)!.replace(FITS, "");

const NAMES = [
  "OBJECT",
  "RA_PNT",
  "DEC_PNT",
  "ALT_PNT",
  "AZ_PNT",
  "RA_OBJ",
  "DEC_OBJ",
  "TSTART",
  "TSTOP",
  "ONTIME",
  "LIVETIME",
  "DEADC",
  "TELESCOP",
  "INSTRUME",
  "OBS_MODE",
];

function columnsOf(events: TableHdu): Record<string, number | string> {
  const columns: Record<string, number | string> = {};
  for (const name of NAMES) {
    const value = getCard(events.header, name)?.value;
    if (typeof value === "number") columns[name] = value;
    else if (typeof value === "string" && value.trim() !== "") columns[name] = numberOrText(value.trim());
  }
  return columns;
}

const numberOrText = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);

function timesOf(events: TableHdu, path: string, scales: Set<string>): Pick<ObservationEntry, "start" | "stop"> {
  const [start, stop] = ["TSTART", "TSTOP"].map((name) => Number(getCard(events.header, name)?.value ?? Number.NaN));
  const hasReference = keyword(events, "MJDREFI") !== "" || keyword(events, "MJDREF") !== "";
  if (!hasReference || !Number.isFinite(start) || !Number.isFinite(stop)) return {};
  const { reference, timeScale } = readReference(events.header, `${path}, HDU ${events.name}`, "tt");
  scales.add(timeScale);
  return { start: reference + start! / 86400, stop: reference + stop! / 86400 };
}
