/** Events counted in bins. */
import type { EventList } from "../events/types.js";
import { axisBin, nBins } from "../sky/axis.js";
import { convertFrame, separation, toFrame } from "../sky/frames.js";
import { withAxes } from "../sky/geom.js";
import type { PixelRegion } from "../sky/pixel-regions.js";
import { nPix, pixelsOf } from "../sky/pixels.js";
import { coordinateTest, regionCenter, regionReach } from "../sky/regions.js";
import type { Geom, MapAxis, Region, SkyMap, SkyPosition, Wcs } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";

/** Counts `[energy, ...pixels]`: an event on the edge of two bins is in the upper one, on the last edge in none. */
export function countsMap(events: EventList, pixels: Geom, energy: MapAxis): SkyMap {
  const image = pixelsOf(pixels);
  const stride = nPix(pixels);
  const out = new Float64Array(2);
  const geom = withAxes(pixels, [energy]);
  return filled(events, geom, stride, ALL, (ra, dec) => {
    convertFrame(ra, dec, "icrs", image.frame, out);
    return image.indexOf(out[0]!, out[1]!);
  });
}

/** Counts in a region, `[energy, 1, 1]`. */
export function regionCounts(events: EventList, region: Region, geom: Geom, energy: MapAxis): SkyMap {
  const isInside = coordinateTest(region, "icrs");
  const band = region.shape === "point" ? ALL : bandOf([regionCenter(region)], regionReach(region));
  return filled(events, withAxes(geom, [energy]), 1, band, (ra, dec) => (isInside(ra, dec) ? 0 : -1));
}

/** Counts in the union of shapes in the pixels of `wcs`; each event once. */
export function shapeCounts(
  events: EventList,
  shapes: readonly PixelRegion[],
  wcs: Wcs,
  geom: Geom,
  energy: MapAxis,
): SkyMap {
  const { skyToPix, pixToSky } = makeProjector(wcs);
  const out = new Float64Array(2);
  const places = shapes.map(({ x, y }) => {
    pixToSky(x, y, out);
    return { lon: out[0]!, lat: out[1]!, frame: wcs.frame };
  });
  const size = Math.hypot(...wcs.cd) * shapes.reduce((r, { extent: [a, b, c, d] }) => Math.max(r, b - a, d - c), 0);
  return filled(events, withAxes(geom, [energy]), 1, bandOf(places, size), (ra, dec) => {
    convertFrame(ra, dec, "icrs", wcs.frame, out);
    skyToPix(out[0]!, out[1]!, out);
    const [x, y] = [out[0]!, out[1]!];
    for (let k = 0; k < shapes.length; k++) if (shapes[k]!.contains(x, y)) return 0;
    return -1;
  });
}

/** Counts within a radius that depends on the energy of the event, of any of these positions. */
export function radiusCounts(
  events: EventList,
  centers: readonly SkyPosition[],
  radius: (energy: number) => number,
  geom: Geom,
  energy: MapAxis,
): SkyMap {
  const icrs = centers.map((c) => toFrame(c, "icrs"));
  return filled(events, withAxes(geom, [energy]), 1, ALL, (ra, dec, e) => {
    const r = radius(e);
    return icrs.some((c) => separation(c.lon, c.lat, ra, dec) <= r) ? 0 : -1;
  });
}

/** Declinations, deg, outside of which no event counts. */
type Band = readonly [low: number, high: number];
const ALL: Band = [-Infinity, Infinity];

/** The declinations within a distance of positions, deg. */
function bandOf(centers: readonly SkyPosition[], reach: number): Band {
  const declinations = centers.map((center) => toFrame(center, "icrs").lat);
  return [Math.min(...declinations) - reach, Math.max(...declinations) + reach];
}

function filled(
  events: EventList,
  geom: Geom,
  stride: number,
  [south, north]: Band,
  pixelOf: (ra: number, dec: number, energy: number) => number,
): SkyMap {
  const axis = geom.axes[0]!;
  const data = new Float64Array(nBins(axis) * stride);
  const { ra, dec, energy, n } = events;
  for (let i = 0; i < n; i++) {
    if (!(dec[i]! >= south && dec[i]! <= north)) continue;
    const bin = axisBin(axis, energy[i]!);
    if (bin < 0) continue;
    const pixel = pixelOf(ra[i]!, dec[i]!, energy[i]!);
    if (pixel >= 0) data[bin * stride + pixel]! += 1;
  }
  return { geom, unit: "", data };
}
