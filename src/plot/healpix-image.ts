/** HEALPix pixels as pictures show them. */
import { imageOver } from "../sky/change-pixels.js";
import { interpolateMap } from "../sky/index.js";
import type { SkyMap } from "../sky/types.js";

/** Width of an image of HEALPix pixels, in pixels of its own. */
const WIDTH = 400;

/** A map on an image: of HEALPix pixels the value of the one in which each pixel of the image lies, of the whole sky, or around those that the map has. Others as they are. */
export function asImage(map: SkyMap): SkyMap {
  if (map.geom.kind !== "healpix") return map;
  return interpolateMap(map, imageOver(map.geom, { npix: WIDTH }), { method: "nearest", fill: Number.NaN });
}
