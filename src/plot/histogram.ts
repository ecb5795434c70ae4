/** Histograms of samples, with a normal distribution to hold them against. */
import { bin } from "d3-array";
import { extent, rangeOr } from "./check.js";
import { type FigureOptions, figure } from "./figure.js";
import type { LegendEntry } from "./legend.js";
import { curve, type Layer, levelLine, points, steps, type Values } from "./marks.js";
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
  const { samples, normal, marks = [] } = spec;
  const most = Math.max(1, ...samples.map((s) => s.values.length));
  const n = spec.bins ?? Math.round(Math.min(60, Math.max(10, 2 * most ** (1 / 3))));
  const reach = normal === undefined ? [] : [normal.mean - 4 * normal.sigma, normal.mean + 4 * normal.sigma];
  const all = [...samples.flatMap((s) => Array.from(s.values)), ...reach, ...marks.map((m) => m.value)];
  const [a, b] = extent(all) ?? [0, 1];
  const [lo, hi] = rangeOr("histogramPlot: xRange", "linear", spec.xRange, a < b ? [a, b] : [a - 1, a + 1]);
  // a mark at an end would lie on the frame
  const room = (end: number) =>
    spec.xRange === undefined && marks.some((m) => m.value === end) ? 0.03 * (hi - lo) : 0;
  const domain: [number, number] = [lo - room(lo), hi + room(hi)];
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
  const legend: LegendEntry[] = samples.map((s, i) => ({ label: s.label, line: seriesStyle(i) }));
  if (normal?.label !== undefined) legend.push({ label: normal.label, line: NORMAL });
  for (const [i, m] of marks.entries()) {
    if (m.label !== undefined) legend.push({ label: m.label, line: markStyle(samples.length + i) });
  }
  return figure({
    ...spec,
    x: { kind: "linear", domain, label: spec.xLabel },
    legend,
    rows: [
      {
        y: { kind: "linear", domain: [0, 1.08 * top], label: spec.yLabel ?? "Samples" },
        weight: 1,
        draw: (panel) => {
          const layers: Layer[] = [];
          histograms.forEach((counts, i) => {
            const style = seriesStyle(i);
            layers.push(steps(panel, edges, counts, { ...style, width: 1.6 }));
            if (histograms.length > 1) return;
            const errors = counts.map(Math.sqrt);
            const filled = counts.flatMap((c, k) => (c > 0 ? [k] : []));
            const bars = {
              x: filled.map((k) => (edges[k]! + edges[k + 1]!) / 2),
              y: filled.map((k) => counts[k]!),
              yLo: filled.map((k) => counts[k]! - errors[k]!),
              yHi: filled.map((k) => counts[k]! + errors[k]!),
            };
            layers.push(points(panel, bars, style, 0));
          });
          if (density !== undefined) layers.push(curve(panel, xs, density, NORMAL));
          marks.forEach((m, i) => void layers.push(levelLine(panel, "x", m.value, markStyle(samples.length + i))));
          return layers;
        },
      },
    ],
  });
}

const NORMAL = { color: BLACK, width: 1.4, dash: "5 4" };
const markStyle = (i: number) => ({ ...seriesStyle(i), width: 1.6 });
const gauss = (t: number) => Math.exp(-0.5 * t * t) / Math.sqrt(2 * Math.PI);
