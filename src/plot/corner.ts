/** Samples of several parameters: histograms on the diagonal, densities of the pairs below it. */
import { ascending, bin, quantileSorted } from "d3-array";
import { SpecError } from "../errors.js";
import { smoothImage } from "../sky/smooth.js";
import {
  type AxisSpec,
  drawPanel,
  drawTitle,
  LABEL_SIZE,
  LINE_HEIGHT,
  labelLines,
  type Panel,
  panelAt,
  TICK_SIZE,
} from "./axes.js";
import { extent, padded, sameLength } from "./check.js";
import { gridContour, type Ring } from "./contour.js";
import { drawSummary, SUMMARY_SIZE, summaryOf, widthOf } from "./corner-summary.js";
import { type FigureOptions, paperOf } from "./figure.js";
import { area, curve, joinLayers, type Layer, type LineLook, levelLine, steps, type Values } from "./marks.js";
import { withStyle } from "./picture-style.js";
import { BLACK, colorOf } from "./style.js";
import { type Rect, svgDocument } from "./svg.js";
import { fitText, text, textWidth } from "./text.js";

/** What `cornerPlot` draws: samples of each parameter, all of the same length. */
export interface CornerSpec extends FigureOptions {
  parameters: { label: string; samples: Values; truth?: number }[];
  /** Shares of the samples inside the contours; 0.393 and 0.865, as contours of 1 and 2 sigma in two parameters hold, unless told. */
  levels?: number[];
}

/** 1 - exp(-sigma^2 / 2) for 1 and 2 sigma. */
const LEVELS = [-Math.expm1(-0.5), -Math.expm1(-2)];
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
  const styled = withStyle(spec, "cornerPlot");
  const { parameters, title = "", levels = LEVELS } = styled;
  const n = parameters.length;
  if (n === 0) throw new SpecError("cornerPlot: no parameters; give at least one");
  sameLength("cornerPlot", Object.fromEntries(parameters.map((p) => [`samples of "${p.label}"`, p.samples])));
  const side = LEFT + 30 + n * Math.max(110, Math.min(220, 720 / n));
  const { paper } = paperOf(styled, side, side + (title === "" ? 0 : 24));
  const { width, height } = paper;
  const looks = {
    line: { color: colorOf(0, styled.style), width: 1.4 },
    truth: { color: colorOf(1, styled.style), width: 1.2 },
  };
  const top = (title === "" ? 12 : 36) + 22;
  const w = (width - LEFT - 24 - (n - 1) * GAP) / n;
  // two lines where a label with its unit is too long for one
  const lines = Math.max(...parameters.map((p) => labelLines(p.label, w).length));
  const h = (height - top - BOTTOM - (lines - 1) * LABEL_SIZE * LINE_HEIGHT - (n - 1) * GAP) / n;

  const domains = parameters.map((p) => sampleRange(p.samples));
  const histograms = parameters.map((p, i) => histogramOf(p.samples, domains[i]!));
  const summaries = histograms.map((histogram) => summaryOf(histogram.quantiles));
  // one size for all
  const size =
    SUMMARY_SIZE * Math.max(0.6, Math.min(1, ...summaries.map((s) => (w + GAP - 4) / widthOf(s, SUMMARY_SIZE))));
  let body = "";
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const frame = { x: LEFT + column * (w + GAP), y: top + row * (h + GAP), width: w, height: h };
      const [px, py] = [parameters[column]!, parameters[row]!];
      const x = { kind: "linear" as const, domain: domains[column]!, label: px.label, quiet: row < n - 1 };
      const truths = { x: px.truth, y: py.truth };
      if (row === column) {
        body += diagonal(frame, x, histograms[row]!, truths.x, looks);
        body += drawSummary(summaries[row]!, frame.x + w / 2, frame.y - 9, size);
      } else {
        const y = { kind: "linear" as const, domain: domains[row]!, label: py.label, quiet: column > 0 };
        const outlines = densityContours(px.samples, py.samples, x.domain, y.domain, levels);
        body += pair(panelAt(frame, x, y), outlines, truths, looks);
      }
    }
  }
  if (n > 1) {
    const { markup, size } = fitText(levelsText(levels), 12, (n - 1) * (w + GAP) - GAP);
    body += text(markup, LEFT + n * (w + GAP) - GAP, top + 14, { size, anchor: "end", color: "#444444" });
  }
  body += drawTitle(title, { x: 0, y: 32, width, height: 0 }, width);
  return svgDocument(paper, title || `Samples of ${parameters.map((p) => p.label).join(", ")}`, body);
}

interface Looks {
  line: LineLook;
  truth: LineLook;
}

/** The histogram of one parameter, with its quantiles. */
function diagonal(
  frame: Rect,
  x: AxisSpec,
  { edges, counts, quantiles, top }: ReturnType<typeof histogramOf>,
  truth: number | undefined,
  looks: Looks,
): string {
  const y: AxisSpec = { kind: "linear", domain: [0, top * 1.1], label: "", quiet: true, names: [] };
  const panel = panelAt(frame, x, y);
  const layers = [steps(panel, edges, counts, looks.line)];
  for (const q of quantiles) layers.push(levelLine(panel, "x", q, QUANTILE));
  if (truth !== undefined) layers.push(levelLine(panel, "x", truth, looks.truth));
  return drawPanel(tidy(panel), joinLayers(layers));
}

/** The outlines of two parameters. */
function pair(
  panel: Panel,
  outlines: readonly Ring[][],
  truths: { x: number | undefined; y: number | undefined },
  { line, truth }: Looks,
): string {
  const layers: Layer[] = [];
  for (const rings of outlines) {
    layers.push(area(panel, rings, line.color, 0.18));
    for (const ring of rings) layers.push(curve(panel, ring.x, ring.y, line));
  }
  for (const axis of ["x", "y"] as const) {
    if (truths[axis] !== undefined) layers.push(levelLine(panel, axis, truths[axis], truth));
  }
  return drawPanel(tidy(panel), joinLayers(layers), LABEL_SIZE + 6);
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

/** "Contours hold 39 % and 86 % of the samples" */
function levelsText(levels: readonly number[]): string {
  const shares = levels.map((level) => `${Number((100 * level).toPrecision(2))} %`);
  return `Contours hold ${shares.join(" and ")} of the samples`;
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
