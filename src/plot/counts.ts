/** Counts over energy with what the model predicts, and the residuals below. */
import { conversionFactor } from "../units/index.js";
import type { Panel } from "./axes.js";
import { edgesOf, extent, padded, rangeOr } from "./check.js";
import { type FigureOptions, figure, type Row } from "./figure.js";
import type { LegendEntry, LegendPlace } from "./legend.js";
import { type Layer, type LineLook, levelLine, type PointSet, points, span, steps, type Values } from "./marks.js";
import { type PictureStyle, withStyle } from "./picture-style.js";
import { BLACK, colorOf, type EnergyUnit, GREY, MASKED, type Style } from "./style.js";

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
  /** How they are defined: their label. */
  residualLabel?: string;
  energyUnit?: EnergyUnit;
  yScale?: "log" | "linear";
  /** In the unit of the axis; the bins in the fit, and a little more, unless told. */
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  legend?: boolean | LegendPlace;
  /** In place of the usual labels. */
  xLabel?: string;
  yLabel?: string;
  labels?: { counts?: string; npred?: string; background?: string };
}

const DATA: Style = { color: BLACK, marker: "circle" };
const OUT: Style = { color: GREY, marker: "circle", open: true };
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

/** So many empty bins are drawn as limits; where there are more, none is. */
const FEW = 6;

/**
 * Counts and predictions by energy, with residuals below.
 * @throws SpecError where arrays that belong together differ in length.
 */
export function countsPlot(spec: CountsSpec): string {
  const styled = withStyle(spec, "countsPlot");
  const { counts, npred, background, mask, energyUnit = "TeV", yScale = "log" } = styled;
  const bins = { counts, npred, background, mask, residuals: styled.residuals };
  edgesOf("countsPlot", "energyEdges", styled.energyEdges, bins);
  const factor = conversionFactor("TeV", energyUnit);
  const edges = Array.from(styled.energyEdges, (e) => e * factor);
  const used = Array.from(counts, (_, i) => mask === undefined || Boolean(mask[i]));
  const residuals = styled.residuals ?? (npred && pearson(counts, npred));

  const xRange = rangeOr("countsPlot: xRange", "log", styled.xRange, autoX(edges, used));
  const isSeen = used.map((_, i) => edges[i + 1]! > xRange[0] && edges[i]! < xRange[1]);
  const seen = (v: Values | undefined) => Array.from(v ?? []).filter((_, i) => isSeen[i]);
  const yRange = rangeOr(
    "countsPlot: yRange",
    yScale,
    styled.yRange,
    autoY(seen(counts), seen(npred), seen(background), yScale),
  );
  // A log axis has no place for zero: an empty bin is an arrow from the upper end of its interval, if there are not too many.
  const empty = Array.from(counts, (c, i) => yScale === "log" && c === 0 && isSeen[i]!);
  const nEmpty = empty.filter(Boolean).length;
  const hidden = nEmpty > FEW ? nEmpty : 0;
  const looks = looksOf(styled.style);
  const masked = (panel: Panel): Layer[] =>
    runs(used, false).map(([i, j]) => span(panel, "x", edges[i]!, edges[j]!, MASKED));
  const centres = used.map((_, i) => Math.sqrt(edges[i]! * edges[i + 1]!));
  const across = { x: centres, xLo: edges.slice(0, -1), xHi: edges.slice(1) };
  const nSeen = isSeen.filter(Boolean).length;
  const radius = nSeen > 60 ? 2.2 : nSeen > 30 ? 2.8 : undefined;
  const dots = (panel: Panel, set: PointSet): Layer[] => [
    points(panel, pick(set, used, false), OUT, radius),
    points(panel, pick(set, used, true), DATA, radius),
  ];
  const intervals = Array.from(counts, poissonInterval);
  const y = Array.from(counts, (c, i) => (!empty[i] ? c : hidden > 0 ? Number.NaN : intervals[i]![1]));
  const measured = { ...across, y, yLo: intervals.map((v) => v[0]), yHi: intervals.map((v) => v[1]), isUl: empty };
  const rows: Row[] = [
    {
      y: { kind: yScale, domain: yRange, label: styled.yLabel ?? "Counts per bin" },
      weight: 3,
      draw: (panel) => [
        ...masked(panel),
        ...(background ? [steps(panel, edges, background, looks.background)] : []),
        ...(npred ? [steps(panel, edges, npred, looks.npred)] : []),
        ...dots(panel, measured),
      ],
    },
  ];
  if (residuals) {
    const one = Array.from(residuals);
    const set = { ...across, y: one, yLo: one.map((v) => v - 1), yHi: one.map((v) => v + 1) };
    const label = styled.residualLabel ?? (styled.residuals ? "Residual [σ]" : PEARSON);
    rows.push({
      y: { kind: "linear", domain: residualRange(one.filter((_, i) => used[i] && isSeen[i])), label },
      weight: 1.2,
      draw: (panel) => [...masked(panel), levelLine(panel, "y", 0, looks.npred), ...dots(panel, set)],
    });
  }
  return figure({
    ...styled,
    x: { kind: "log", domain: xRange, label: styled.xLabel ?? `Energy [${energyUnit}]` },
    rows,
    entries: entriesOf(
      styled,
      looks,
      hidden,
      used.some((u, i) => !u && isSeen[i]!),
    ),
  });
}

/** n and μ are in the legend. */
const PEARSON = "(n − μ) / √μ";

interface Looks {
  npred: LineLook;
  background: LineLook;
}

const looksOf = (palette: PictureStyle | undefined): Looks => ({
  npred: { color: colorOf(1, palette), width: 1.8 },
  background: { color: colorOf(0, palette), width: 1.6, dash: "6 3" },
});

function entriesOf(spec: CountsSpec, looks: Looks, nHidden: number, isMasked: boolean) {
  const { npred, background, labels = {} } = spec;
  const isDefined = npred !== undefined && spec.residuals === undefined && spec.residualLabel === undefined;
  const counts = (labels.counts ?? "counts") + (isDefined ? " n" : "");
  const entries: LegendEntry[] = [
    { label: nHidden > 0 ? `${counts} (not drawn: ${nHidden} bins with 0)` : counts, marker: DATA, bars: true },
  ];
  if (npred) entries.push({ label: (labels.npred ?? "npred") + (isDefined ? " μ" : ""), line: looks.npred });
  if (background) entries.push({ label: labels.background ?? "background", line: looks.background });
  const band = { color: MASKED, opacity: 1 };
  if (isMasked) entries.push({ label: "not in the fit", band, marker: OUT, bars: true });
  return entries;
}

/** The points whose flag is `wanted`. */
function pick(set: PointSet, flags: readonly boolean[], wanted: boolean): PointSet {
  const index = flags.flatMap((flag, i) => (flag === wanted ? [i] : []));
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
}

/** Decades beyond the bins in the fit. */
const BEYOND = 0.15;

/** The bins in the fit, from the first to the last, and what lies close to them; all where none is. */
function autoX(edges: readonly number[], used: readonly boolean[]): readonly [number, number] {
  const [lo, hi] = extent(edges, true) ?? [0.1, 10];
  const [first, last] = [used.indexOf(true), used.lastIndexOf(true)];
  if (first < 0) return [lo, hi];
  const room = 10 ** BEYOND;
  return [Math.max(lo, edges[first]! / room), Math.min(hi, edges[last + 1]! * room)];
}

function residualRange(residuals: readonly number[]): [number, number] {
  const [lo, hi] = extent(residuals) ?? [0, 0];
  const reach = Math.max(3.5, 1.2 * Math.max(Math.abs(lo), Math.abs(hi)));
  return [-reach, reach];
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
  counts: readonly number[],
  npred: readonly number[],
  background: readonly number[],
  kind: "log" | "linear",
): [number, number] {
  const top = extent([...counts.map((c) => poissonInterval(c)[1]), ...npred, ...background], true)?.[1] ?? 1;
  if (kind === "linear") return [0, top * 1.08];
  const low = extent([...counts, ...npred, ...background], true)?.[0] ?? 0.5;
  // Half a count is as low as data go; predictions far below one count are of no interest beside larger ones.
  return padded("log", [Math.min(0.5, Math.max(low, 0.05)), Math.max(top, 2)], 0.05);
}
