/** Events counted in bins. */
import type { EventList } from "../events/types.js";
import { axisBin, nBins } from "../sky/axis.js";
import { convertFrame, separation, toFrame } from "../sky/frames.js";
import { withAxes } from "../sky/geom.js";
import type { PixelRegion } from "../sky/pixel-regions.js";
import { nPix, pixelsOf } from "../sky/pixels.js";
import { makeRegionTest } from "../sky/regions.js";
import type { Geom, MapAxis, Region, SkyMap, SkyPosition, Wcs } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";

/** Counts `[energy, ...pixels]`: an event on the edge of two bins is in the upper one, on the last edge in none. */
export function countsMap(events: EventList, pixels: Geom, energy: MapAxis): SkyMap {
  const image = pixelsOf(pixels);
  const stride = nPix(pixels);
  const out = new Float64Array(2);
  return filled(
    events,
    withAxes(pixels, [energy]),
    (i) => {
      convertFrame(events.ra[i]!, events.dec[i]!, "icrs", image.frame, out);
      return image.indexOf(out[0]!, out[1]!);
    },
    stride,
  );
}

/** Counts in a region, `[energy, 1, 1]`. */
export function regionCounts(events: EventList, region: Region, geom: Geom, energy: MapAxis): SkyMap {
  const isInside = makeRegionTest(region);
  return filled(
    events,
    withAxes(geom, [energy]),
    (i) => (isInside({ lon: events.ra[i]!, lat: events.dec[i]!, frame: "icrs" }) ? 0 : -1),
    1,
  );
}

/** Counts in the union of shapes in the pixels of `wcs`; each event once. */
export function shapeCounts(
  events: EventList,
  shapes: readonly PixelRegion[],
  wcs: Wcs,
  geom: Geom,
  energy: MapAxis,
): SkyMap {
  const { skyToPix } = makeProjector(wcs);
  const out = new Float64Array(2);
  return filled(
    events,
    withAxes(geom, [energy]),
    (i) => {
      convertFrame(events.ra[i]!, events.dec[i]!, "icrs", wcs.frame, out);
      skyToPix(out[0]!, out[1]!, out);
      const [x, y] = [out[0]!, out[1]!];
      return shapes.some((shape) => shape.contains(x, y)) ? 0 : -1;
    },
    1,
  );
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
  return filled(
    events,
    withAxes(geom, [energy]),
    (i) => {
      const r = radius(events.energy[i]!);
      return icrs.some((c) => separation(c.lon, c.lat, events.ra[i]!, events.dec[i]!) <= r) ? 0 : -1;
    },
    1,
  );
}

function filled(events: EventList, geom: Geom, pixelOf: (event: number) => number, stride: number): SkyMap {
  const energy = geom.axes[0]!;
  const data = new Float64Array(nBins(energy) * stride);
  const energies = events.energy;
  for (let i = 0; i < events.n; i++) {
    const bin = axisBin(energy, energies[i]!);
    if (bin < 0) continue;
    const pixel = pixelOf(i);
    if (pixel >= 0) data[bin * stride + pixel]! += 1;
  }
  return { geom, unit: "", data };
}
