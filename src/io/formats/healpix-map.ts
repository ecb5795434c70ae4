import { keyword } from "../hdu.js";
import { NO, SURE } from "./sniff.js";
import type { FileFormat } from "./types.js";

export const healpixMapFormat: FileFormat = {
  name: "healpix-map",
  about: "sky map in HEALPix pixels",
  holds: [],
  sniff: ({ hdus = [] }) => (hdus.some((hdu) => keyword(hdu, "PIXTYPE") === "HEALPIX") ? SURE : NO),
  remedy: "HEALPix maps are not read; convert the map to a WCS grid first (Map.to_wcs)",
};
