/** Confidence contours of pairs of parameters. */
import { contours as traceContours } from "d3-contour";
import { SpecError } from "../errors.js";
import { extent, padded, rangeOr, sameLength } from "./check.js";
import { type FigureOptions, figure } from "./figure.js";
import type { LegendEntry } from "./legend.js";
import { curve, type Layer, type LineLook, levelLine, points, type Values } from "./marks.js";
import { smoothOutline } from "./outline.js";
import { withStyle } from "./picture-style.js";
import { GREY, type Style, seriesStyle } from "./style.js";

/** A contour in two parameters, such as the points of `statContour`. */
export interface ContourLine {
  label: string;
  /** Points of the outline, which is closed; drawn is a smooth curve through them. */
  x: Values;
  y: Values;
}

/** -2 ln L on a grid: `stat` is y.length x x.length, C order; both axes evenly spaced. */
export interface StatSurface {
  label: string;
  x: Values;
  y: Values;
  stat: Values;
  /** Rises over the least value; 1 and 4, which hold 39 % and 86 % for two parameters, unless told, as `statContour` has it. */
  levels?: number[];
}

/** What `contourPlot` draws: contours, surfaces of -2 ln L and best fits in two parameters. */
export interface ContourSpec extends FigureOptions {
  contours?: ContourLine[];
  surfaces?: StatSurface[];
  /** Best fits, with or without errors. */
  best?: { label?: string; x: number; y: number }[];
  /** Lines at known true values. */
  truth?: { x?: number; y?: number };
  xLabel: string;
  yLabel: string;
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
}

const TRUTH: LineLook = { color: GREY, width: 1, dash: "5 4" };

/**
 * Contours in two parameters.
 * @throws SpecError where arrays that belong together differ in length.
 */
export function contourPlot(spec: ContourSpec): string {
  const styled = withStyle(spec, "contourPlot");
  const { contours = [], surfaces = [], best = [], style: palette } = styled;
  const lines = contours.map((c) => {
    sameLength(`contourPlot: contour "${c.label}"`, { x: c.x, y: c.y });
    return [smoothOutline(c.x, c.y)];
  });
  const levels = surfaces.map((s) => s.levels ?? [1, 4]);
  surfaces.forEach((s, k) => {
    if (s.stat.length !== s.x.length * s.y.length) {
      throw new SpecError(
        `contourPlot: surface "${s.label}" has ${s.stat.length} values; expected ${s.y.length} rows x ${s.x.length} columns`,
      );
    }
    const least = extent(Array.from(s.stat))?.[0] ?? 0;
    lines.push(
      levels[k]!.flatMap((level) =>
        gridContour(
          s.x,
          s.y,
          Array.from(s.stat, (v) => least + level - v),
          0,
        ),
      ),
    );
  });
  const styles = lines.map((_, i) => seriesStyle(i, palette));
  const all = (axis: "x" | "y") => {
    const truth = styled.truth?.[axis];
    return [
      ...lines.flat().flatMap((l) => l[axis]),
      ...best.map((b) => b[axis]),
      ...(truth === undefined ? [] : [truth]),
    ];
  };
  const auto = (axis: "x" | "y") => padded("linear", extent(all(axis)) ?? [0, 1], 0.08);
  const named = [
    ...contours.map((c) => c.label),
    ...surfaces.map((s, k) => `${s.label}: ${levels[k]!.map(levelLabel).join(", ")}`),
  ];
  const entries: LegendEntry[] = named.map((label, i) => ({ label, line: styles[i]! }));
  const bestStyles = best.map(
    (_, i): Style => ({ color: styles[i % Math.max(1, styles.length)]?.color ?? "#000000", marker: "cross" }),
  );
  best.forEach((b, i) => {
    if (b.label !== undefined) entries.push({ label: b.label, marker: bestStyles[i]! });
  });
  return figure({
    ...styled,
    x: {
      kind: "linear",
      domain: rangeOr("contourPlot: xRange", "linear", styled.xRange, auto("x")),
      label: styled.xLabel,
    },
    entries,
    rows: [
      {
        y: {
          kind: "linear",
          domain: rangeOr("contourPlot: yRange", "linear", styled.yRange, auto("y")),
          label: styled.yLabel,
        },
        weight: 1,
        draw: (panel) => {
          const layers: Layer[] = [];
          for (const axis of ["x", "y"] as const) {
            const value = styled.truth?.[axis];
            if (value !== undefined) layers.push(levelLine(panel, axis, value, TRUTH));
          }
          lines.forEach((pieces, i) => {
            for (const piece of pieces) layers.push(curve(panel, piece.x, piece.y, { ...styles[i]!, width: 1.8 }));
          });
          best.forEach((b, i) => void layers.push(points(panel, { x: [b.x], y: [b.y] }, bestStyles[i]!)));
          return layers;
        },
      },
    ],
  });
}

/** A rise of -2 ln L over two parameters, with the probability that its contour holds. */
export function levelLabel(delta: number): string {
  const share = 100 * -Math.expm1(-delta / 2);
  const shown = share < 99 ? share.toFixed(0) : share.toPrecision(4);
  return `−2 Δ ln L = ${Number(delta.toPrecision(3))} (${shown} %)`;
}

/** A closed line in data coordinates. */
export interface Ring {
  x: number[];
  y: number[];
}

/**
 * Lines where values on an evenly spaced grid (y.length x x.length) pass a level; NaN counts as below. d3-contour places the
 * value of column i at i + 1/2 and closes lines half a step outside of the grid: there they are cut, or, for areas, moved to
 * the grid's edge.
 */
export function gridContour(
  x: Values,
  y: Values,
  values: number[],
  level: number,
  edge: "cut" | "edge" = "cut",
): Ring[] {
  const [nx, ny] = [x.length, y.length];
  if (nx < 2 || ny < 2) return [];
  const shape = traceContours().size([nx, ny]).contour(values, level);
  const along = (axis: Values, at: number) => {
    const last = axis.length - 1;
    if (edge === "cut" && (at <= 0 || at > last + 0.999)) return Number.NaN;
    return axis[0]! + (Math.min(last, Math.max(0, at - 0.5)) * (axis[last]! - axis[0]!)) / last;
  };
  return shape.coordinates.flat().map((ring) => ({
    x: ring.map((p) => along(x, p[0]!)),
    y: ring.map((p) => along(y, p[1]!)),
  }));
}
