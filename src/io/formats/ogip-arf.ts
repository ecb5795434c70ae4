import { hasColumns } from "../hdu.js";
import { LIKELY, NO, tablesOf } from "./sniff.js";
import type { FileFormat } from "./types.js";

export const ogipArfFormat: FileFormat = {
  name: "ogip-arf",
  about: "effective area (OGIP ARF)",
  holds: [],
  sniff: (file) => (tablesOf(file).some((table) => hasColumns(table, "energ_lo", "specresp")) ? LIKELY : NO),
  isCompanion: true,
  remedy: "it is read with the spectrum whose ANCRFILE names it: give that one",
};
