/** Which files the observations of an index have, and with what instruments they were taken. */
import type { ObservationEntry, ObservationIndex } from "../../events/index-types.js";
import { readFits } from "../../fits/index.js";
import type { FileAccess } from "../files.js";
import { keyword } from "../hdu.js";
import { isEventList } from "./event-data.js";
import type { ObservationFiles } from "./types.js";

/** The observations with what is there of them. The header of one event list is read where the index says no telescope. */
export async function observationFiles(index: ObservationIndex, files: FileAccess): Promise<ObservationFiles> {
  const named = [...new Set(index.entries.flatMap(({ hdus }) => hdus.map(({ path }) => path)))];
  const missing: string[] = [];
  for (const path of named) if (!(await files.exists(path))) missing.push(path);
  const instruments = new Set(index.entries.map(ofColumns).filter((name) => name !== ""));
  if (instruments.size === 0) {
    const gone = new Set(missing);
    const first = index.entries
      .flatMap(({ hdus }) => hdus)
      .find(({ type, path }) => type === "events" && !gone.has(path));
    const name = first === undefined ? "" : await ofFile(first.path, files);
    if (name !== "") instruments.add(name);
  }
  return { index, instruments: [...instruments], named, missing };
}

/** "HESS, H.E.S.S. Phase I" */
export const instrumentName = (telescope: string, instrument: string): string =>
  [...new Set([telescope.trim(), instrument.trim()])].filter((name) => name !== "").join(", ");

const ofColumns = ({ columns }: ObservationEntry): string =>
  instrumentName(String(columns.TELESCOP ?? ""), String(columns.INSTRUME ?? ""));

async function ofFile(path: string, files: FileAccess): Promise<string> {
  const hdus = readFits(await files.read(path), { where: path, headersOnly: true });
  const events = hdus.find((hdu) => hdu.kind === "table" && isEventList(hdu));
  return events === undefined ? "" : instrumentName(keyword(events, "TELESCOP"), keyword(events, "INSTRUME"));
}
