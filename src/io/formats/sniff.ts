/** What formats look for in a file. */
import type { Hdu, TableHdu } from "../../fits/index.js";
import { keyword } from "../hdu.js";
import { isHealpix } from "../healpix-fits.js";
import type { Certainty, OpenedFile } from "./types.js";

export const NO = 0 satisfies Certainty;
/** Of a general kind. */
export const GENERAL = 1 satisfies Certainty;
/** It has what the format needs. */
export const LIKELY = 2 satisfies Certainty;
/** It says so itself. */
export const SURE = 3 satisfies Certainty;

export const tablesOf = ({ hdus = [] }: OpenedFile): TableHdu[] =>
  hdus.filter((hdu): hdu is TableHdu => hdu.kind === "table");

export const hasHdu = ({ hdus = [] }: OpenedFile, name: string): boolean =>
  hdus.some((hdu) => hdu.name.toUpperCase() === name);

/** An image on the sky, or the table of a map of a region or of HEALPix pixels. */
export function isMap(hdu: Hdu): boolean {
  if (hdu.kind === "table") {
    if (isHealpix(hdu)) return true;
    const hasAxes = keyword(hdu, "AXCOLS1") !== "";
    return (hasAxes || hdu.name.toUpperCase() === "SKYMAP") && hdu.columns.some(({ name }) => name === "DATA");
  }
  return hdu.shape.length >= 2 && keyword(hdu, "CTYPE1") !== "";
}
