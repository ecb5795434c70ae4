/** The legend: its size, and the place where it hides nothing. */
import type { Hit, LineLook } from "./marks.js";
import { ARROW_LENGTH } from "./marks.js";
import { markerElement, type Style } from "./style.js";
import { element, lineElement, num, type Rect } from "./svg.js";
import { cutText, fitText, text, textWidth } from "./text.js";

/** Where a legend stands: in the frame where nothing is hidden, else below the picture ("auto"); in the frame in any case; below; nowhere. */
export type LegendPlace = "auto" | "inside" | "below" | "none";

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
const INSET = 9;

interface LegendBox {
  width: number;
  height: number;
  /** Entries of a column. */
  rows: number;
  /** Width of the labels of each column. */
  labelWidths: number[];
  size: number;
}

function boxOf(entries: readonly LegendEntry[], columns: number, size = SIZE): LegendBox {
  const rows = Math.ceil(entries.length / columns);
  const labelWidths = Array.from({ length: Math.ceil(entries.length / rows) }, (_, c) =>
    Math.max(...entries.slice(c * rows, (c + 1) * rows).map((e) => textWidth(e.label, size))),
  );
  const labels = labelWidths.reduce((sum, w) => sum + w + SAMPLE + 8, 0);
  return {
    width: 2 * PAD + labels + (labelWidths.length - 1) * COLUMN_GAP,
    height: 2 * (PAD - 3) + rows * ROW,
    rows,
    labelWidths,
    size,
  };
}

/** One column, for inside a frame. */
export const legendInside = (entries: readonly LegendEntry[]): LegendBox => boxOf(entries, 1);

/** As many columns as the width holds; a label wider than all of it is made smaller, then cut. */
export function legendBelow(entries: readonly LegendEntry[], width: number): LegendBox {
  for (let columns = entries.length; columns >= 1; columns--) {
    const box = boxOf(entries, columns);
    if (box.width <= width) return box;
  }
  const room = width - 2 * PAD - SAMPLE - 8;
  const size = Math.min(...entries.map((e) => fitText(e.label, SIZE, room).size));
  const box = boxOf(entries, 1, size);
  return { ...box, width, labelWidths: [Math.min(room, box.labelWidths[0]!)] };
}

/**
 * The place in the frame where the legend hides nothing, the nearest to a corner; undefined where there is none. `anyway`: then the place where it hides
 * least.
 */
export function freePlace(
  box: LegendBox,
  frame: Rect,
  hits: readonly Hit[],
  anyway = false,
): { x: number; y: number } | undefined {
  const n = 16;
  const spanX = frame.width - box.width - 2 * INSET;
  const spanY = frame.height - box.height - 2 * INSET;
  if (!anyway && (spanX < 0 || spanY < 0 || box.width * box.height > 0.4 * frame.width * frame.height))
    return undefined;
  let best: { x: number; y: number } | undefined;
  let least = anyway ? Number.POSITIVE_INFINITY : 1;
  for (let j = 0; j <= n; j++) {
    for (let i = n; i >= 0; i--) {
      const x = frame.x + INSET + (spanX * i) / n;
      const y = frame.y + INSET + (spanY * j) / n;
      // less than 1 where nothing is hidden
      let cost = (Math.min(i, n - i) + Math.min(j, n - j)) / (n + 1);
      for (let k = 0; k < hits.length && cost < least; k++) {
        const [hx, hy, weight] = hits[k]!;
        const hidden = hx > x - 4 && hx < x + box.width + 4 && hy > y - 4 && hy < y + box.height + 4;
        if (hidden) cost += anyway ? 20 * weight : 1;
      }
      if (cost < least) {
        least = cost;
        best = { x, y };
      }
    }
  }
  return best;
}

/** `boxed`: on a plate, for inside a frame. */
export function drawLegend(
  box: LegendBox,
  entries: readonly LegendEntry[],
  { x, y }: { x: number; y: number },
  boxed: boolean,
): string {
  const { rows, labelWidths, size } = box;
  let out = "";
  if (boxed) {
    const paint = { fill: "#ffffff", "fill-opacity": 0.85, stroke: "#c8c8c8", "stroke-width": 0.8, rx: 3 };
    out += element("rect", { x, y, width: box.width, height: box.height, ...paint });
  }
  entries.forEach((entry, i) => {
    const column = Math.floor(i / rows);
    const before = labelWidths.slice(0, column).reduce((sum, w) => sum + w + SAMPLE + 8 + COLUMN_GAP, 0);
    const left = x + PAD + before;
    const middle = y + PAD - 3 + ((i % rows) + 0.5) * ROW;
    out += sample(entry, left, middle);
    const label = cutText(entry.label, size, labelWidths[column]!);
    out += text(label, left + SAMPLE + 8, middle + size * 0.36, { size });
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
