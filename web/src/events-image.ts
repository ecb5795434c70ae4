/** The counts of events around a target, with the regions that are counted in. */
import { mapPlot, regionOutlines, type SkyMarker, type SkyOutline, skyImageOf } from "gammats/plot";
import { pointingOf, reflectedRegions, wobbleRegions } from "gammats/reduce";
import { fillByCoord, type Region, regionCenter, separation, toFrame, wcsGeom } from "gammats/sky";
import { wide } from "./sed.js";
import type { SpectraPlan } from "./spectra-plan.js";
import { textOf } from "./targets.js";

export interface DrawnImage {
  readonly svg: string;
  /** Place at a fraction of the image from its lower left corner. */
  placeAt(x: number, y: number): string;
}

const PIXELS = 100;
/** deg around regions that are drawn. */
const MARGIN = 0.3;
/** OFF regions of more observations would hide the events. */
const MAX_DRAWN = 8;
const ON = "#7fff9f";
const EXCLUDED = "#ff6f61";
const OFF = ["#ffffff", "#8fd3ff", "#ffd27f", "#ff9fd0"];

export function countsImage(plan: SpectraPlan, width: number): DrawnImage {
  const { target, radius = 0, chosen, options } = plan;
  const { lon, lat } = toFrame(target, "icrs");
  const pointings = chosen.map(pointingOf);
  const away = Math.max(...pointings.map((at) => separation(lon, lat, at.lon, at.lat)));
  const reach = Math.max(0.5, 2 * away + radius + MARGIN);
  const geom = wcsGeom({ center: target, width: 2 * reach, binsz: (2 * reach) / PIXELS, proj: "TAN" });
  const [nx, ny] = geom.npix;
  const image = skyImageOf(geom.wcs, nx, ny);
  const { frame } = geom.wcs;
  const values = new Float64Array(nx * ny);
  const [low, high] = [options.energy.nodes[0]!, options.energy.nodes.at(-1)!];
  let n = 0;
  for (const { events } of chosen) {
    const isIn = (_: number, i: number) => events.energy[i]! >= low && events.energy[i]! < high;
    const coords = { lon: events.ra.filter(isIn), lat: events.dec.filter(isIn), frame: "icrs", axes: [] } as const;
    const { data } = fillByCoord(geom, coords);
    data.forEach((x, i) => {
      values[i]! += x;
      n += x;
    });
  }
  const shown = chosen.slice(0, MAX_DRAWN);
  const outlines: SkyOutline[] = [];
  const markers: SkyMarker[] = [];
  const add = (region: Region, color: string) => {
    const at = toFrame(regionCenter(region), frame);
    // what has a radius for each energy has no outline
    if (region.shape === "point") markers.push({ lon: at.lon, lat: at.lat, color, marker: "diamond" });
    else outlines.push(...regionOutlines([region], frame, { color }));
  };
  shown.forEach((observation, k) => {
    const at = toFrame(pointings[k]!, target.frame);
    const color = OFF[k % OFF.length]!;
    for (const region of offOf(plan, at)) add(region, color);
    const { lon: x, lat: y } = toFrame(at, frame);
    markers.push({ lon: x, lat: y, color, label: observation.id });
  });
  outlines.push(...regionOutlines(plan.excluded, frame, { color: EXCLUDED, dash: "5 3" }));
  add(options.region, ON);
  const title = `${n} events, ${low} to ${high} TeV, ${chosen.length} observation${chosen.length === 1 ? "" : "s"}`;
  const few = chosen.length > shown.length ? `; OFF regions of the first ${shown.length}` : "";
  const svg = mapPlot({
    image,
    frame,
    panels: [{ title: title + few, values, label: "counts per pixel" }],
    regions: outlines,
    markers,
    ...wide(width),
  });
  return {
    svg,
    placeAt(x, y) {
      const [l, b] = image.pixToSky(x * nx - 0.5, y * ny - 0.5);
      return textOf({ lon: l, lat: b, frame });
    },
  };
}

/** The OFF regions of an observation, as its spectrum has them. */
function offOf({ options: { off, region } }: SpectraPlan, pointing: ReturnType<typeof pointingOf>): readonly Region[] {
  return (off.method === "wobble" ? wobbleRegions(region, pointing, off) : reflectedRegions(region, pointing, off))
    .regions;
}
