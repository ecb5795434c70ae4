import { hasColumns } from "../hdu.js";
import { LIKELY, NO, tablesOf } from "./sniff.js";
import type { FileFormat } from "./types.js";

export const ogipRmfFormat: FileFormat = {
  name: "ogip-rmf",
  about: "energy redistribution (OGIP RMF)",
  holds: [],
  sniff: (file) => (tablesOf(file).some((table) => hasColumns(table, "f_chan", "matrix")) ? LIKELY : NO),
  isCompanion: true,
  remedy: "it is read with the spectrum whose RESPFILE names it: give that one",
};
