/** Flux over time: a bar for each interval, errors, limits as arrows. */
import { extent, padded, rangeOr, sameLength } from "./check.js";
import { type FigureOptions, figure } from "./figure.js";
import type { LegendEntry, LegendPlace } from "./legend.js";
import { type Layer, levelLine, type PointSet, points, type Values } from "./marks.js";
import { withStyle } from "./picture-style.js";
import { BLACK, type Style, seriesStyle } from "./style.js";

/** One energy bin. Times are MJD, `errn` and `errp` lengths, both positive. */
export interface LightCurvePoints {
  label: string;
  start: Values;
  stop: Values;
  flux: Values;
  errn?: Values;
  errp?: Values;
  isUl?: ArrayLike<boolean | number>;
  ul?: Values;
  /** A constant flux to compare with, drawn across. */
  level?: number;
}

/** What `lightCurvePlot` draws: fluxes by time. */
export interface LightCurveSpec extends FigureOptions {
  points: LightCurvePoints[];
  /** Of the times: tt, utc and so on. */
  timeScale?: string;
  /** Label of the flux axis, with its unit. */
  fluxLabel?: string;
  /** Absent: logarithmic where measured fluxes are positive and differ by more than a factor of 30. */
  fluxScale?: "linear" | "log";
  /** MJD. */
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  legend?: boolean | LegendPlace;
}

/** Days of a light curve up to which times are counted from a whole MJD, as digits would be lost in the labels. */
const SHORT = 20;

const LEVEL = { dash: "4 3", width: 1 } as const;

/**
 * Fluxes and upper limits by time.
 * @throws SpecError where arrays that belong together differ in length.
 */
export function lightCurvePlot(spec: LightCurveSpec): string {
  const styled = withStyle(spec, "lightCurvePlot");
  const { points: sets, timeScale, style: palette } = styled;
  for (const { label, level: _, ...arrays } of sets) {
    sameLength(`lightCurvePlot: points "${label}"`, arrays as Record<string, ArrayLike<unknown> | undefined>);
  }
  const times = extent(sets.flatMap((s) => [...Array.from(s.start), ...Array.from(s.stop)])) ?? [0, 1];
  const [from, to] = rangeOr("lightCurvePlot: xRange", "linear", styled.xRange, padded("linear", times, 0.03));
  const day = to - from > SHORT ? 0 : Math.floor(Math.max(from, times[0]));
  const drawn = sets.map((s) => drawnPoints(s, day));
  const kind = palette?.yScale ?? styled.fluxScale ?? scaleOf(drawn);
  const domain = rangeOr("lightCurvePlot: yRange", kind, styled.yRange, fluxRange(drawn, sets, kind));
  const scale = timeScale === undefined ? "" : ` (${timeScale.toUpperCase()})`;
  const styles = sets.map((_, i) => seriesStyle(i, palette));
  return figure({
    ...styled,
    x: {
      kind: "linear",
      domain: [from - day, to - day],
      label: palette?.xLabel ?? (day === 0 ? `MJD${scale} [d]` : `Time − MJD ${day}${scale} [d]`),
    },
    entries: legendOf(sets, styles),
    rows: [
      {
        y: { kind, domain, label: palette?.yLabel ?? styled.fluxLabel ?? "Flux [cm^{−2} s^{−1}]" },
        weight: 1,
        draw: (panel) => {
          const layers: Layer[] = [];
          sets.forEach(({ level }, i) => {
            if (level === undefined || !Number.isFinite(level)) return;
            layers.push(levelLine(panel, "y", level, { ...LEVEL, color: styles[i]!.color }));
          });
          drawn.forEach((set, i) => void layers.push(points(panel, set, styles[i]!)));
          return layers;
        },
      },
    ],
  });
}

function legendOf(sets: readonly LightCurvePoints[], styles: readonly Style[]): LegendEntry[] {
  const entries: LegendEntry[] = sets.map(({ label, isUl }, i) => ({
    label,
    marker: styles[i]!,
    bars: true,
    arrow: isUl !== undefined && isUl.length > 0 && Array.from(isUl).every(Boolean),
  }));
  const levels = sets.some(({ level }) => Number.isFinite(level));
  return levels ? [...entries, { label: "one flux for all times", line: { ...LEVEL, color: BLACK } }] : entries;
}

type Drawn = PointSet & { y: number[]; yLo: number[]; yHi: number[]; isUl: boolean[] };

function drawnPoints(s: LightCurvePoints, day: number): Drawn {
  const isUl = Array.from(s.flux, (_, i) => Boolean(s.isUl?.[i]));
  const y = Array.from(s.flux, (f, i) => (isUl[i] ? (s.ul?.[i] ?? Number.NaN) : f));
  const end = (err: Values | undefined, sign: 1 | -1) =>
    y.map((f, i) => f + sign * (err !== undefined && Number.isFinite(err[i]!) ? err[i]! : 0));
  return {
    x: Array.from(s.start, (a, i) => (a + s.stop[i]!) / 2 - day),
    xLo: Array.from(s.start, (a) => a - day),
    xHi: Array.from(s.stop, (b) => b - day),
    y,
    yLo: end(s.errn, -1),
    yHi: end(s.errp, 1),
    isUl,
  };
}

function scaleOf(sets: readonly Drawn[]): "linear" | "log" {
  const measured = sets.flatMap((s) => s.y.filter((_, i) => !s.isUl[i]));
  const [lo, hi] = extent(measured) ?? [1, 1];
  return lo > 0 && hi > 30 * lo ? "log" : "linear";
}

/** A linear axis shows zero; on a logarithmic one an error bar reaches down a decade at most. */
function fluxRange(sets: readonly Drawn[], given: readonly LightCurvePoints[], kind: "linear" | "log") {
  const log = kind === "log";
  const values = sets.flatMap((s) =>
    s.y.flatMap((y, i) => {
      if (s.isUl[i]) return log ? [y, y / 2.5] : [y];
      return [y, log ? Math.max(s.yLo[i]!, y / 10) : s.yLo[i]!, s.yHi[i]!];
    }),
  );
  const levels = given.flatMap(({ level }) => (level === undefined ? [] : [level]));
  const found = extent([...values, ...levels, ...(log ? [] : [0])], log);
  return padded(kind, found ?? (log ? [1e-13, 1e-10] : [0, 1e-11]));
}
