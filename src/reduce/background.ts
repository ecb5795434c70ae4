/** Background events that an observation expects, from its background response. */
import { UnsupportedError } from "../errors.js";
import { fieldOfView } from "../events/field-of-view.js";
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { backgroundRate, preparedBackground } from "../irf/tables/background.js";
import { axisEdges, nBins } from "../sky/axis.js";
import { upsampleAxis } from "../sky/axis-groups.js";
import { withAxes } from "../sky/geom.js";
import { nPix, solidAngle } from "../sky/pixels.js";
import type { Geom, MapAxis, SkyMap } from "../sky/types.js";
import { ontime } from "../time/gti.js";
import { icrsCenters } from "./places.js";
import { needed } from "./responses.js";

/**
 * Parts that each energy bin is divided into: so many that none is wider than a bin of the response, nor than a fortieth of a decade. Gammapy takes the bin as a
 * whole unless told otherwise, which is 1 to 5 % too much in bins of a quarter to half a decade.
 */
export function defaultOversampling({ irfs: { background } }: Observation, energy: MapAxis): number {
  if (background === undefined) return 1;
  const widest = (axis: MapAxis, pick: (...x: number[]) => number) => {
    const edges = axisEdges(axis).filter((e) => e > 0);
    return pick(...Array.from(edges.slice(1), (e, k) => Math.log10(e / edges[k]!)));
  };
  const step = Math.min(widest(background.table.axes[0]!, Math.min), 1 / 40);
  return Math.max(1, Math.ceil(widest(energy, Math.max) / step - 1e-9));
}

/**
 * Counts `[energy, ...pixels]`: the rate at the middles of pixels and at the edges of energy bins (divided into `oversampling` parts), of which each is integrated as a power
 * law, times solid angle and ontime.
 */
export function backgroundCounts(
  observation: Observation,
  pixels: Geom,
  energy: MapAxis,
  oversampling: number,
): SkyMap {
  const background = preparedBackground(needed(observation, "background"));
  if (background.alignment === "altaz") {
    throw new UnsupportedError({
      where: `observation ${observation.id}`,
      found: "a background whose field of view lies along azimuth and altitude (FOVALIGN = ALTAZ)",
      expected:
        "one along right ascension and declination, or one over offsets alone: that is not turned with time yet",
    });
  }
  const pointing = pointingOf(observation);
  const { lon, lat } = icrsCenters(pixels);
  const fine = oversampling === 1 ? energy : upsampleAxis(energy, oversampling);
  const edges = axisEdges(fine);
  const rate = backgroundRate(background, edges, fieldOfView(pointing, lon, lat, background.alignment));
  const [n, areas, time] = [nPix(pixels), solidAngle(pixels), ontime(observation.gti)];
  const data = new Float64Array(nBins(energy) * n);
  for (let e = 0; e + 1 < edges.length; e++) {
    const row = Math.floor(e / oversampling) * n;
    for (let p = 0; p < n; p++) {
      const counts =
        powerLawIntegral(edges[e]!, edges[e + 1]!, rate[e * n + p]!, rate[(e + 1) * n + p]!) * areas[p]! * time;
      if (counts > 0) data[row + p]! += counts;
    }
  }
  return { geom: withAxes(pixels, [energy]), unit: "", data };
}

/** Integral of the power law through two points; 0 where one of them is. */
function powerLawIntegral(e1: number, e2: number, y1: number, y2: number): number {
  if (!(y1 > 0 && y2 > 0)) return 0;
  const ratio = Math.log(e2 / e1);
  const beta = -Math.log(y1 / y2) / Math.log(e1 / e2);
  const power = (1 - beta) * ratio;
  return y1 * e1 * ratio * (Math.abs(power) < 1e-12 ? 1 : Math.expm1(power) / power);
}
