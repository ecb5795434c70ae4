import { panelAt, TICK_SIZE } from "./axes.js";
import { type ColorTable, type Stretch, stretched } from "./colormap.js";
import { encodePng, pngDataUri } from "./png.js";
import { element, lineElement, type Rect } from "./svg.js";
import { fitText, text, textWidth } from "./text.js";

const BAR = 12;
const GAP = 8;
const NUMBER_SIZE = 11;
/** Width kept free right of an image for its colour bar, numbers and label. */
export const COLOR_BAR_ROOM = GAP + BAR + 54;

/** The bar right of a frame. It shows values evenly; the colours follow the stretch. */
export function colorBar(
  frame: Rect,
  range: readonly [number, number],
  stretch: Stretch,
  table: ColorTable,
  label: string,
): string {
  const bar: Rect = { x: frame.x + frame.width + GAP, y: frame.y, width: BAR, height: frame.height };
  const indices = new Uint8Array(4 * 256);
  for (let j = 0; j < 256; j++)
    indices.fill(Math.round(255 * stretched(1 - j / 255, [0, 1], stretch)), 4 * j, 4 * j + 4);
  const href = pngDataUri(encodePng(4, 256, indices, table));
  const { y } = panelAt(
    bar,
    { kind: "linear", domain: [0, 1], label: "", names: [] },
    { kind: "linear", domain: range, label: "" },
  );
  const right = bar.x + BAR;
  let lines = element("rect", { ...bar });
  let numbers = "";
  let widest = 0;
  for (const t of y.ticks.major) {
    const at = y.at(t.value);
    lines += lineElement(right, at, right - 4, at, {});
    numbers += text(t.label, right + 4, at + NUMBER_SIZE * 0.36, { size: NUMBER_SIZE });
    widest = Math.max(widest, textWidth(t.label, NUMBER_SIZE));
  }
  const { exponent } = y.ticks;
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
