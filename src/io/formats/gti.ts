import type { Gti } from "../../datasets/types.js";
import { gtiIn, readGti } from "../gti.js";
import { hasColumns } from "../hdu.js";
import { LIKELY, NO, tablesOf } from "./sniff.js";
import type { Contents, FileFormat, OpenedFile } from "./types.js";

interface GtiContents extends Contents {
  readonly intervals: Gti;
}

/** The good time intervals beside whatever else a FITS file holds. */
export function gtiOf(file: OpenedFile): Gti | undefined {
  return gtiIn(file.hdus ?? [], file.path);
}

export const gtiFormat: FileFormat<GtiContents> = {
  name: "gti",
  about: "good time intervals",
  holds: ["intervals"],
  // most files have them beside something else
  sniff(file) {
    const tables = tablesOf(file);
    const isAll =
      tables.length > 0 && tables.every((table) => /GTI/i.test(table.name) && hasColumns(table, "start", "stop"));
    return isAll ? LIKELY : NO;
  },
  read: (file) => ({ intervals: gtiOf(file) ?? readGti(tablesOf(file)[0]!, file.path) }),
};
