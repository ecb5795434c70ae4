/** Colour tables for images, even in lightness: made by our own control points in Oklch (Ottosson 2020, "A perceptual color space"). */

/** 256 colours of 3 bytes. */
export type ColorTable = Uint8Array;

/** Lightness 0..1, chroma, hue in degrees. */
type Oklch = readonly [lightness: number, chroma: number, hue: number];

const gamma = (v: number) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);

/** Lightness and the two colour axes a, b. */
const toOklab = ([l, c, hue]: Oklch): number[] => [
  l,
  c * Math.cos((hue * Math.PI) / 180),
  c * Math.sin((hue * Math.PI) / 180),
];

function toSrgb(l: number, a: number, b: number): number[] {
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb = [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
  return rgb.map((v) => Math.round(255 * gamma(Math.min(1, Math.max(0, v)))));
}

/** Control points stand at even steps; between them Oklab runs straight. */
function makeTable(controls: readonly Oklch[]): ColorTable {
  const points = controls.map(toOklab);
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (points.length - 1);
    const k = Math.min(points.length - 2, Math.floor(at));
    const t = at - k;
    const [l, a, b] = points[k]!.map((v, j) => v + t * (points[k + 1]![j]! - v));
    table.set(toSrgb(l!, a!, b!), 3 * i);
  }
  return table;
}

/** Dark violet over blue and green to yellow. */
export const SEQUENTIAL: ColorTable = makeTable([
  [0.2, 0.07, 312],
  [0.355, 0.12, 280],
  [0.51, 0.1, 235],
  [0.665, 0.12, 172],
  [0.82, 0.16, 130],
  [0.95, 0.15, 105],
]);

/** Blue below, white at the middle, orange above. */
export const DIVERGING: ColorTable = makeTable([
  [0.35, 0.13, 258],
  [0.57, 0.13, 252],
  [0.79, 0.08, 246],
  [0.985, 0, 150],
  [0.79, 0.1, 62],
  [0.6, 0.14, 52],
  [0.4, 0.11, 45],
]);

/** Colour of pixels without a value. */
export const NO_VALUE: readonly [number, number, number] = [0xd4, 0xd4, 0xd4];

/** How values become colours: evenly, by their root, or by their logarithm far from zero. */
export type Stretch = "linear" | "sqrt" | "asinh" | "log";

const STRETCHES: { readonly [S in Stretch]: (t: number) => number } = {
  linear: (t) => t,
  sqrt: Math.sqrt,
  asinh: (t) => Math.asinh(500 * t) / Math.asinh(500),
  log: (t) => Math.log1p(1000 * t) / Math.log(1001),
};

/** From value to 0..1 within [lo, hi]: t, sqrt(t), asinh(500 t) / asinh(500) or log(1 + 1000 t) / log(1001). */
export function stretched(value: number, [lo, hi]: readonly [number, number], stretch: Stretch): number {
  return STRETCHES[stretch](Math.min(1, Math.max(0, (value - lo) / (hi - lo))));
}
