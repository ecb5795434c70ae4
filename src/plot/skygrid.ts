/** Lines of constant longitude and latitude on an image, and their names at its edges. */
import { clipPolyline, insideRect } from "./clip.js";
import type { Point, Rect } from "./svg.js";

/** Pixel centres have whole numbers, (0, 0) is the lower left pixel; longitude and latitude in degrees, NaN off the sky. */
export interface SkyImage {
  width: number;
  height: number;
  pixToSky(x: number, y: number): readonly [lon: number, lat: number];
  skyToPix(lon: number, lat: number): readonly [x: number, y: number];
}

/** How coordinates are written: degrees, or hours and minutes of right ascension. */
export type SkyFormat = "deg" | "hms";

const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 45, 60, 90];
const SEC = 1 / 3600;
/** Of latitude: seconds and minutes of arc; of longitude the same numbers as time, 15 times as much. */
const SEXAGESIMAL_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600].map(
  (s) => s * SEC,
);

interface GridLine {
  value: number;
  label: string;
  /** Pieces, px of the picture. */
  pieces: Point[][];
}

export interface SkyGrid {
  lon: GridLine[];
  lat: GridLine[];
  /** Names below and left of the frame: place in px along the edge. */
  lonLabels: { at: number; label: string }[];
  latLabels: { at: number; label: string }[];
  /** Names inside the image, where lines do not reach those edges (all-sky and turned images). */
  inside: { x: number; y: number; label: string }[];
}

/** From pixel coordinates to the picture; y of pixels points up. */
export function pixelToPicture(image: SkyImage, frame: Rect): (x: number, y: number) => Point {
  return (x, y) => [
    frame.x + ((x + 0.5) / image.width) * frame.width,
    frame.y + frame.height - ((y + 0.5) / image.height) * frame.height,
  ];
}

/** The longitude within 180 deg of `near`. */
const unwrap = (lon: number, near: number) => lon - 360 * Math.round((lon - near) / 360);

/** Names of an axis along an edge. */
type Labels = { at: number; label: string }[];

/** Numbers that an axis has at least, if its steps are fine enough. */
const LEAST = 3;

/** The largest of the steps at which the axis has room for all its numbers, or a finer one, so that it has three. */
function stepFor(
  steps: readonly number[],
  range: readonly [number, number],
  room: number,
  labelsAt: (step: number) => Labels,
): { step: number; labels: Labels } {
  const chosen = steps.findIndex((s) => (range[1] - range[0]) / s <= Math.max(LEAST, room) + 0.5);
  const first = chosen < 0 ? steps.length - 1 : chosen;
  for (let k = first; k >= Math.max(0, first - 2); k--) {
    const labels = labelsAt(steps[k]!);
    if (labels.length >= LEAST) return { step: steps[k]!, labels };
  }
  return { step: steps[first]!, labels: labelsAt(steps[first]!) };
}

export function skyGrid(image: SkyImage, frame: Rect, format: SkyFormat): SkyGrid {
  const toPicture = pixelToPicture(image, frame);
  const cover = coverage(image);
  if (cover === undefined) return { lon: [], lat: [], lonLabels: [], latLabels: [], inside: [] };
  const { lon, lat, centre } = cover;
  const latSteps = format === "hms" ? SEXAGESIMAL_STEPS : STEPS;
  const lonSteps = format === "hms" ? latSteps.map((s) => 15 * s) : latSteps;
  const below = (t: number) => unwrap(image.pixToSky(t * image.width - 0.5, -0.5)[0], centre);
  const beside = (t: number) => image.pixToSky(-0.5, t * image.height - 0.5)[1];
  const { step: lonStep, labels: lonLabels } = stepFor(lonSteps, lon, frame.width / 70, (step) =>
    multiples(lon, step).flatMap((value) =>
      crossings(below, value, 90).map((t) => ({ at: frame.x + t * frame.width, label: lonLabel(value, step, format) })),
    ),
  );
  const { step: latStep, labels: latLabels } = stepFor(latSteps, lat, frame.height / 70, (step) =>
    multiples(lat, step).flatMap((value) =>
      crossings(beside, value, 90).map((t) => ({
        at: frame.y + frame.height * (1 - t),
        label: latLabel(value, step, format),
      })),
    ),
  );
  const trace = (from: readonly [number, number], to: readonly [number, number]) => traced(image, frame, from, to);
  const wideLat = widened(lat, -90, 90);
  const wideLon = widened(lon, centre - 180, centre + 180);
  const grid: SkyGrid = {
    lon: multiples(lon, lonStep).map((value) => ({
      value,
      label: lonLabel(value, lonStep, format),
      pieces: trace([value, wideLat[0]], [value, wideLat[1]]),
    })),
    lat: multiples(lat, latStep).map((value) => ({
      value,
      label: latLabel(value, latStep, format),
      pieces: trace([wideLon[0], value], [wideLon[1], value]),
    })),
    lonLabels,
    latLabels,
    inside: [],
  };
  const nameInside = (l: number, b: number, label: string) => {
    const [x, y] = toPicture(...(image.skyToPix(l, b) as [number, number]));
    if (insideRect([x, y], frame, -12)) grid.inside.push({ x, y, label });
  };
  const middle = lat[0] < 0 && lat[1] > 0 ? 0 : (lat[0] + lat[1]) / 2;
  if (grid.lonLabels.length === 0) for (const line of grid.lon) nameInside(line.value, middle, line.label);
  const other = grid.lon.length > 1 ? centre + lonStep / 2 : centre;
  if (grid.latLabels.length === 0) {
    for (const line of grid.lat) if (line.value !== middle) nameInside(other, line.value, line.label);
  }
  if (grid.lonLabels.length > 0) nameOnLine(grid, grid.lon, grid.lonLabels);
  if (grid.latLabels.length > 0) nameOnLine(grid, grid.lat, grid.latLabels);
  return grid;
}

/** The line between two points of the sky as it lies in the picture. */
function traced(
  image: SkyImage,
  frame: Rect,
  from: readonly [number, number],
  to: readonly [number, number],
): Point[][] {
  const toPicture = pixelToPicture(image, frame);
  const n = 120;
  const points: Point[] = [];
  for (let i = 0; i <= n; i++) {
    const [x, y] = image.skyToPix(from[0] + ((to[0] - from[0]) * i) / n, from[1] + ((to[1] - from[1]) * i) / n);
    const p = toPicture(x, y);
    const last = points.at(-1);
    // A leap across the picture is the far side of the sky, not a line.
    if (last && Math.hypot(p[0] - last[0], p[1] - last[1]) > 0.4 * Math.max(frame.width, frame.height))
      points.push([Number.NaN, Number.NaN]);
    points.push(p);
  }
  return clipPolyline(points, frame);
}

/** Half its length more at both ends, within limits. */
const widened = ([lo, hi]: readonly [number, number], least: number, most: number): [number, number] => [
  Math.max(least, lo - 0.5 * (hi - lo)),
  Math.min(most, hi + 0.5 * (hi - lo)),
];

/** Lines shorter than this in the picture, px, get no name. */
const SHORT = 60;

/** Lines that do not reach the edge with the names of the others, as on turned maps, get theirs in the middle of their longest piece. */
function nameOnLine(grid: SkyGrid, lines: readonly GridLine[], labels: readonly { readonly label: string }[]): void {
  for (const { label, pieces } of lines) {
    if (labels.some((named) => named.label === label)) continue;
    const length = (p: readonly Point[]) => Math.hypot(p.at(-1)![0] - p[0]![0], p.at(-1)![1] - p[0]![1]);
    const longest = pieces.reduce<Point[] | undefined>((a, b) => (a && length(a) >= length(b) ? a : b), undefined);
    if (longest === undefined || length(longest) < SHORT) continue;
    const [x, y] = longest[longest.length >> 1]!;
    grid.inside.push({ x, y, label });
  }
}

function coverage(image: SkyImage): { lon: [number, number]; lat: [number, number]; centre: number } | undefined {
  const n = 24;
  const centre = image.pixToSky((image.width - 1) / 2, (image.height - 1) / 2)[0];
  const near = Number.isFinite(centre) ? centre : 0;
  const lon: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const lat: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= n; j++) {
      const [l, b] = image.pixToSky((i / n) * image.width - 0.5, (j / n) * image.height - 0.5);
      if (!Number.isFinite(l + b)) continue;
      const u = unwrap(l, near);
      lon[0] = Math.min(lon[0], u);
      lon[1] = Math.max(lon[1], u);
      lat[0] = Math.min(lat[0], b);
      lat[1] = Math.max(lat[1], b);
    }
  }
  return lon[0] < lon[1] && lat[0] < lat[1] ? { lon, lat, centre: near } : undefined;
}

function multiples([lo, hi]: readonly [number, number], step: number): number[] {
  const values: number[] = [];
  for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi + 1e-9 * step; k++) values.push(k * step);
  return values;
}

/** Where along an edge, 0..1, a coordinate takes a value. A leap of more than `leap` between neighbours is a wrap. */
function crossings(coordinate: (t: number) => number, value: number, leap: number): number[] {
  const n = 200;
  const found: number[] = [];
  for (let i = 1; i <= n; i++) {
    const a = coordinate((i - 1) / n) - value;
    const b = coordinate(i / n) - value;
    if (!Number.isFinite(a + b) || Math.abs(b - a) > leap || a === b) continue;
    if ((a <= 0 && b > 0) || (a >= 0 && b < 0) || (i === n && b === 0)) found.push((i - 1 + a / (a - b)) / n);
  }
  return found;
}

const decimalsOf = (step: number) =>
  [0, 1, 2, 3].find((d) => Math.abs(step * 10 ** d - Math.round(step * 10 ** d)) < 1e-9) ?? 3;

function lonLabel(value: number, step: number, format: SkyFormat): string {
  const lon = ((value % 360) + 360) % 360;
  if (format === "hms") return sexagesimal(lon / 15, step / 15, ["^{h}", "^{m}", "^{s}"], 24);
  return `${Number(lon.toFixed(6)) === 360 ? 0 : lon.toFixed(decimalsOf(step))}°`;
}

function latLabel(value: number, step: number, format: SkyFormat): string {
  const signed = (label: string) => (value < -1e-9 ? "−" : value > 1e-9 ? "+" : "") + label;
  if (format === "hms") return signed(sexagesimal(Math.abs(value), step, ["°", "′", "″"], 360));
  return signed(`${Math.abs(value).toFixed(decimalsOf(step))}°`);
}

/** As many parts as the step needs: 5^{h}34^{m}. */
function sexagesimal(value: number, step: number, units: readonly [string, string, string], turn: number): string {
  const total = Math.round(value * 3600) % (turn * 3600);
  const parts = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  const whole = Math.round(step * 3600);
  const shown = whole % 3600 === 0 ? 1 : whole % 60 === 0 ? 2 : 3;
  return parts
    .slice(0, shown)
    .map((part, i) => `${i === 0 ? part : String(part).padStart(2, "0")}${units[i]}`)
    .join("");
}
