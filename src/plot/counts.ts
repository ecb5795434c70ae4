/** Counts over energy with what the model predicts, and the residuals below. */
import { conversionFactor } from "../units/index.js";
import type { Panel } from "./axes.js";
import { edgesOf, extent, padded, rangeOr } from "./check.js";
import { type FigureOptions, figure, type Row } from "./figure.js";
import type { LegendEntry } from "./legend.js";
import { type Layer, type LineLook, levelLine, type PointSet, points, span, steps, type Values } from "./marks.js";
import type { EnergyUnit } from "./sed.js";
import { BLACK, COLORS, GREY, MASKED, type Style } from "./style.js";

/** What `countsPlot` draws: counts by energy bin, what is predicted, and residuals. */
export interface CountsSpec extends FigureOptions {
  /** Edges of the energy bins, TeV, one more than counts. */
  energyEdges: Values;
  counts: Values;
  npred?: Values;
  background?: Values;
  /** True where a bin takes part in the fit; the other bins are grey. */
  mask?: ArrayLike<boolean | number>;
  /** Residuals of the lower frame, in sigma; (counts - npred) / sqrt(npred) unless given. */
  residuals?: Values;
  residualLabel?: string;
  energyUnit?: EnergyUnit;
  yScale?: "log" | "linear";
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  legend?: boolean;
  labels?: { counts?: string; npred?: string; background?: string };
}

const DATA: Style = { color: BLACK, marker: "circle" };
const OUT: Style = { color: GREY, marker: "circle", open: true };
const NPRED: LineLook = { color: COLORS[1], width: 1.8 };
const BACKGROUND: LineLook = { color: COLORS[0], width: 1.6, dash: "6 3" };

/**
 * Ends of the central 68.3 % interval of a Poisson mean for `n` counts: Gehrels 1986, ApJ 303, 336, equations 9 and 14 with
 * S = 1 (for n = 0 the exact 1.841).
 */
export function poissonInterval(n: number): [lo: number, hi: number] {
  if (!(n >= 0)) return [Number.NaN, Number.NaN];
  const hi = (n + 1) * (1 - 1 / (9 * (n + 1)) + 1 / (3 * Math.sqrt(n + 1))) ** 3;
  const lo = n === 0 ? 0 : n * Math.max(0, 1 - 1 / (9 * n) - 1 / (3 * Math.sqrt(n))) ** 3;
  return [lo, hi];
}

/**
 * Counts and predictions by energy, with residuals below.
 * @throws SpecError where arrays that belong together differ in length.
 */
export function countsPlot(spec: CountsSpec): string {
  const { counts, npred, background, mask, energyUnit = "TeV", yScale = "log", labels = {} } = spec;
  const bins = { counts, npred, background, mask, residuals: spec.residuals };
  edgesOf("countsPlot", "energyEdges", spec.energyEdges, bins);
  const factor = conversionFactor("TeV", energyUnit);
  const edges = Array.from(spec.energyEdges, (e) => e * factor);
  const n = counts.length;
  const used = Array.from({ length: n }, (_, i) => mask === undefined || Boolean(mask[i]));
  const residuals = spec.residuals ?? (npred && pearson(counts, npred));

  const xRange = rangeOr("countsPlot: xRange", "log", spec.xRange, extent(edges, true) ?? [0.1, 10]);
  const yRange = rangeOr("countsPlot: yRange", yScale, spec.yRange, autoY(counts, npred, background, yScale));
  const legend: LegendEntry[] = [{ label: labels.counts ?? "counts", marker: DATA, bars: true }];
  if (npred) legend.push({ label: labels.npred ?? "npred", line: NPRED });
  if (background) legend.push({ label: labels.background ?? "background", line: BACKGROUND });
  if (used.includes(false))
    legend.push({ label: "not in the fit", band: { color: MASKED, opacity: 1 }, marker: OUT, bars: true });

  const masked = (panel: Panel): Layer[] =>
    runs(used, false).map(([i, j]) => span(panel, "x", edges[i]!, edges[j]!, MASKED));
  const pick = (set: PointSet, wanted: boolean): PointSet => {
    const index = used.flatMap((u, i) => (u === wanted ? [i] : []));
    const take = (v: Values | undefined) => v && index.map((i) => v[i]!);
    return {
      x: take(set.x)!,
      y: take(set.y)!,
      xLo: take(set.xLo),
      xHi: take(set.xHi),
      yLo: take(set.yLo),
      yHi: take(set.yHi),
      isUl: set.isUl && index.map((i) => set.isUl![i]!),
    };
  };
  const centres = Array.from({ length: n }, (_, i) => Math.sqrt(edges[i]! * edges[i + 1]!));
  const across = { x: centres, xLo: edges.slice(0, n), xHi: edges.slice(1) };
  const intervals = Array.from(counts, poissonInterval);
  const bars = { yLo: intervals.map((v) => v[0]), yHi: intervals.map((v) => v[1]) };
  const dots = n > 60 ? 2.2 : n > 30 ? 2.8 : undefined;

  const rows: Row[] = [
    {
      y: { kind: yScale, domain: yRange, label: "Counts per bin" },
      weight: 3,
      draw: (panel) => {
        const layers = masked(panel);
        if (background) layers.push(steps(panel, edges, background, BACKGROUND));
        if (npred) layers.push(steps(panel, edges, npred, NPRED));
        // A log axis has no place for zero: an empty bin is an arrow from the upper end of its interval.
        const empty = Array.from(counts, (c) => yScale === "log" && c === 0);
        const y = Array.from(counts, (c, i) => (empty[i] ? intervals[i]![1] : c));
        const set = { ...across, y, ...bars, isUl: empty };
        return [...layers, points(panel, pick(set, false), OUT, dots), points(panel, pick(set, true), DATA, dots)];
      },
    },
  ];
  if (residuals) {
    const seen = extent(Array.from(residuals)) ?? [0, 0];
    const reach = Math.max(3.5, 1.2 * Math.max(Math.abs(seen[0]), Math.abs(seen[1])));
    rows.push({
      y: { kind: "linear", domain: [-reach, reach], label: spec.residualLabel ?? "Residual [σ]" },
      weight: 1,
      draw: (panel) => {
        const one = Array.from(residuals);
        const set = { ...across, y: one, yLo: one.map((v) => v - 1), yHi: one.map((v) => v + 1) };
        const zero = levelLine(panel, "y", 0, NPRED);
        return [
          ...masked(panel),
          zero,
          points(panel, pick(set, false), OUT, dots),
          points(panel, pick(set, true), DATA, dots),
        ];
      },
    });
  }
  return figure({
    ...spec,
    x: { kind: "log", domain: xRange, label: `Energy [${energyUnit}]` },
    rows,
    legend: spec.legend === false ? [] : legend,
  });
}

/** First and one past the last index of every run of `wanted`. */
function runs(flags: readonly boolean[], wanted: boolean): [from: number, to: number][] {
  const found: [number, number][] = [];
  flags.forEach((flag, i) => {
    if (flag !== wanted) return;
    const last = found.at(-1);
    if (last?.[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  });
  return found;
}

/** (counts - npred) / sqrt(npred); NaN, which is not drawn, where nothing is predicted. */
function pearson(counts: Values, npred: Values): number[] {
  return Array.from(counts, (c, i) => (npred[i]! > 0 ? (c - npred[i]!) / Math.sqrt(npred[i]!) : Number.NaN));
}

function autoY(
  counts: Values,
  npred: Values | undefined,
  background: Values | undefined,
  kind: "log" | "linear",
): [number, number] {
  const tops = [
    ...Array.from(counts, (c) => poissonInterval(c)[1]),
    ...Array.from(npred ?? []),
    ...Array.from(background ?? []),
  ];
  const top = extent(tops, true)?.[1] ?? 1;
  if (kind === "linear") return [0, top * 1.08];
  const lows = [...Array.from(counts), ...Array.from(npred ?? []), ...Array.from(background ?? [])];
  const low = extent(lows, true)?.[0] ?? 0.5;
  // Half a count is as low as data go; predictions far below one count are of no interest beside larger ones.
  return padded("log", [Math.min(0.5, Math.max(low, 0.05)), Math.max(top, 2)], 0.05);
}
