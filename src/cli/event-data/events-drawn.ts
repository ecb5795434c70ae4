/** Events as numbers of pictures: where, with what energies and offsets, and when they came. */
import type { EventRun } from "../../io/dl3/types.js";
import { shortNumber } from "../../io/table/digits.js";
import type { LineSpec } from "../../plot/line.js";
import { countsMap } from "../../reduce/counts.js";
import { separation } from "../../sky/frames.js";
import { axisCenters, axisEdges, axisFromEdges, axisFromEnergyBounds, wcsGeom } from "../../sky/index.js";
import { meanDirection } from "../../sky/regions.js";
import type { SkyMap, SkyPosition } from "../../sky/types.js";
import { taiSeconds } from "../../time/scale.js";

const RAD = Math.PI / 180;
/** Pixels of the image, along a side. */
const PIXELS = 100;
/** deg, the largest half width of the image. */
const WIDEST = 20;
/** Share of the events that the image and the offsets reach out to: runs have single events far outside of their field of view. */
const SHOWN = 0.995;
const RINGS = 25;
const TIMES = 40;
const PER_DECADE = 10;

/** Where the instrument looked, or, where the file does not say it, the mean direction of the events. */
function centerOf({ events, pointing }: EventRun): SkyPosition {
  if (pointing?.mode === "pointed") return pointing.position;
  return { ...meanDirection(events.ra, events.dec), frame: "icrs" };
}

/** Distances from there, deg. */
function distancesOf(run: EventRun): Float64Array {
  const { lon, lat } = centerOf(run);
  const { n, ra, dec } = run.events;
  return Float64Array.from({ length: n }, (_, i) => separation(lon, lat, ra[i]!, dec[i]!));
}

/** How far pictures reach, and how many events lie beyond; of events all in one place 1 deg. */
function reachOf(distances: Float64Array): { readonly reach: number; readonly beyond: number } {
  const sorted = distances.filter(Number.isFinite).sort();
  const most = sorted[Math.ceil(SHOWN * sorted.length) - 1] ?? 0;
  const reach = Math.min(WIDEST, 1.05 * most) || 1;
  return { reach, beyond: distances.reduce((n, x) => (x <= reach ? n : n + 1), 0) };
}

const beyondText = (beyond: number, reach: number): string =>
  beyond === 0 ? "" : `${beyond} event${beyond === 1 ? "" : "s"} beyond ${shortNumber(reach)} deg`;

/** Counts of all energies in pixels around the pointing, and what is not in the image. */
export function countsOf(run: EventRun): { readonly map: SkyMap; readonly outside: string } {
  const { reach, beyond } = reachOf(distancesOf(run));
  const geom = wcsGeom({ center: centerOf(run), width: 2 * reach, binsz: (2 * reach) / PIXELS, proj: "TAN" });
  const all = axisFromEdges([0, Number.MAX_VALUE], { name: "energy", unit: "TeV", interp: "lin" });
  const { data } = countsMap(run.events, geom, all);
  return { map: { geom, unit: "Counts", data }, outside: beyondText(beyond, reach) };
}

const points = (x: ArrayLike<number>, counts: ArrayLike<number>, per: (k: number) => number) => {
  // an empty bin has no logarithm
  const filled = Array.from(x).flatMap((_, k) => (counts[k]! > 0 && per(k) > 0 ? [k] : []));
  const errors = filled.map((k) => Math.sqrt(counts[k]!) / per(k));
  return {
    label: "Events",
    x: filled.map((k) => x[k]!),
    y: filled.map((k) => counts[k]! / per(k)),
    errn: errors,
    errp: errors,
    draw: "points" as const,
  };
};

/** Events in bins of energy. */
export function energiesOf({ events }: EventRun): LineSpec | undefined {
  const energies = Array.from(events.energy).filter((e) => e > 0 && e < Infinity);
  if (energies.length === 0) return undefined;
  const [low, high] = [energies.reduce((a, b) => Math.min(a, b)), energies.reduce((a, b) => Math.max(a, b))];
  const bins = Math.max(1, Math.ceil(PER_DECADE * Math.log10(high / low)));
  const axis = axisFromEnergyBounds(low, low * 10 ** ((bins + 1e-6) / PER_DECADE), bins);
  const edges = axisEdges(axis);
  const counts = histogram(energies.map(Math.log), edges.map(Math.log));
  return {
    series: [points(axisCenters(axis), counts, () => 1)],
    xLabel: "Energy [TeV]",
    yLabel: `Events in ${PER_DECADE} bins per decade`,
    xScale: "log",
    yScale: "log",
    legend: false,
  };
}

/** Events by area in rings around the pointing. */
export function offsetsOf(run: EventRun): LineSpec {
  const distances = distancesOf(run);
  const { reach, beyond } = reachOf(distances);
  const edges = Float64Array.from({ length: RINGS + 1 }, (_, k) => (k * reach) / RINGS);
  const area = (k: number) => (2 * Math.PI * (Math.cos(edges[k]! * RAD) - Math.cos(edges[k + 1]! * RAD))) / RAD ** 2;
  const from = run.pointing?.mode === "pointed" ? "the pointing" : "the mean direction";
  const events = points(middles(edges), histogram(distances, edges), area);
  const outside = beyondText(beyond, reach);
  return {
    series: [{ ...events, label: outside === "" ? events.label : `Events; ${outside}` }],
    xLabel: `Offset from ${from} [deg]`,
    yLabel: "Events [deg^{-2}]",
    legend: outside !== "",
  };
}

const UNITS = [
  ["d", 86400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

/** Events by good time. */
export function ratesOf({ at, events, gti }: EventRun): LineSpec | undefined {
  if (gti === undefined || gti.start.length === 0) return undefined;
  const day = Math.floor(gti.reference);
  const shift = taiSeconds(day, 0, events, at) - taiSeconds(day, 0, gti, at);
  const start = gti.start.reduce((a, b) => Math.min(a, b));
  const length = gti.stop.reduce((a, b) => Math.max(a, b)) - start;
  if (!(length > 0)) return undefined;
  const edges = Float64Array.from({ length: TIMES + 1 }, (_, k) => (k * length) / TIMES);
  const live = new Float64Array(TIMES);
  for (let i = 0; i < gti.start.length; i++) {
    const [from, to] = [gti.start[i]! - start, gti.stop[i]! - start];
    const last = Math.min(TIMES - 1, Math.floor((to / length) * TIMES));
    for (let k = Math.min(last, Math.floor((from / length) * TIMES)); k <= last; k++)
      live[k]! += Math.max(0, Math.min(to, edges[k + 1]!) - Math.max(from, edges[k]!));
  }
  const counts = histogram(
    Float64Array.from(events.time, (t) => t + shift - start),
    edges,
  );
  const [unit, seconds] = UNITS.find(([, size]) => length > 3 * size) ?? UNITS[3];
  const mjd = gti.reference + start / 86400;
  return {
    series: [
      points(
        middles(edges).map((t) => t / seconds),
        counts,
        (k) => live[k]!,
      ),
    ],
    xLabel: `Time since MJD ${mjd.toFixed(5)} (${gti.timeScale.toUpperCase()}) [${unit}]`,
    yLabel: "Events by good time [s^{-1}]",
    legend: false,
  };
}

const middles = (edges: Float64Array): Float64Array => edges.subarray(1).map((x, k) => (x + edges[k]!) / 2);

/** Numbers in bins of one width, [low, high). */
function histogram(values: ArrayLike<number>, edges: Float64Array): Float64Array {
  const n = edges.length - 1;
  const out = new Float64Array(n);
  const scale = n / (edges[n]! - edges[0]!);
  for (let i = 0; i < values.length; i++) {
    const k = Math.floor((values[i]! - edges[0]!) * scale);
    if (k >= 0 && k < n) out[k]!++;
  }
  return out;
}
