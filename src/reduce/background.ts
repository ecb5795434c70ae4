/** Background events that an observation expects, from its background response. */
import { fieldOfView } from "../events/field-of-view.js";
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { backgroundRate, type FovPlaces, preparedBackground } from "../irf/tables/background.js";
import { axisEdges, nBins } from "../sky/axis.js";
import { upsampleAxis } from "../sky/axis-groups.js";
import { withAxes } from "../sky/geom.js";
import type { MapAxis, SkyMap } from "../sky/types.js";
import { ontime } from "../time/gti.js";
import type { Places } from "./places.js";
import { needed } from "./responses.js";
import { rotationTimes, turnedFieldOfView } from "./rotation.js";

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
 * law, times solid angle and ontime. A field of view along azimuth and altitude is followed as it turns, in steps of a degree.
 */
export function backgroundCounts(
  observation: Observation,
  places: Places,
  energy: MapAxis,
  oversampling: number,
): SkyMap {
  const background = preparedBackground(needed(observation, "background"));
  const fine = oversampling === 1 ? energy : upsampleAxis(energy, oversampling);
  const edges = axisEdges(fine);
  const { areas, geom } = places;
  const data = new Float64Array(nBins(energy) * areas.length);
  const add = (fov: FovPlaces, time: number) => {
    const rate = backgroundRate(background, edges, fov);
    addCounts(
      data,
      rate,
      edges,
      oversampling,
      areas.map((area) => area * time),
    );
  };
  if (background.alignment !== "altaz" || background.axes.length === 2) {
    add(fieldOfView(pointingOf(observation), places, background.alignment), ontime(observation.gti));
  } else {
    const { times, weights } = rotationTimes(observation, ROTATION_STEP);
    times.forEach((time, k) => void add(turnedFieldOfView(observation, time, places), weights[k]!));
  }
  return { geom: withAxes(geom, [energy]), unit: "", data };
}

/** Turn of the field of view between two evaluations, deg. */
const ROTATION_STEP = 1;

/** Adds the integrals of rates `[edge, pixel]` between neighbouring edges, times a factor of each pixel, to counts `[energy, pixel]`. */
function addCounts(
  data: Float64Array,
  rate: Float64Array,
  edges: Float64Array,
  oversampling: number,
  factors: Float64Array,
): void {
  const n = factors.length;
  for (let e = 0; e + 1 < edges.length; e++) {
    const row = Math.floor(e / oversampling) * n;
    const ratio = Math.log(edges[e + 1]! / edges[e]!);
    for (let p = 0; p < n; p++) {
      const [low, high] = [rate[e * n + p]!, rate[(e + 1) * n + p]!];
      // of the power law through both: low E (exp(t) - 1) / t ln(E2 / E1), t = ln(E2 / E1) + ln(high / low)
      if (!(low > 0 && high > 0)) continue;
      const t = ratio + Math.log(high / low);
      data[row + p]! += low * edges[e]! * ratio * (Math.abs(t) < 1e-12 ? 1 : Math.expm1(t) / t) * factors[p]!;
    }
  }
}
