import { fluxMapsOfFile } from "../flux-maps.js";
import { keyword } from "../hdu.js";
import type { FluxMaps } from "../types.js";
import { isMap, NO, SURE } from "./sniff.js";
import type { Contents, FileFormat } from "./types.js";

interface FluxMapsContents extends Contents {
  readonly fluxMaps: FluxMaps;
}

export const fluxMapsFormat: FileFormat<FluxMapsContents> = {
  name: "flux-maps",
  about: "maps of fluxes and significances (Gammapy)",
  holds: ["fluxMaps"],
  sniff: ({ hdus = [] }) => (hdus.some(isMap) && keyword(hdus[0]!, "SED_TYPE") !== "" ? SURE : NO),
  read: (file, { files }) => ({
    fluxMaps: fluxMapsOfFile(file, { where: file.path, maxBytes: files.freeBytes?.() }),
  }),
};
