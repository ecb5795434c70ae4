import { axisPix, nBins } from "../../sky/axis.js";
import { pixelsOf } from "../../sky/pixels.js";
import type { HealpixGeom } from "../../sky/types.js";
import type { TemplateGrid } from "./template-grid.js";

/** Step of the differences for derivatives, in units of a pixel's width: values are linear between rings, so that it only has to stay between two of them. */
const STEP = 0.01;

/** Brightness between the pixels of a HEALPix map of the whole sky: linear (not in its logarithm), as in Gammapy and healpy; derivatives by differences. */
export function healpixGrid(geom: HealpixGeom, brightness: () => Float64Array): TemplateGrid {
  const pixels = pixelsOf(geom);
  const axis = geom.axes[0];
  const around = { index: new Int32Array(4), weight: new Float64Array(4) };
  const step = (STEP * 60) / geom.nside;
  let values: Float64Array | undefined;

  function value(lon: number, lat: number, energy: number): number {
    const e = axis === undefined ? 0 : axisPix(axis, energy);
    if (axis !== undefined && !(e >= -0.5 && e < nBins(axis) - 0.5)) return 0;
    values ??= brightness().map((x) => (Number.isFinite(x) ? x : 0));
    const count = pixels.interpolation(lon, lat, around);
    const bins = axis === undefined ? 1 : nBins(axis);
    const k = Math.max(0, Math.min(bins - 2, Math.floor(e)));
    const share = bins === 1 ? 0 : e - k;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const at = k * pixels.nPix + around.index[i]!;
      const low = values[at]!;
      sum += around.weight[i]! * (share === 0 ? low : low + share * (values[at + pixels.nPix]! - low));
    }
    return Math.max(0, sum);
  }

  return {
    value,
    derivatives(lon, lat, energy, out) {
      const at = (i: number, j: number) => value(lon + i * step, lat + j * step, energy);
      const [middle, east, west, north, south] = [at(0, 0), at(1, 0), at(-1, 0), at(0, 1), at(0, -1)];
      out[0] = middle;
      out[1] = (east - west) / (2 * step);
      out[2] = (north - south) / (2 * step);
      out[3] = (east - 2 * middle + west) / step ** 2;
      out[4] = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * step ** 2);
      out[5] = (north - 2 * middle + south) / step ** 2;
    },
  };
}
