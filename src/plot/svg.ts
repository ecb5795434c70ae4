/** Strings of SVG: numbers, attributes, elements, the document. */

export interface Rect {
  /** Left and top, px. */
  x: number;
  y: number;
  width: number;
  height: number;
}

const FONT_FAMILY = "DejaVu Sans, Verdana, sans-serif";

/** Two decimals of a px: finer than any screen or printer shows, and the same string in every engine. */
export function num(value: number): string {
  const hundredths = Math.round(value * 100);
  if (!(Math.abs(hundredths) < 1e9)) return String(hundredths / 100);
  // whole numbers are written faster than fractions
  const size = Math.abs(hundredths);
  const whole = Math.floor(size / 100);
  const rest = size - 100 * whole;
  const sign = hundredths < 0 ? "-" : "";
  if (rest === 0) return `${sign}${whole}`;
  return rest % 10 === 0 ? `${sign}${whole}.${rest / 10}` : `${sign}${whole}.${rest < 10 ? "0" : ""}${rest}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what XML 1.0 forbids
const SPECIAL = /[&<>"\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Escapes text and drops what XML 1.0 forbids. */
export function escapeXml(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what XML 1.0 forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;")
  );
}

export type Attributes = Record<string, string | number | undefined>;

export function attrs(attributes: Attributes): string {
  let out = "";
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) out += ` ${name}="${typeof value === "number" ? num(value) : escapeXml(value)}"`;
  }
  return out;
}

export function element(name: string, attributes: Attributes, children?: string): string {
  return children === undefined
    ? `<${name}${attrs(attributes)}/>`
    : `<${name}${attrs(attributes)}>${children}</${name}>`;
}

export type Point = readonly [x: number, y: number];

export function path(points: readonly Point[], closed = false): string {
  let d = "";
  points.forEach(([x, y], i) => {
    d += `${i === 0 ? "M" : "L"}${num(x)},${num(y)}`;
  });
  return closed ? `${d}Z` : d;
}

export function lineElement(x1: number, y1: number, x2: number, y2: number, attributes: Attributes): string {
  return element("line", { x1, y1, x2, y2, ...attributes });
}

/** `content` seen only inside `rect`. The id is replaced by `svgDocument`, which makes it the picture's own. */
export function clipped(rect: Rect, content: string): string {
  if (content === "") return "";
  const id = `clip-@-${[rect.x, rect.y, rect.width, rect.height].map((v) => Math.round(v)).join("-")}`;
  return `<clipPath id="${id}">${element("rect", { ...rect })}</clipPath><g clip-path="url(#${id})">${content}</g>`;
}

/** Paper on which a picture is laid out in units of its own, and its size as it is printed. */
export interface Paper {
  /** Units of the layout. */
  width: number;
  height: number;
  /** px for each unit. */
  scale: number;
  unit: "px" | "mm";
  /** Family of the font that comes first. */
  font?: string;
  /** Light lines and letters on dark paper. */
  dark?: boolean;
}

const MM = 25.4 / 96;

/** The document: white paper, or dark one. Ids carry a hash of the content, since pictures may share a page. */
export function svgDocument(paper: Paper, title: string, body: string): string {
  const { width, height, scale, unit, font, dark = false } = paper;
  let hash = 0x811c9dc5;
  for (let i = 0; i < body.length; i++) hash = Math.imul(hash ^ body.charCodeAt(i), 0x01000193) >>> 0;
  const printed = (length: number) => (unit === "mm" ? `${num(length * scale * MM)}mm` : num(length * scale));
  const root = attrs({
    xmlns: "http://www.w3.org/2000/svg",
    width: printed(width),
    height: printed(height),
    viewBox: `0 0 ${num(width)} ${num(height)}`,
    "font-family": font === undefined ? FONT_FAMILY : `${font}, ${FONT_FAMILY}`,
    role: "img",
  });
  const white = element("rect", { x: 0, y: 0, width, height, fill: "#ffffff" });
  const named = body.replace(/(id="|url\(#)clip-@-/g, `$1clip-${hash.toString(36)}-`);
  const drawn = `${white}${named}`;
  return `<svg${root}><title>${escapeXml(title)}</title>${dark ? onDark(drawn) : drawn}</svg>\n`;
}

/** Paper and letters of dark pictures, red, green and blue. */
const DARK_PAPER = [0x16, 0x19, 0x1c] as const;
const LIGHT_INK = [0xe8, 0xea, 0xed] as const;

/** White, black and greys between dark paper and light ink; colours stay. Those that lie on a map are written with three digits and stay too. */
const onDark = (svg: string): string =>
  svg.replace(/="#([0-9a-f]{2})\1\1"/g, (_, grey: string) => {
    const share = 1 - Number.parseInt(grey, 16) / 255;
    const mixed = DARK_PAPER.map((paper, i) => Math.round(paper + share * (LIGHT_INK[i]! - paper)));
    return `="#${mixed.map((v) => v.toString(16).padStart(2, "0")).join("")}"`;
  });
