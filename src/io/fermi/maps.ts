/** Cubes of the Fermi tools. */
import type { Hdu } from "../../fits/index.js";
import type { SkyMap } from "../../sky/types.js";
import type { NoteOptions } from "../cards.js";
import { keyword } from "../hdu.js";
import { isHealpix } from "../healpix-fits.js";
import { mapFromHdus, type ReadMapOptions } from "../map-fits.js";

/** The HDU of the cube: the image with a place on the sky, or a table of HEALPix pixels. */
export const cubeHdu = (hdus: readonly Hdu[]): Hdu | undefined =>
  hdus.find(
    (hdu) => isHealpix(hdu) || (hdu.kind === "image" && hdu.shape.length === 3 && keyword(hdu, "CTYPE1") !== ""),
  );

export function readCube(hdus: readonly Hdu[], options: Pick<ReadMapOptions, "where"> & NoteOptions): SkyMap {
  return mapFromHdus(hdus, (cubeHdu(hdus) ?? hdus[0]!).name, options);
}

/** Exposure of gtexpcube2 at its energies (nodes, MeV), in cm2 s, which the files do not say. */
export function readExposure(hdus: readonly Hdu[], options: Pick<ReadMapOptions, "where"> & NoteOptions): SkyMap {
  const map = readCube(hdus, options);
  return map.unit === ""
    ? { ...map, unit: "cm2 s" }
    : mapFromHdus(hdus, cubeHdu(hdus)!.name, { ...options, unit: "cm2 s" });
}
