/** `--pixel-size` and `--nside` of `convert`: a map in other pixels. */
import { SpecError } from "../errors.js";
import { requireMemory } from "../memory.js";
import { healpixOver, imageOver } from "../sky/change-pixels.js";
import { interpolateMap, nPix } from "../sky/index.js";
import type { SkyMap } from "../sky/types.js";
import { toUnit } from "../units/index.js";
import type { Context } from "./context.js";
import { numberOf } from "./numbers.js";

export interface PixelOptions {
  readonly pixelSize?: string;
  readonly nside?: string;
  /** The values are counts, whose sum is to stay. */
  readonly counts?: boolean;
}

export const hasPixels = ({ pixelSize, nside, counts }: PixelOptions): boolean =>
  (pixelSize ?? nside ?? counts) !== undefined;

/** Values where the first map has none are NaN, of counts 0; `onNote` is told how their sum changes. */
export function inPixels(map: SkyMap, options: PixelOptions, maxBytes: number | undefined, onNote: Context["onNote"]) {
  const found = otherPixels(map, options, maxBytes);
  if (options.counts !== true) return found;
  // pixels that the end of the sky cuts have no solid angle
  const data = found.data.map((x) => (Number.isFinite(x) ? x : 0));
  const sum = (values: Float64Array) =>
    Number(values.reduce((total, x) => total + (Number.isFinite(x) ? x : 0), 0).toPrecision(6));
  onNote(`convert: the counts were ${sum(map.data)}, and are ${sum(data)} in the new pixels`);
  return { ...found, data };
}

function otherPixels(map: SkyMap, { pixelSize, nside, counts = false }: PixelOptions, maxBytes?: number): SkyMap {
  const { geom } = map;
  const settings = { preserveCounts: counts, fill: counts ? 0 : Number.NaN };
  const bins = map.data.length / nPix(geom);
  const allow = (pixels: number) =>
    requireMemory("convert", [{ what: "the new map", bytes: 8 * pixels * (bins + 4) }], maxBytes);
  if (geom.kind === "healpix" && pixelSize !== undefined && nside === undefined) {
    const binsz = toUnit(pixelSize, "deg", "--pixel-size");
    if (!(binsz > 0 && binsz <= 10)) throw new SpecError(`--pixel-size "${pixelSize}": expected an angle up to 10 deg`);
    allow((360 / binsz) * (180 / binsz));
    return interpolateMap(map, imageOver(geom, { binsz }), settings);
  }
  if (geom.kind === "wcs" && nside !== undefined && pixelSize === undefined) {
    const isPower = (x: number) => Number.isInteger(Math.log2(x)) && x >= 1 && x <= 8192;
    const n = numberOf(nside, "--nside", "a power of 2 from 1 to 8192", isPower);
    allow(12 * n * n);
    return interpolateMap(map, healpixOver(geom, n), settings);
  }
  throw new SpecError({
    where: "convert",
    found:
      geom.kind === "healpix"
        ? "a map in HEALPix pixels"
        : geom.kind === "wcs"
          ? "an image (WCS)"
          : "a map of a region",
    expected:
      'of HEALPix --pixel-size "0.1 deg", which makes an image; of an image --nside 256, which makes HEALPix pixels',
  });
}
