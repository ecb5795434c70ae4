import type { SkyMap } from "../../sky/types.js";
import { isHealpix } from "../healpix-fits.js";
import { mapOfFile } from "../map-fits.js";
import { isMap, LIKELY, NO, SURE } from "./sniff.js";
import type { Contents, FileFormat } from "./types.js";

interface MapContents extends Contents {
  readonly map: SkyMap;
}

export const mapFormat: FileFormat<MapContents> = {
  name: "map",
  about: "sky map",
  holds: ["map"],
  sniff: ({ hdus = [] }) => (hdus.some(isHealpix) ? SURE : hdus.some(isMap) ? LIKELY : NO),
  read: (file, { files, onNote }) => ({
    map: mapOfFile(file, { where: file.path, maxBytes: files.freeBytes?.(), onNote }),
  }),
};
