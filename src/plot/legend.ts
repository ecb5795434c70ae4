/** The legend: its size, and the place where it hides least. */
import type { Hit, LineLook } from "./marks.js";
import { ARROW_LENGTH } from "./marks.js";
import { markerElement, type Style } from "./style.js";
import { element, lineElement, num, type Rect } from "./svg.js";
import { cutText, fitText, text, textWidth } from "./text.js";

export interface LegendEntry {
  label: string;
  line?: LineLook;
  band?: { color: string; opacity: number };
  marker?: Style;
  /** The markers carry error bars. */
  bars?: boolean;
  /** All points of the series are limits. */
  arrow?: boolean;
}

const SIZE = 12;
const ROW = 19;
const SAMPLE = 26;
const PAD = 8;
const COLUMN_GAP = 16;
const LONGEST_LABEL = 230;

interface LegendBox {
  width: number;
  height: number;
  columns: number;
  /** Widths and heights of a label, px. */
  labelWidth: number;
  row: number;
  size: number;
}

function legendBox(entries: readonly LegendEntry[], columns: number, longest = LONGEST_LABEL, row = ROW): LegendBox {
  const size = Math.min(...entries.map((e) => fitText(e.label, Math.min(SIZE, row * 0.8), longest).size));
  const labelWidth = Math.min(longest, Math.max(0, ...entries.map((e) => textWidth(e.label, size))));
  const rows = Math.ceil(entries.length / columns);
  const width = 2 * PAD + columns * (SAMPLE + 8 + labelWidth) + (columns - 1) * COLUMN_GAP;
  return { width, height: 2 * (PAD - 3) + rows * row, columns, labelWidth, row, size };
}

type LegendPlan = { where: "none" } | { where: "inside" | "right"; box: LegendBox };

/** Inside the frame if it takes less than a third of `frame`, else to the right of it, where `box.width` must be kept free. */
export function planLegend(entries: readonly LegendEntry[], frame: { width: number; height: number }): LegendPlan {
  if (entries.length === 0) return { where: "none" };
  for (const columns of [1, 2, 3]) {
    const box = legendBox(entries, columns);
    const fits = box.width < 0.85 * frame.width && box.height < 0.6 * frame.height;
    if (fits && box.width * box.height < 0.3 * frame.width * frame.height) return { where: "inside", box };
  }
  // Beside the frame: rows shrink to half their height before a second column is opened; a third of the width is for labels.
  const available = frame.height - 2 * (PAD - 3);
  const columns = Math.max(1, Math.ceil((entries.length * ROW * 0.5) / available));
  const row = Math.min(ROW, available / Math.ceil(entries.length / columns));
  return { where: "right", box: legendBox(entries, columns, (0.34 * frame.width) / columns, row) };
}

/** Candidate places cover the frame; corners win where nothing is hidden. */
function place(box: LegendBox, frame: Rect, hits: readonly Hit[]): { x: number; y: number } {
  const inset = 10;
  const n = 8;
  const spanX = frame.width - box.width - 2 * inset;
  const spanY = frame.height - box.height - 2 * inset;
  let best = { x: frame.x + inset + spanX, y: frame.y + inset };
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0; j <= n; j++) {
    for (let i = n; i >= 0; i--) {
      const x = frame.x + inset + (spanX * i) / n;
      const y = frame.y + inset + (spanY * j) / n;
      let cost = 0.4 * (Math.min(i, n - i) + Math.min(j, n - j));
      // no further than the best so far
      for (let k = 0; k < hits.length && cost < least; k++) {
        const [hx, hy, weight] = hits[k]!;
        const hidden = hx > x - 4 && hx < x + box.width + 4 && hy > y - 4 && hy < y + box.height + 4;
        if (hidden) cost += weight;
      }
      if (cost < least) {
        least = cost;
        best = { x, y };
      }
    }
  }
  return best;
}

export function drawLegend(
  plan: LegendPlan,
  entries: readonly LegendEntry[],
  frame: Rect,
  hits: readonly Hit[],
): string {
  if (plan.where === "none") return "";
  const { box } = plan;
  const { x, y } = plan.where === "inside" ? place(box, frame, hits) : { x: frame.x + frame.width + 10, y: frame.y };
  const rows = Math.ceil(entries.length / box.columns);
  let out = "";
  if (plan.where === "inside") {
    const paint = { fill: "#ffffff", "fill-opacity": 0.85, stroke: "#c8c8c8", "stroke-width": 0.8, rx: 3 };
    out += element("rect", { x, y, width: box.width, height: box.height, ...paint });
  }
  entries.forEach((entry, i) => {
    const left = x + PAD + Math.floor(i / rows) * (SAMPLE + 8 + box.labelWidth + COLUMN_GAP);
    const middle = y + PAD - 3 + ((i % rows) + 0.5) * box.row;
    const label = cutText(entry.label, box.size, box.labelWidth);
    out += sample(entry, left, middle);
    out += text(label, left + SAMPLE + 8, middle + box.size * 0.36, { size: box.size });
  });
  return element("g", { class: "legend" }, out);
}

function sample(entry: LegendEntry, x: number, y: number): string {
  let out = "";
  const centre = x + SAMPLE / 2;
  if (entry.band) {
    const paint = { fill: entry.band.color, "fill-opacity": entry.band.opacity };
    out += element("rect", { x, y: y - 6, width: SAMPLE, height: 12, ...paint });
  }
  if (entry.line) {
    const { color, dash, width = 1.6 } = entry.line;
    out += lineElement(x, y, x + SAMPLE, y, { stroke: color, "stroke-width": width, "stroke-dasharray": dash });
  }
  if (entry.marker === undefined) return out;
  const stroke = { stroke: entry.marker.color, "stroke-width": 1.3 };
  if (entry.arrow || entry.bars) out += lineElement(centre - 9, y, centre + 9, y, stroke);
  if (entry.arrow) {
    const tip = y + 0.4 * ARROW_LENGTH;
    const d = `M${num(centre)},${num(tip)}L${num(centre - 3)},${num(tip - 5)}L${num(centre + 3)},${num(tip - 5)}Z`;
    return `${out}${lineElement(centre, y, centre, tip - 3, stroke)}${element("path", { d, fill: entry.marker.color })}`;
  }
  if (entry.bars) out += lineElement(centre, y - 7, centre, y + 7, stroke);
  return out + markerElement(centre, y, entry.marker);
}
