/** The one pixel of a region. */
import { toFrame } from "./frames.js";
import type { Pixelisation } from "./pixelisation.js";
import { regionSolidAngle } from "./region-geom.js";
import { makeRegionTest, meanPosition, regionCenter } from "./regions.js";
import type { Pixels, RegionGeom } from "./types.js";

export const regionPixelisation: Pixelisation<RegionGeom> = {
  pixels: regionPixels,
  shape: () => [1, 1],
  frame,
  describe: ({ regions }) => (regions.length > 1 ? `${regions.length} regions in one pixel` : "one region"),
  // the bins of spectra have no other place, so their regions may differ
  same: () => true,
};

function frame({ wcs }: RegionGeom) {
  return wcs?.frame ?? "icrs";
}

function regionPixels(geom: RegionGeom): Pixels {
  const { regions, wcs } = geom;
  const tests = regions.map(makeRegionTest);
  const own = frame(geom);
  const middle = { index: Int32Array.of(0), weight: Float64Array.of(1) };
  return {
    nPix: 1,
    frame: own,
    center(_, out) {
      const { lon, lat } = regions.length === 0 ? NOWHERE : toFrame(meanPosition(regions.map(regionCenter)), own);
      out[0] = lon;
      out[1] = lat;
    },
    solidAngles: () => Float64Array.of(wcs === null ? Number.NaN : regionSolidAngle(geom)),
    // a bin without a region is everywhere
    indexOf: (lon, lat) => (tests.length === 0 || tests.some((test) => test({ lon, lat, frame: own })) ? 0 : -1),
    neighbours: () => 0,
    interpolation(_, _1, out) {
      out.index[0] = 0;
      out.weight[0] = 1;
      return 1;
    },
    middle,
    nearest: () => 0,
  };
}

const NOWHERE = { lon: Number.NaN, lat: Number.NaN };
