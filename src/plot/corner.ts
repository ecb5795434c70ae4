/** Samples of several parameters: histograms on the diagonal, densities of the pairs below it. */
import { ascending, bin, quantileSorted } from "d3-array";
import { SpecError } from "../errors.js";
import { smoothImage } from "../sky/smooth.js";
import { drawPanel, drawTitle, LABEL_SIZE, type Panel, panelAt, TICK_SIZE } from "./axes.js";
import { extent, padded, sameLength } from "./check.js";
import { gridContour, type Ring } from "./contour.js";
import { type FigureOptions, paperSize } from "./figure.js";
import { area, curve, joinLayers, type Layer, type LineLook, levelLine, steps, type Values } from "./marks.js";
import { BLACK, COLORS } from "./style.js";
import { svgDocument } from "./svg.js";
import { fitText, text, textWidth } from "./text.js";

/** What `cornerPlot` draws: samples of each parameter, all of the same length. */
export interface CornerSpec extends FigureOptions {
  parameters: { label: string; samples: Values; truth?: number }[];
  /** Shares of the samples inside the contours; 0.68 and 0.95 unless told. */
  levels?: number[];
}

const LINE: LineLook = { color: COLORS[0], width: 1.4 };
const TRUTH: LineLook = { color: COLORS[1], width: 1.2 };
const QUANTILE: LineLook = { color: BLACK, width: 0.9, dash: "4 3" };
const GRID = 40;
const LEFT = 78;
const BOTTOM = 62;
const GAP = 12;

/**
 * Samples of all parameters as histograms, and of all pairs as contours.
 * @throws SpecError where there are no parameters or the samples differ in length.
 */
export function cornerPlot(spec: CornerSpec): string {
  const { parameters, title = "" } = spec;
  const n = parameters.length;
  if (n === 0) throw new SpecError("cornerPlot: no parameters; give at least one");
  sameLength("cornerPlot", Object.fromEntries(parameters.map((p) => [`samples of "${p.label}"`, p.samples])));
  const side = LEFT + 30 + n * Math.max(110, Math.min(220, 720 / n));
  const [width, height] = paperSize(spec, side, side + (title === "" ? 0 : 24));
  const top = (title === "" ? 12 : 36) + 22;
  const w = (width - LEFT - 24 - (n - 1) * GAP) / n;
  const h = (height - top - BOTTOM - (n - 1) * GAP) / n;

  const domains = parameters.map((p) => sampleRange(p.samples));
  let body = "";
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const frame = { x: LEFT + column * (w + GAP), y: top + row * (h + GAP), width: w, height: h };
      const [px, py] = [parameters[column]!, parameters[row]!];
      const x = { kind: "linear" as const, domain: domains[column]!, label: px.label, quiet: row < n - 1 };
      if (row === column) {
        const histogram = histogramOf(px.samples, domains[column]!);
        const y = {
          kind: "linear" as const,
          domain: [0, histogram.top * 1.1] as const,
          label: "",
          quiet: true,
          names: [],
        };
        const panel = panelAt(frame, x, y);
        const layers: Layer[] = [steps(panel, histogram.edges, histogram.counts, LINE)];
        for (const q of histogram.quantiles) layers.push(levelLine(panel, "x", q, QUANTILE));
        if (px.truth !== undefined) layers.push(levelLine(panel, "x", px.truth, TRUTH));
        body += drawPanel(tidy(panel), joinLayers(layers));
        const summary = fitText(summaryOf(histogram.quantiles), 12, w + GAP - 2);
        body += text(summary.markup, frame.x + w / 2, frame.y - 6, { size: summary.size, anchor: "middle" });
      } else {
        const y = { kind: "linear" as const, domain: domains[row]!, label: py.label, quiet: column > 0 };
        const panel = panelAt(frame, x, y);
        const layers: Layer[] = [];
        for (const rings of densityContours(px.samples, py.samples, x.domain, y.domain, spec.levels ?? [0.68, 0.95])) {
          layers.push(area(panel, rings, COLORS[0], 0.18));
          for (const ring of rings) layers.push(curve(panel, ring.x, ring.y, LINE));
        }
        if (px.truth !== undefined) layers.push(levelLine(panel, "x", px.truth, TRUTH));
        if (py.truth !== undefined) layers.push(levelLine(panel, "y", py.truth, TRUTH));
        body += drawPanel(tidy(panel), joinLayers(layers), LABEL_SIZE + 6);
      }
    }
  }
  body += drawTitle(title, { x: 0, y: 32, width, height: 0 }, width);
  return svgDocument(width, height, title || `Samples of ${parameters.map((p) => p.label).join(", ")}`, body);
}

/** Numbers that would reach under the next frame lose their text. */
function tidy(panel: Panel): Panel {
  const { x, frame } = panel;
  const fits = (at: number, label: string) => {
    const half = textWidth(label, TICK_SIZE) / 2;
    return at - half > frame.x - GAP / 2 && at + half < frame.x + frame.width + GAP / 2;
  };
  const major = x.ticks.major.map((t) => (fits(x.at(t.value), t.label) ? t : { ...t, label: "" }));
  return { ...panel, x: { ...x, ticks: { ...x.ticks, major } } };
}

/** All but the outermost 0.2 % of the samples, with room. */
function sampleRange(samples: Values): [number, number] {
  const sorted = Array.from(samples).filter(Number.isFinite).sort(ascending);
  const ends = [quantileSorted(sorted, 0.001), quantileSorted(sorted, 0.999)].filter((v) => v !== undefined);
  return padded("linear", extent(ends) ?? [0, 1], 0.08);
}

function histogramOf(samples: Values, [lo, hi]: readonly [number, number]) {
  const values = Array.from(samples).filter(Number.isFinite);
  const edges = Array.from({ length: 31 }, (_, i) => lo + ((hi - lo) * i) / 30);
  const counts = bin<number, number>()
    .domain([lo, hi])
    .thresholds(edges.slice(1, -1))(values)
    .map((b) => b.length);
  const sorted = [...values].sort(ascending);
  const quantiles = values.length === 0 ? [] : [0.16, 0.5, 0.84].map((q) => quantileSorted(sorted, q)!);
  return { edges, counts, quantiles, top: Math.max(1, ...counts) };
}

/** Median and the distances to the quantiles 0.16 and 0.84, with two digits of the smaller distance. */
function summaryOf([low, median, high]: readonly number[]): string {
  if (low === undefined || median === undefined || high === undefined) return "";
  const smaller = Math.min(median - low, high - median);
  const largest = Math.max(Math.abs(median), high - median, median - low);
  if (!(smaller > 0)) return number(median, 3, 0);
  const magnitude = Math.floor(Math.log10(largest));
  const exponent = magnitude >= 4 || magnitude <= -3 ? magnitude : 0;
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(smaller)) + exponent);
  const body = `${number(median, decimals, exponent)} ^{+${number(high - median, decimals, exponent)}} _{−${number(median - low, decimals, exponent)}}`;
  return exponent === 0 ? body : `(${body}) ×10^{${String(exponent).replace("-", "−")}}`;
}

function number(value: number, decimals: number, exponent: number): string {
  const label = (value / 10 ** exponent).toFixed(Math.min(12, decimals));
  return label.replace("-", Number(label) === 0 ? "" : "−");
}

/** For each share the outlines that hold as much of the samples, the largest first: levels of a smoothed two-dimensional histogram. */
function densityContours(
  xs: Values,
  ys: Values,
  [x0, x1]: readonly [number, number],
  [y0, y1]: readonly [number, number],
  shares: readonly number[],
): Ring[][] {
  const counts = new Float64Array(GRID * GRID);
  let total = 0;
  for (let k = 0; k < xs.length; k++) {
    const i = Math.floor(((xs[k]! - x0) / (x1 - x0)) * GRID);
    const j = Math.floor(((ys[k]! - y0) / (y1 - y0)) * GRID);
    if (!(i >= 0 && i < GRID && j >= 0 && j < GRID)) continue;
    counts[j * GRID + i]!++;
    total++;
  }
  if (total === 0) return [];
  const density = smoothImage(counts, GRID, GRID, 1.2);
  const sorted = Float64Array.from(density).sort().reverse();
  const mass = sorted.reduce((sum, v) => sum + v, 0);
  const centres = (a: number, b: number) =>
    Float64Array.from({ length: GRID }, (_, i) => a + ((b - a) * (i + 0.5)) / GRID);
  return [...shares]
    .sort((a, b) => b - a)
    .map((share) => {
      let sum = 0;
      const level = sorted.find((v) => (sum += v) >= share * mass) ?? 0;
      return gridContour(centres(x0, x1), centres(y0, y1), Array.from(density), level, "edge");
    });
}
