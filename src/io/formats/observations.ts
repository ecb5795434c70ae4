/** Runs: a folder of event files, and the index files that name them. */
import type { ObservationIndex } from "../../events/index-types.js";
import type { TableHdu } from "../../fits/types.js";
import { checkObservations } from "../dl3/checks/observations.js";
import { observationFiles } from "../dl3/files.js";
import { FITS, readObservationIndex } from "../dl3/folder.js";
import { hduIndexOf, obsIndexOf } from "../dl3/index-files.js";
import type { ObservationFiles } from "../dl3/types.js";
import { dirname } from "../files.js";
import { keyword } from "../hdu.js";
import { GENERAL, NO, SURE, tablesOf } from "./sniff.js";
import type { Contents, FileContext, FileFormat, Findings, OpenedFile } from "./types.js";

interface RunContents extends Contents {
  readonly observations: ObservationFiles;
}

/** A format of files or folders that name observations. */
function runFormat(
  { name, about, sniff }: Pick<FileFormat, "name" | "about" | "sniff">,
  indexOf: (file: OpenedFile, context: FileContext) => ObservationIndex | Promise<ObservationIndex>,
): FileFormat<RunContents> {
  const read = async (file: OpenedFile, context: FileContext): Promise<RunContents> => {
    const index = await indexOf(file, context);
    return { observations: await observationFiles(index, context.files), warnings: index.warnings };
  };
  return {
    name,
    about,
    holds: ["observations"],
    sniff,
    read,
    async check(file, context): Promise<Findings> {
      const { observations, warnings = [] } = await read(file, context);
      const found = await checkObservations(observations, context.files);
      return { problems: found.problems, warnings: [...warnings, ...found.warnings] };
    },
    remedy: "reduce the folder to spectra or maps: gammats reduce FOLDER --target 'RA DEC' --out DIR",
  };
}

export const observationsFormat = runFormat(
  {
    name: "observations",
    about: "folder of event data",
    sniff({ names = [] }) {
      if (names.some((name) => /^hdu-index\.fits(\.gz)?$/.test(name))) return SURE;
      return names.some((name) => FITS.test(name)) ? GENERAL : NO;
    },
  },
  ({ path }, { files }) => readObservationIndex(path, files),
);

const indexTable = (file: OpenedFile, name: string): TableHdu | undefined =>
  tablesOf(file).find(
    (table) =>
      table.name.trim().toUpperCase() === `${name}_INDEX` ||
      (keyword(table, "HDUCLAS1").toUpperCase() === "INDEX" && keyword(table, "HDUCLAS2").toUpperCase() === name),
  );

export const hduIndexFormat = runFormat(
  {
    name: "hdu-index",
    about: "index of the HDUs of observations",
    sniff: (file) => (indexTable(file, "HDU") ? SURE : NO),
  },
  (file) => hduIndexOf(indexTable(file, "HDU")!, dirname(file.path), file.path),
);

export const obsIndexFormat = runFormat(
  { name: "obs-index", about: "table of observations", sniff: (file) => (indexTable(file, "OBS") ? SURE : NO) },
  (file) => obsIndexOf(indexTable(file, "OBS")!, dirname(file.path), file.path),
);
