/** Axes, the frames they belong to, and how frames share the paper. */
import { makeScale, makeTicks, type Scale, type ScaleKind, type Ticks } from "./scale.js";
import { clipped, element, lineElement, type Rect } from "./svg.js";
import { cutText, fitText, text, textWidth } from "./text.js";

export const TICK_SIZE = 12;
export const LABEL_SIZE = 14;
const TITLE_SIZE = 15;
const MAJOR_TICK = 6;
const MINOR_TICK = 3;
const TICK_GAP = 6;
/** Height of a line of text over its font size. */
export const LINE_HEIGHT = 1.25;

export interface AxisSpec {
  kind: ScaleKind;
  domain: readonly [number, number];
  /** Label with its unit: "Energy [TeV]". */
  label: string;
  /** No numbers and no label, where a neighbour shows them. */
  quiet?: boolean;
  /** Named values at given places, in place of numbers. */
  names?: { value: number; label: string }[];
}

interface Axis extends Scale {
  label: string;
  /** The label as it is drawn. */
  lines: string[];
  ticks: Ticks;
  quiet: boolean;
}

/** A frame with its two axes. */
export interface Panel {
  frame: Rect;
  x: Axis;
  y: Axis;
}

function makeAxis(
  spec: AxisSpec,
  range: readonly [number, number],
  fits: (scale: Scale, t: Ticks["major"]) => boolean,
): Axis {
  const scale = makeScale(spec.kind, spec.domain, range);
  const ticks =
    spec.names === undefined
      ? makeTicks(spec.kind, spec.domain, (major) => fits(scale, major))
      : { major: spec.names, minor: [], exponent: 0 };
  const label = withExponent(spec.label, ticks.exponent);
  const lines = labelLines(label, Math.abs(range[1] - range[0]));
  return { ...scale, label, lines, ticks, quiet: spec.quiet ?? false };
}

/** The power of ten taken out of the tick labels stands with the unit: "norm [10^{-9} cm^{-2} s^{-1}]". */
function withExponent(label: string, exponent: number): string {
  if (exponent === 0) return label;
  const power = `10^{${String(exponent).replace("-", "−")}}`;
  const unit = label.lastIndexOf("[");
  return unit >= 0 ? `${label.slice(0, unit)}[${power} ${label.slice(unit + 1)}` : `${label} [${power}]`.trim();
}

function xFits(scale: Scale, major: Ticks["major"]): boolean {
  const boxes = major
    .map((t) => ({ at: scale.at(t.value), half: textWidth(t.label, TICK_SIZE) / 2 + 5 }))
    .sort((a, b) => a.at - b.at);
  return boxes.every((b, i) => i === 0 || b.at - b.half >= boxes[i - 1]!.at + boxes[i - 1]!.half);
}

function yFits(scale: Scale, major: Ticks["major"]): boolean {
  const places = major.map((t) => scale.at(t.value)).sort((a, b) => a - b);
  return places.every((p, i) => i === 0 || p - places[i - 1]! >= TICK_SIZE * 1.5);
}

/** Share of its size down to which a line of a label is made smaller, before it is cut: a unit is to be read whole. */
const SMALLEST = 0.4;
/** Share of its size below which a label is rather divided before its unit. */
const SMALLEST_LINE = 0.85;

/** The label along a frame of this length: on two lines, divided before its unit or its denominator, where it would be too small on one. */
export function labelLines(label: string, length: number): string[] {
  if (label === "") return [];
  const unit = label.lastIndexOf(" [");
  const end = unit < 1 ? label.lastIndexOf(" / ") : unit;
  if (end < 1 || textWidth(label, SMALLEST_LINE * LABEL_SIZE) <= length) return [label];
  return [label.slice(0, end), label.slice(end + 1)];
}

/** Room of the numbers and the label beside a frame. */
function leftRoom(y: Axis): number {
  if (y.quiet) return 0;
  const numbers = Math.max(0, ...y.ticks.major.map((t) => textWidth(t.label, TICK_SIZE)));
  const { length } = y.lines;
  return numbers + TICK_GAP + (length === 0 ? 0 : 8 + length * LABEL_SIZE * LINE_HEIGHT);
}

/** Room of the numbers below a frame and a label of so many lines. */
const bottomRoom = (lines: number): number =>
  TICK_GAP + TICK_SIZE * LINE_HEIGHT + (lines === 0 ? 0 : 5 + lines * LABEL_SIZE * LINE_HEIGHT);

/** Share of the width that names in place of numbers may take. */
const LONGEST_NAME = 0.42;

/** px that the last number below a frame may reach beyond `outer`. */
const OVERHANG = 14;

/** Frames one above the other that share the x axis; the numbers of x stand below the last. `outer` holds labels too. */
export function stackPanels(outer: Rect, x: AxisSpec, rows: { y: AxisSpec; weight: number }[], gap = 8): Panel[] {
  // the frame is a little narrower than the paper; how much is known when the numbers beside it are
  const xLines = makeAxis(x, [0, 0.85 * outer.width], xFits).lines;
  const inner = outer.height - bottomRoom(xLines.length) - gap * (rows.length - 1);
  const total = rows.reduce((sum, row) => sum + row.weight, 0);
  let top = outer.y;
  const ys = rows.map((row) => {
    const height = (inner * row.weight) / total;
    const names = row.y.names?.map((t) => ({ ...t, label: cutText(t.label, TICK_SIZE, LONGEST_NAME * outer.width) }));
    const axis = makeAxis({ ...row.y, ...(names && { names }) }, [top + height, top], yFits);
    top += height + gap;
    return axis;
  });
  const left = Math.max(...ys.map(leftRoom));
  const frameX = outer.x + left;
  const axisOf = (width: number) => makeAxis(x, [frameX, frameX + width], xFits);
  const widest = axisOf(outer.width - left);
  const ends = widest.ticks.major.map((t) => widest.at(t.value) + textWidth(t.label, TICK_SIZE) / 2);
  const beyond = Math.max(0, ...ends) - outer.x - outer.width - OVERHANG;
  const width = outer.width - left - Math.max(0, beyond);
  const xAxis = { ...axisOf(width), lines: xLines };
  return ys.map((y, i) => ({
    frame: { x: frameX, y: y.range[1], width, height: y.range[0] - y.range[1] },
    x: { ...xAxis, quiet: xAxis.quiet || i < ys.length - 1 },
    y,
  }));
}

/** A frame that lies exactly at `frame`. */
export function panelAt(frame: Rect, x: AxisSpec, y: AxisSpec): Panel {
  return {
    frame,
    x: makeAxis(x, [frame.x, frame.x + frame.width], xFits),
    y: makeAxis(y, [frame.y + frame.height, frame.y], yFits),
  };
}

/** Content clipped by the frame, then ticks on all four sides, numbers and labels. `labelX`: where the y label's centre line lies. */
export function drawPanel(panel: Panel, content: string, labelX?: number): string {
  const { frame, x, y } = panel;
  const right = frame.x + frame.width;
  const bottom = frame.y + frame.height;
  let ticks = "";
  const xTick = (value: number, length: number) => {
    const at = x.at(value);
    if (at < frame.x - 0.01 || at > right + 0.01) return;
    ticks += lineElement(at, bottom, at, bottom - length, {}) + lineElement(at, frame.y, at, frame.y + length, {});
  };
  const yTick = (value: number, length: number) => {
    const at = y.at(value);
    if (at < frame.y - 0.01 || at > bottom + 0.01) return;
    ticks += lineElement(frame.x, at, frame.x + length, at, {}) + lineElement(right, at, right - length, at, {});
  };
  for (const t of x.ticks.major) xTick(t.value, MAJOR_TICK);
  for (const v of x.ticks.minor) xTick(v, MINOR_TICK);
  for (const t of y.ticks.major) yTick(t.value, MAJOR_TICK);
  for (const v of y.ticks.minor) yTick(v, MINOR_TICK);
  const box = element("rect", { ...frame, fill: "none" });
  const drawn = element("g", { class: "axes", stroke: "#000000", "stroke-width": 1, fill: "none" }, ticks + box);
  return clipped(frame, content) + drawn + xNumbers(panel) + yNumbers(panel, labelX);
}

function xNumbers({ frame, x }: Panel): string {
  if (x.quiet) return "";
  const bottom = frame.y + frame.height;
  const baseline = bottom + TICK_GAP + TICK_SIZE;
  let out = "";
  for (const t of x.ticks.major) out += text(t.label, x.at(t.value), baseline, { size: TICK_SIZE, anchor: "middle" });
  for (const [i, line] of x.lines.entries()) {
    const { markup, size } = fitText(line, LABEL_SIZE, frame.width + 8, SMALLEST);
    const at = baseline + 5 + (i + 1) * LABEL_SIZE * LINE_HEIGHT;
    out += text(markup, frame.x + frame.width / 2, at, { size, anchor: "middle" });
  }
  return out;
}

function yNumbers({ frame, y }: Panel, labelX?: number): string {
  if (y.quiet) return "";
  let out = "";
  for (const t of y.ticks.major) {
    out += text(t.label, frame.x - TICK_GAP, y.at(t.value) + TICK_SIZE * 0.36, { size: TICK_SIZE, anchor: "end" });
  }
  const at = labelX ?? frame.x - leftRoom(y) + LABEL_SIZE;
  for (const [i, line] of y.lines.entries()) {
    const { markup, size } = fitText(line, LABEL_SIZE, frame.height, SMALLEST);
    const x = at + i * LABEL_SIZE * LINE_HEIGHT;
    out += text(markup, x, frame.y + frame.height / 2, { size, anchor: "middle", rotate: -90 });
  }
  return out;
}

/** Where the y labels of stacked panels line up: beside the widest numbers. */
export function sharedLabelX(panels: readonly Panel[]): number {
  return panels[0]!.frame.x - Math.max(...panels.map((p) => leftRoom(p.y))) + LABEL_SIZE;
}

/** The title above a frame, made smaller where it would be wider than the paper. */
export function drawTitle(title: string, frame: Rect, paperWidth: number): string {
  if (title === "") return "";
  const centre = frame.x + frame.width / 2;
  const fitted = fitText(title, TITLE_SIZE, 2 * Math.min(centre, paperWidth - centre) - 12);
  return text(fitted.markup, centre, frame.y - 9, { size: fitted.size, anchor: "middle" });
}

/** Room between the paper's top and the first frame. */
export const titleRoom = (title: string): number => (title === "" ? 14 : 14 + TITLE_SIZE * LINE_HEIGHT);

/** Height of a picture of `n` rows with a name each. */
export const rowsHeight = (n: number, row: number, title = ""): number =>
  Math.max(200, n * row + titleRoom(title) + bottomRoom(1) + 30);
