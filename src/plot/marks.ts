/**
 * What is drawn inside a frame. Each mark gives its SVG and the places it covers (`hits`), which the legend avoids. All
 * coordinates are cut at the frame.
 */
import type { Panel } from "./axes.js";
import { clipPolygon, clipPolyline, insideRect } from "./clip.js";
import { markerElement, type Style } from "./style.js";
import { type Attributes, element, lineElement, type Point, path, type Rect } from "./svg.js";

/** A covered place, px, with the loss if the legend hides it. */
export type Hit = readonly [x: number, y: number, weight: number];

export interface Layer {
  svg: string;
  hits: Hit[];
}

export type Values = ArrayLike<number>;

export const joinLayers = (layers: readonly Layer[]): string => layers.map((l) => l.svg).join("");
export const layerHits = (layers: readonly Layer[]): Hit[] => layers.flatMap((l) => l.hits);

const HIT_SPACING = 5;

function polylineHits(pieces: readonly Point[][], weight = 1): Hit[] {
  const hits: Hit[] = [];
  for (const piece of pieces) {
    for (let i = 1; i < piece.length; i++) {
      const [x0, y0] = piece[i - 1]!;
      const [x1, y1] = piece[i]!;
      const length = Math.hypot(x1 - x0, y1 - y0);
      const n = Math.max(1, Math.round(length / HIT_SPACING));
      const each = weight * Math.min(1, length / HIT_SPACING);
      for (let k = 0; k < n; k++) hits.push([x0 + ((x1 - x0) * k) / n, y0 + ((y1 - y0) * k) / n, each]);
    }
  }
  return hits;
}

export interface LineLook {
  color: string;
  dash?: string;
  width?: number;
}

function strokeOf({ color, dash, width = 1.6 }: LineLook): Attributes {
  return { fill: "none", stroke: color, "stroke-width": width, "stroke-dasharray": dash, "stroke-linejoin": "round" };
}

/** A line through px points; pieces outside the frame are cut away. */
export function polyline(points: readonly Point[], frame: Rect, look: LineLook): Layer {
  const pieces = clipPolyline(points, frame);
  const d = pieces.map((piece) => path(piece)).join("");
  return { svg: d === "" ? "" : element("path", { d, ...strokeOf(look) }), hits: polylineHits(pieces) };
}

/** A curve in data coordinates; NaN leaves a gap. */
export function curve(panel: Panel, xs: Values, ys: Values, look: LineLook): Layer {
  const points: Point[] = Array.from({ length: xs.length }, (_, i) => [panel.x.at(xs[i]!), panel.y.at(ys[i]!)]);
  return polyline(points, panel.frame, look);
}

/** The area between two curves; it ends at NaN and starts again after it. */
export function band(panel: Panel, xs: Values, lo: Values, hi: Values, color: string, opacity = 0.25): Layer {
  let d = "";
  const hits: Hit[] = [];
  let run: [number, number, number][] = [];
  const flush = () => {
    if (run.length > 1) {
      const outline = [...run.map(([x, a]): Point => [x, a]), ...run.reverse().map(([x, , b]): Point => [x, b])];
      const seen = clipPolygon(outline, panel.frame);
      if (seen.length > 2) d += path(seen, true);
    }
    run = [];
  };
  for (let i = 0; i < xs.length; i++) {
    const x = panel.x.at(xs[i]!);
    const a = panel.y.at(lo[i]!);
    const b = panel.y.at(hi[i]!);
    if (Number.isFinite(x + a + b)) {
      hits.push(...bandHits(run.at(-1) ?? [x, a, b], [x, a, b], panel.frame));
      run.push([x, a, b]);
    } else flush();
  }
  flush();
  return { svg: d === "" ? "" : element("path", { d, fill: color, "fill-opacity": opacity, stroke: "none" }), hits };
}

/** Places between two cuts [x, y of one side, y of the other] through a band. */
function bandHits(from: readonly number[], to: readonly number[], frame: Rect): Hit[] {
  const hits: Hit[] = [];
  const n = Math.max(1, Math.ceil(Math.abs(to[0]! - from[0]!) / HIT_SPACING));
  for (let k = 1; k <= n; k++) {
    const [x, a, b] = to.map((v, j) => from[j]! + ((v - from[j]!) * k) / n) as [number, number, number];
    const top = Math.max(Math.min(a, b), frame.y);
    const end = Math.min(Math.max(a, b), frame.y + frame.height);
    for (let y = top; y <= end; y += 2 * HIT_SPACING) hits.push([x, y, 0.3]);
  }
  return hits;
}

/** The area inside closed outlines in data coordinates; an outline within another is a hole. */
export function area(panel: Panel, rings: readonly { x: Values; y: Values }[], color: string, opacity: number): Layer {
  let d = "";
  for (const { x, y } of rings) {
    const outline = Array.from({ length: x.length }, (_, i): Point => [panel.x.at(x[i]!), panel.y.at(y[i]!)]);
    const seen = clipPolygon(outline, panel.frame);
    if (seen.length > 2) d += path(seen, true);
  }
  const look = { fill: color, "fill-opacity": opacity, "fill-rule": "evenodd" };
  return { svg: d === "" ? "" : element("path", { d, ...look }), hits: [] };
}

/** A histogram: values[i] between edges[i] and edges[i + 1]. NaN leaves a gap. */
export function steps(panel: Panel, edges: Values, values: Values, look: LineLook): Layer {
  const points: Point[] = [];
  for (let i = 0; i < values.length; i++) {
    const y = panel.y.at(values[i]!);
    points.push([panel.x.at(edges[i]!), y], [panel.x.at(edges[i + 1]!), y]);
  }
  return polyline(points, panel.frame, look);
}

export interface PointSet {
  x: Values;
  y: Values;
  xLo?: Values;
  xHi?: Values;
  /** Ends of the vertical bars. */
  yLo?: Values;
  yHi?: Values;
  /** Arrow down from y, in place of marker and vertical bar. */
  isUl?: ArrayLike<boolean | number>;
}

export const ARROW_LENGTH = 22;
const SHORTEST_ARROW = 8;

/** Markers with bars; limits as arrows. A point whose x or y is NaN is left out. */
export function points(panel: Panel, set: PointSet, style: Style, radius?: number): Layer {
  const { frame } = panel;
  let bars = "";
  let markers = "";
  const hits: Hit[] = [];
  const bar = (from: Point, to: Point) => {
    const pieces = clipPolyline([from, to], frame);
    for (const [a, b] of pieces) bars += lineElement(a![0], a![1], b![0], b![1], {});
    hits.push(...polylineHits(pieces, 1.5));
  };
  for (let i = 0; i < set.x.length; i++) {
    const x = panel.x.at(set.x[i]!);
    const y = panel.y.at(set.y[i]!);
    if (!Number.isFinite(x + y)) continue;
    if (set.xLo && set.xHi) bar([panel.x.at(set.xLo[i]!), y], [panel.x.at(set.xHi[i]!), y]);
    if (set.isUl?.[i]) {
      // shorter where the frame ends
      const tip = Math.min(y + ARROW_LENGTH, frame.y + frame.height - 1);
      bar([x, y], [x, tip - 5]);
      if (insideRect([x, tip], frame) && tip - y > SHORTEST_ARROW) {
        const head: Point[] = [
          [x, tip],
          [x - 3.5, tip - 7],
          [x + 3.5, tip - 7],
        ];
        markers += element("path", { d: path(head, true), fill: style.color, stroke: "none" });
      }
      continue;
    }
    if (set.yLo && set.yHi) bar([x, panel.y.at(set.yLo[i]!)], [x, panel.y.at(set.yHi[i]!)]);
    if (insideRect([x, y], frame)) {
      markers += markerElement(x, y, style, radius);
      hits.push([x, y, 6]);
    }
  }
  if (bars !== "") bars = element("g", { stroke: style.color, "stroke-width": 1.3, fill: "none" }, bars);
  return { svg: bars + markers, hits };
}

/** A line across the whole frame. */
export function levelLine(panel: Panel, axis: "x" | "y", value: number, look: LineLook): Layer {
  const { frame } = panel;
  const at = panel[axis].at(value);
  const ends: Point[] =
    axis === "x"
      ? [
          [at, frame.y],
          [at, frame.y + frame.height],
        ]
      : [
          [frame.x, at],
          [frame.x + frame.width, at],
        ];
  return polyline(ends, frame, look);
}

/** A rectangle between two x values over the height of the frame (or between two y values over its width). */
export function span(panel: Panel, axis: "x" | "y", from: number, to: number, color: string, opacity = 1): Layer {
  const { x: left, y: top, width, height } = panel.frame;
  const [lo, hi] = axis === "x" ? [left, left + width] : [top, top + height];
  const cut = (v: number) => Math.min(hi, Math.max(lo, panel[axis].at(v)));
  const [a, b] = [cut(from), cut(to)].sort((p, q) => p - q) as [number, number];
  if (!(b > a)) return { svg: "", hits: [] };
  const place = axis === "x" ? { x: a, y: top, width: b - a, height } : { x: left, y: a, width, height: b - a };
  return {
    svg: element("rect", { ...place, fill: color, "fill-opacity": opacity === 1 ? undefined : opacity }),
    hits: [],
  };
}
