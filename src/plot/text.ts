/**
 * Text in pictures: widths of DejaVu Sans, and the small markup of labels: `cm^{-2}` is a superscript, `E_{0}` a subscript.
 * Superscripts are tspans moved by `dy`: `baseline-shift` is not known to every renderer.
 */
import { attrs, escapeXml } from "./svg.js";

/** Advance widths of DejaVu Sans 2.37 (table `hmtx`), unit 1/2048 em. The tests compare them with the font. */
const WIDTHS: readonly (readonly [first: number, widths: string])[] = [
  [
    0x20,
    "651 821 942 1716 1303 1946 1597 563 799 799 1024 1716 651 739 651 690 1303 1303 1303 1303 1303 1303 1303 1303 1303 1303 690 690 1716 1716 1716 1087 2048 1401 1405 1430 1577 1294 1178 1587 1540 604 604 1343 1141 1767 1532 1612 1235 1612 1423 1300 1251 1499 1401 2025 1403 1251 1403 799 690 799 1716 1024 1024 1255 1300 1126 1300 1260 721 1300 1298 569 569 1186 569 1995 1298 1253 1300 1300 842 1067 803 1298 1212 1675 1212 1212 1075 1303 690 1303 1716",
  ],
  [
    0xa0,
    "651 821 1303 1303 1303 1303 690 1024 1024 2048 965 1253 1716 739 2048 1024 1024 1716 821 821 1024 1303 1303 651 1024 821 965 1253 1985 1985 1985 1087 1401 1401 1401 1401 1401 1401 1995 1430 1294 1294 1294 1294 604 604 604 604 1587 1532 1612 1612 1612 1612 1612 1716 1612 1499 1499 1499 1499 1251 1239 1290 1255 1255 1255 1255 1255 1255 2011 1126 1260 1260 1260 1260 569 569 569 569 1253 1298 1253 1253 1253 1253 1253 1716 1253 1298 1298 1298 1298 1212 1300 1212",
  ],
  [
    0x391,
    "1401 1405 1141 1401 1294 1403 1540 1612 604 1343 1401 1767 1532 1294 1612 1540 1235 1229 1294 1251 1251 1612 1403 1612 1565 604 1251 1350 1107 1298 693 1185 1350 1307 1212 1253 1107 1114 1298 1253 693 1207 1212 1303 1144 1142 1253 1233 1300 1202 1298 1233 1185 1351 1183 1351 1715",
  ],
];
const SINGLE_WIDTHS: Record<string, number> = {
  "−": 1716,
  "–": 1024,
  "—": 2048,
  "…": 2048,
  "≤": 1716,
  "≥": 1716,
  "≈": 1716,
  "√": 1305,
  "∞": 1706,
  "⊙": 1716,
  "′": 465,
  "″": 765,
  "→": 1716,
};
/** Width of a character that is in no table: about that of a digit; of scripts of East Asia, and of pictograms, a square. */
const OTHER_WIDTH = 1303;
const SQUARE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const widthOf = (c: string) => table.get(c.codePointAt(0)!) ?? (SQUARE.test(c) ? 2048 : OTHER_WIDTH);

const table: ReadonlyMap<number, number> = new Map([
  ...Object.entries(SINGLE_WIDTHS).map(([c, w]) => [c.codePointAt(0)!, w] as const),
  ...WIDTHS.flatMap(([first, widths]) => widths.split(" ").map((w, i) => [first + i, Number(w)] as const)),
]);

/** Whether the character is in the tables, all of which DejaVu Sans has. */
export const isMeasured = (c: string): boolean => table.has(c.codePointAt(0)!);

const SCRIPT_SIZE = 0.7;
/** Shift of the baseline, in em of the full size; SVG's y points down. */
const SUPERSCRIPT_SHIFT = -0.38;
const SUBSCRIPT_SHIFT = 0.2;

interface Run {
  text: string;
  script: "" | "^" | "_";
}

function parseMarkup(markup: string): Run[] {
  const runs: Run[] = [];
  for (const m of markup.matchAll(/([\^_])\{([^{}]*)\}|([^^_]+|[\^_])/g)) {
    const script = (m[1] ?? "") as Run["script"];
    const text = (m[2] ?? m[3] ?? "").replace(/\s+/g, " ");
    const last = runs.at(-1);
    if (last !== undefined && last.script === script) last.text += text;
    else runs.push({ text, script });
  }
  return runs;
}

/** Width in px of a label of font size `size` px. */
export function textWidth(markup: string, size: number): number {
  let width = 0;
  for (const run of parseMarkup(markup)) {
    let units = 0;
    for (const c of run.text) units += widthOf(c);
    width += (units / 2048) * size * (run.script === "" ? 1 : SCRIPT_SIZE);
  }
  return width;
}

/** The label, cut with "…" where it is wider than `maxWidth`. */
export function cutText(markup: string, size: number, maxWidth: number): string {
  // a tolerance, since fitText picks the size at which the width is just met
  const fits = (label: string) => textWidth(label, size) <= maxWidth + 1e-6;
  if (fits(markup)) return markup;
  let cut = markup;
  while (cut.length > 1 && !fits(`${cut}…`)) cut = cut.slice(0, -1).replace(/[\^_]\{[^}]*$/, "");
  return `${cut.trimEnd()}…`;
}

/** The size, at most `size` and at least a share `least` of it, at which the label fits, and the label, cut where it still does not. */
export function fitText(markup: string, size: number, maxWidth: number, least = 0.6): { markup: string; size: number } {
  const width = textWidth(markup, size);
  const smaller = width <= maxWidth ? size : Math.max(least * size, (size * maxWidth) / width);
  return { markup: cutText(markup, smaller, maxWidth), size: smaller };
}

interface TextStyle {
  size: number;
  anchor?: "start" | "middle" | "end";
  color?: string;
  /** Degrees, clockwise. */
  rotate?: number;
  /** Colour of an outline behind the letters, for text on images. */
  halo?: string;
}

/** A text element whose baseline passes through (x, y). */
export function text(markup: string, x: number, y: number, style: TextStyle): string {
  const { size, anchor = "start", color = "#000000", rotate, halo } = style;
  let body = "";
  let shifted = 0;
  for (const run of parseMarkup(markup)) {
    const shift = (run.script === "^" ? SUPERSCRIPT_SHIFT : run.script === "_" ? SUBSCRIPT_SHIFT : 0) * size;
    if (shift === shifted) body += escapeXml(run.text);
    else {
      const script = run.script === "" ? undefined : SCRIPT_SIZE * size;
      body += `<tspan${attrs({ dy: shift - shifted, "font-size": script })}>${escapeXml(run.text)}</tspan>`;
    }
    shifted = shift;
  }
  const common = {
    x,
    y,
    "font-size": size,
    "text-anchor": anchor === "start" ? undefined : anchor,
    transform: rotate === undefined ? undefined : `rotate(${rotate} ${Number(x.toFixed(2))} ${Number(y.toFixed(2))})`,
  };
  const front = `<text${attrs({ ...common, fill: color })}>${body}</text>`;
  if (halo === undefined) return front;
  const back = { ...common, fill: halo, stroke: halo, "stroke-width": 3, "stroke-linejoin": "round" };
  return `<text${attrs(back)}>${body}</text>${front}`;
}
