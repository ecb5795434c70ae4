/** Colours, dashes and markers: each series differs in all of them, so a picture survives colour blindness and grey print. */
import { attrs, num } from "./svg.js";

/** Okabe & Ito 2008, "Color Universal Design", without its yellow, which is hard to see on white. */
export const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"] as const;
export const BLACK = "#000000";
export const GREY = "#8a8a8a";
export const MASKED = "#e4e4e4";

const DASHES = [undefined, "7 3", "2 2.5", "8 3 2 3", "12 3"] as const;
export const MARKERS = ["circle", "square", "triangle", "diamond", "down", "cross", "star"] as const;
/** Signs that points are drawn with. */
export type Marker = (typeof MARKERS)[number];

export const ENERGY_UNITS = ["keV", "MeV", "GeV", "TeV", "erg"] as const;
/** Units of energy that a picture of a spectrum can have. */
export type EnergyUnit = (typeof ENERGY_UNITS)[number];

export interface Style {
  color: string;
  dash?: string;
  marker: Marker;
  /** White inside: the second round of markers. */
  open?: boolean;
  /** Colour of the outline, where it is not `color`. */
  edge?: string;
}

/** Colours and markers in place of the usual ones. */
export interface Palette {
  readonly colors?: readonly string[];
  readonly markers?: readonly Marker[];
}

export const colorOf = (i: number, { colors = COLORS }: Palette = {}): string => colors[i % colors.length]!;

/** The style of series `i`: colours repeat after 6, dashes after 5, markers after 7, and come open in their second round. */
export function seriesStyle(i: number, palette: Palette = {}): Style {
  const { markers = MARKERS } = palette;
  return {
    color: colorOf(i, palette),
    dash: DASHES[i % DASHES.length],
    marker: markers[i % markers.length]!,
    open: i % (2 * markers.length) >= markers.length,
  };
}

/** Outlines in units of the marker's radius; areas about equal. */
const OUTLINES: Record<Exclude<Marker, "circle">, readonly (readonly [number, number])[]> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.25],
    [1.15, 0.8],
    [-1.15, 0.8],
  ],
  down: [
    [0, 1.25],
    [1.15, -0.8],
    [-1.15, -0.8],
  ],
  diamond: [
    [0, -1.35],
    [1.15, 0],
    [0, 1.35],
    [-1.15, 0],
  ],
  cross: [
    [-1.1, -0.35],
    [-0.35, -0.35],
    [-0.35, -1.1],
    [0.35, -1.1],
    [0.35, -0.35],
    [1.1, -0.35],
    [1.1, 0.35],
    [0.35, 0.35],
    [0.35, 1.1],
    [-0.35, 1.1],
    [-0.35, 0.35],
    [-1.1, 0.35],
  ],
  star: Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? 1.4 : 0.6;
    const angle = (i * Math.PI) / 5;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)] as const;
  }),
};

const MARKER_RADIUS = 3.8;

export function markerElement(x: number, y: number, style: Style, radius = MARKER_RADIUS): string {
  const paint = { fill: style.open ? "#ffffff" : style.color, stroke: style.edge ?? style.color, "stroke-width": 1 };
  if (style.marker === "circle") return `<circle${attrs({ cx: x, cy: y, r: radius, ...paint })}/>`;
  const d = OUTLINES[style.marker].map(
    ([u, v], i) => `${i === 0 ? "M" : "L"}${num(x + u * radius)},${num(y + v * radius)}`,
  );
  return `<path${attrs({ d: `${d.join("")}Z`, ...paint })}/>`;
}
