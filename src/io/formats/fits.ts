import { GENERAL, NO } from "./sniff.js";
import type { FileFormat } from "./types.js";

/** Any other FITS file. */
export const fitsFormat: FileFormat = {
  name: "fits",
  about: "FITS file",
  holds: [],
  sniff: ({ hdus, damage }) => (hdus !== undefined || damage !== undefined ? GENERAL : NO),
};
