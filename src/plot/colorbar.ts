import { TICK_SIZE } from "./axes.js";
import { type ColorTable, type Stretch, stretched } from "./colormap.js";
import { encodePng, pngDataUri } from "./png.js";
import { makeTicks, type Ticks } from "./scale.js";
import { element, lineElement, type Rect } from "./svg.js";
import { fitText, text, textWidth } from "./text.js";

const BAR = 12;
const GAP = 8;
const NUMBER_SIZE = 11;
/** Width kept free right of an image for its colour bar, numbers and label. */
export const COLOR_BAR_ROOM = GAP + BAR + 54;

/** The bar right of a frame. It shows colours evenly; the numbers stand where the stretch puts them. */
export function colorBar(
  frame: Rect,
  range: readonly [number, number],
  stretch: Stretch,
  table: ColorTable,
  label: string,
): string {
  const bar: Rect = { x: frame.x + frame.width + GAP, y: frame.y, width: BAR, height: frame.height };
  const indices = new Uint8Array(4 * 256);
  for (let j = 0; j < 256; j++) indices.fill(255 - j, 4 * j, 4 * j + 4);
  const href = pngDataUri(encodePng(4, 256, indices, table));
  const at = (value: number) => bar.y + bar.height * (1 - stretched(value, range, stretch));
  const { major, exponent } = barTicks(range, stretch, at);
  const right = bar.x + BAR;
  let lines = element("rect", { ...bar });
  let numbers = "";
  let widest = 0;
  for (const t of major) {
    const y = at(t.value);
    lines += lineElement(right, y, right - 4, y, {});
    numbers += text(t.label, right + 4, y + NUMBER_SIZE * 0.36, { size: NUMBER_SIZE });
    widest = Math.max(widest, textWidth(t.label, NUMBER_SIZE));
  }
  if (exponent !== 0) {
    numbers += text(`×10^{${String(exponent).replace("-", "−")}}`, bar.x - 2, bar.y - 6, { size: NUMBER_SIZE });
  }
  if (label !== "") {
    const { markup, size } = fitText(label, TICK_SIZE, frame.height + 20);
    const x = right + 4 + widest + 5 + TICK_SIZE;
    numbers += text(markup, x, bar.y + bar.height / 2, { size, anchor: "middle", rotate: -90 });
  }
  return (
    element("image", { ...bar, preserveAspectRatio: "none", href }) +
    element("g", { class: "axes", stroke: "#000000", "stroke-width": 1, fill: "none" }, lines) +
    numbers
  );
}

/** Least distance of numbers, px. */
const APART = 1.7 * NUMBER_SIZE;

/** As on an axis where the bar is linear; else 1, 2 and 5 times powers of ten besides, from the top as far as there is room. */
function barTicks(range: readonly [number, number], stretch: Stretch, at: (value: number) => number): Ticks {
  const keep = (values: readonly number[]) => {
    const kept: number[] = [];
    for (const v of values) if (kept.every((k) => Math.abs(at(k) - at(v)) >= APART)) kept.push(v);
    return kept;
  };
  const linear = makeTicks("linear", range, (major) => keep(major.map((t) => t.value)).length === major.length);
  const [lo, hi] = range;
  if (stretch === "linear" || lo < 0) return linear;
  const top = Math.floor(Math.log10(hi));
  const times = (mantissas: readonly number[], decades: number) =>
    Array.from({ length: decades }, (_, k) => mantissas.map((m) => m * Number(`1e${top - k}`))).flat();
  const round = [...times([5, 2, 1], 4), ...times([8, 6, 4, 3], 1)].filter((v) => v > lo && v <= hi);
  const values = keep([...(lo === 0 ? [0] : []), ...round]);
  const { exponent } = linear;
  return { major: values.map((value) => ({ value, label: plainNumber(value / 10 ** exponent) })), minor: [], exponent };
}

const plainNumber = (x: number) => String(Number(x.toPrecision(2)));
