/** Series over any x: growth curves, benchmarks, residuals. */
import { extent, padded, rangeOr, sameLength } from "./check.js";
import { type FigureOptions, figure } from "./figure.js";
import type { LegendEntry, LegendPlace } from "./legend.js";
import { band, curve, type Layer, type LineLook, levelLine, points, type Values } from "./marks.js";
import { withStyle } from "./picture-style.js";
import type { ScaleKind } from "./scale.js";
import { GREY, seriesStyle } from "./style.js";

/** Values y at x, of the same length. */
export interface Series {
  label: string;
  x: Values;
  y: Values;
  /** Lengths of the error bars. */
  errn?: Values;
  errp?: Values;
  /** Ends of a band. */
  lo?: Values;
  hi?: Values;
  draw?: "line" | "points" | "both";
}

/** What `linePlot` draws: series of values over one axis. */
export interface LineSpec extends FigureOptions {
  series: Series[];
  xLabel: string;
  yLabel: string;
  xScale?: ScaleKind;
  yScale?: ScaleKind;
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  /** Dashed lines across the frame. */
  references?: { axis: "x" | "y"; value: number; label?: string }[];
  legend?: boolean | LegendPlace;
}

const REFERENCE: LineLook = { color: GREY, width: 1.2, dash: "5 4" };

/**
 * Lines, points and bands over one axis.
 * @throws SpecError where arrays that belong together differ in length.
 */
export function linePlot(spec: LineSpec): string {
  const styled = withStyle(spec, "linePlot");
  const { series, xScale = "linear", yScale = "linear", references = [], style: palette } = styled;
  for (const s of series) {
    const { label, draw: _, ...arrays } = s;
    sameLength(`linePlot: series "${label}"`, { ...arrays });
  }
  const referenced = (axis: "x" | "y") => references.filter((r) => r.axis === axis).map((r) => r.value);
  const ends = series.map((s) => ({
    lo: s.errn && Array.from(s.y, (y, i) => y - s.errn![i]!),
    hi: s.errp && Array.from(s.y, (y, i) => y + s.errp![i]!),
  }));
  const xs = [...series.flatMap((s) => Array.from(s.x)), ...referenced("x")];
  const ys = [
    ...series.flatMap((s, k) => [s.y, s.lo, s.hi, ends[k]!.lo, ends[k]!.hi].flatMap((v) => (v ? Array.from(v) : []))),
    ...referenced("y"),
  ];
  const empty = (kind: ScaleKind): [number, number] => (kind === "log" ? [1, 10] : [0, 1]);
  const auto = (kind: ScaleKind, values: number[], share: number) =>
    padded(kind, extent(values, kind === "log") ?? empty(kind), share);
  const xDomain = rangeOr("linePlot: xRange", xScale, styled.xRange, auto(xScale, xs, 0.03));
  const yDomain = rangeOr("linePlot: yRange", yScale, styled.yRange, auto(yScale, ys, 0.06));

  const styles = series.map((_, i) => seriesStyle(i, palette));
  const withLine = (s: Series) => s.draw !== "points";
  const withPoints = (s: Series) => s.draw === "points" || s.draw === "both" || (s.draw === undefined && hasErrors(s));
  const entries: LegendEntry[] = series.map((s, i) => ({
    label: s.label,
    line: withLine(s) ? styles[i] : undefined,
    marker: withPoints(s) ? styles[i] : undefined,
    bars: hasErrors(s),
    band: s.lo && s.hi ? { color: styles[i]!.color, opacity: 0.2 } : undefined,
  }));
  for (const r of references) if (r.label !== undefined) entries.push({ label: r.label, line: REFERENCE });
  return figure({
    ...styled,
    x: { kind: xScale, domain: xDomain, label: styled.xLabel },
    entries,
    rows: [
      {
        y: { kind: yScale, domain: yDomain, label: styled.yLabel },
        weight: 1,
        draw: (panel) => {
          const layers: Layer[] = references.map((r) => levelLine(panel, r.axis, r.value, REFERENCE));
          series.forEach((s, i) => {
            if (s.lo && s.hi) layers.push(band(panel, s.x, s.lo, s.hi, styles[i]!.color, 0.2));
          });
          series.forEach((s, i) => {
            if (withLine(s)) layers.push(curve(panel, s.x, s.y, styles[i]!));
            if (!withPoints(s)) return;
            const bars = hasErrors(s) ? { yLo: ends[i]!.lo ?? s.y, yHi: ends[i]!.hi ?? s.y } : {};
            layers.push(points(panel, { x: s.x, y: s.y, ...bars }, styles[i]!));
          });
          return layers;
        },
      },
    ],
  });
}

const hasErrors = (s: Series) => s.errn !== undefined || s.errp !== undefined;
