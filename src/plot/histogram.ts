/** Histograms of samples, with a normal distribution to hold them against. */
import { bin } from "d3-array";
import { extent, rangeOr } from "./check.js";
import { type FigureOptions, figure } from "./figure.js";
import type { LegendEntry } from "./legend.js";
import { curve, type Layer, levelLine, type PointSet, points, steps, type Values } from "./marks.js";
import { withStyle } from "./picture-style.js";
import { BLACK, seriesStyle } from "./style.js";

/** What `histogramPlot` draws: values, and what to compare them with. */
export interface HistogramSpec extends FigureOptions {
  samples: { label: string; values: Values }[];
  /** Drawn with as many samples as the first histogram has. */
  normal?: { label?: string; mean: number; sigma: number };
  /** Values marked by a line. */
  marks?: { label?: string; value: number }[];
  xLabel: string;
  yLabel?: string;
  xRange?: readonly [number, number];
  /** Default: by the number of samples, 10 to 60. */
  bins?: number;
}

/**
 * Histograms of values, with a normal distribution and marks where they are given.
 * @throws SpecError where the range is not two increasing numbers.
 */
export function histogramPlot(spec: HistogramSpec): string {
  const styled = withStyle(spec, "histogramPlot");
  const { samples, normal, marks = [], style: palette } = styled;
  const most = Math.max(1, ...samples.map((s) => s.values.length));
  const n = styled.bins ?? Math.round(Math.min(60, Math.max(10, 2 * most ** (1 / 3))));
  const reach = normal === undefined ? [] : [normal.mean - 4 * normal.sigma, normal.mean + 4 * normal.sigma];
  const found = samples.flatMap((s) => Array.from(s.values));
  const [a, b] = extent([...found, ...reach]) ?? extent(marks.map((m) => m.value)) ?? [0, 1];
  const [lo, hi] = rangeOr("histogramPlot: xRange", "linear", styled.xRange, a < b ? [a, b] : [a - 1, a + 1]);
  const domain = styled.xRange ?? withMarks([lo, hi], marks);
  const isOutside = (value: number) => value < domain[0] || value > domain[1];
  const width = (hi - lo) / n;
  const edges = Array.from({ length: n + 1 }, (_, i) => lo + i * width);
  const histograms = samples.map((s) =>
    bin<number, number>()
      .domain([lo, hi])
      .thresholds(edges.slice(1, -1))(Array.from(s.values))
      .map((found) => found.length),
  );
  const xs = Array.from({ length: 201 }, (_, i) => lo + ((hi - lo) * i) / 200);
  const area = width * (samples[0]?.values.length ?? 0);
  const density = normal && xs.map((x) => area * gauss((x - normal.mean) / normal.sigma) * (1 / normal.sigma));
  const top = Math.max(1, ...histograms.flatMap((h) => h.map((c) => c + Math.sqrt(c))), ...(density ?? []));
  const markStyle = (i: number) => ({ ...seriesStyle(samples.length + i, palette), width: 1.6 });
  const entries: LegendEntry[] = samples.map((s, i) => ({ label: s.label, line: seriesStyle(i, palette) }));
  if (normal?.label !== undefined) entries.push({ label: normal.label, line: NORMAL });
  for (const [i, m] of marks.entries()) {
    if (m.label === undefined || !Number.isFinite(m.value)) continue;
    const label = isOutside(m.value) ? `${m.label}: ${numberText(m.value)}, outside` : m.label;
    entries.push({ label, line: markStyle(i) });
  }
  return figure({
    ...styled,
    x: { kind: "linear", domain, label: styled.xLabel },
    entries,
    rows: [
      {
        y: { kind: "linear", domain: [0, 1.08 * top], label: styled.yLabel ?? "Samples" },
        weight: 1,
        draw: (panel) => {
          const layers: Layer[] = [];
          histograms.forEach((counts, i) => {
            const style = seriesStyle(i, palette);
            layers.push(steps(panel, edges, counts, { ...style, width: 1.6 }));
            if (histograms.length > 1) return;
            layers.push(points(panel, rootBars(edges, counts), style, 0));
          });
          if (density !== undefined) layers.push(curve(panel, xs, density, NORMAL));
          marks.forEach((m, i) => void layers.push(levelLine(panel, "x", m.value, markStyle(i))));
          return layers;
        },
      },
    ],
  });
}

/** Bars of the root of the counts, where there are any. */
function rootBars(edges: readonly number[], counts: readonly number[]): PointSet {
  const filled = counts.flatMap((c, k) => (c > 0 ? [k] : []));
  const at = (sign: -1 | 0 | 1) => filled.map((k) => counts[k]! + sign * Math.sqrt(counts[k]!));
  return { x: filled.map((k) => (edges[k]! + edges[k + 1]!) / 2), y: at(0), yLo: at(-1), yHi: at(1) };
}

const NORMAL = { color: BLACK, width: 1.4, dash: "5 4" };
const numberText = (x: number) =>
  String(Number(x.toPrecision(3)))
    .replaceAll("-", "−")
    .replace(/e\+?(.*)/, "×10^{$1}");

/** How many widths of the histogram a mark may lie beside it; of one farther off the legend says the value. */
const FARTHEST = 1;

/** The range of the bins and the marks near it, with room, as a mark at an end would lie on the frame. */
function withMarks([lo, hi]: readonly [number, number], marks: readonly { value: number }[]): [number, number] {
  const width = hi - lo;
  const near = marks.map((m) => m.value).filter((v) => v >= lo - FARTHEST * width && v <= hi + FARTHEST * width);
  const [from, to] = extent([...near, lo, hi])!;
  const room = 0.03 * (to - from);
  return [near.includes(from) ? from - room : from, near.includes(to) ? to + room : to];
}
const gauss = (t: number) => Math.exp(-0.5 * t * t) / Math.sqrt(2 * Math.PI);
