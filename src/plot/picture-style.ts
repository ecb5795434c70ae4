/** How a picture is to look: what a style file says, as plain data. */
import { SpecError, unknownName } from "../errors.js";
import type { Stretch } from "./colormap.js";
import type { LegendPlace } from "./legend.js";
import type { ScaleKind } from "./scale.js";
import { ENERGY_UNITS, type EnergyUnit, MARKERS, type Marker } from "./style.js";

/**
 * Looks of a picture; all keys may be absent. What stands here goes before the options of the same name of the picture itself.
 * In a style file (YAML) the keys are written with underscores: font_size, x_range.
 */
export interface PictureStyle {
  /** Paper: "88mm" (the width; the height follows), "88x60mm", or in px: "640x480px". */
  readonly size?: string;
  /** Of the numbers at the axes, "8pt" or "11px"; labels, lines and markers are in proportion. */
  readonly fontSize?: string;
  /** Family of the font: "Helvetica". */
  readonly font?: string;
  /** File of that font (.ttf, .otf), which PNG and PDF are drawn with. */
  readonly fontFile?: string;
  /** Of the series in turn: "#0072b2". */
  readonly colors?: readonly string[];
  /** Of the series in turn. */
  readonly markers?: readonly Marker[];
  readonly legend?: LegendPlace;
  /** Other names in the legend: { HAWC19: "HAWC (2019)" }. */
  readonly names?: Readonly<Record<string, string>>;
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
  /** Of counts, light curves and plots of series: "log" or "linear". */
  readonly yScale?: ScaleKind;
  readonly energyUnit?: EnergyUnit;
  /** p of E^p dN/dE. */
  readonly energyPower?: number;
  readonly sedUnit?: EnergyUnit;
  /** Error band of spectra. */
  readonly band?: BandKind;
  /** A frame below a spectrum with points and models divided by the first model. */
  readonly ratio?: boolean;
  /** Of maps of counts. */
  readonly stretch?: Stretch;
  /** Sigma of a Gaussian that smooths maps, deg; 0: none. */
  readonly smoothing?: number;
  /** Lines of equal coordinates on maps. */
  readonly grid?: boolean;
  /** Light lines and letters on dark paper, for slides and dark pages. */
  readonly dark?: boolean;
}

/** How the error band of a spectrum comes from the covariance: of ln(dN/dE) to first order, by draws, or of dN/dE to first order. */
export type BandKind = "log" | "sampled" | "linear" | "none";

interface Key {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
  /** The same as a JSON Schema, as far as one tells it. */
  readonly schema: Readonly<Record<string, unknown>>;
}

const isText = (v: unknown) => typeof v === "string" && v !== "";
const isList = (v: unknown, holds: (item: unknown) => boolean) => Array.isArray(v) && v.length > 0 && v.every(holds);
const oneOf = (...values: readonly unknown[]): Key => ({
  expected: `one of ${values.join(", ")}`,
  holds: (v) => values.includes(v),
  schema: { enum: values },
});
const string = { type: "string" };
const someText = { type: "string", minLength: 1 };
const text: Key = { expected: "a text", holds: isText, schema: someText };
const flag: Key = {
  expected: "true or false",
  holds: (v) => typeof v === "boolean",
  schema: { type: "boolean" },
};
const range: Key = {
  expected: "two increasing numbers in a list, like [0.1, 100]",
  holds: (v) => isList(v, Number.isFinite) && (v as number[]).length === 2 && (v as number[])[0]! < (v as number[])[1]!,
  schema: { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
};
const unit = oneOf(...ENERGY_UNITS);

const LENGTH = /^\s*(\d+(?:\.\d+)?)\s*(px|pt|mm)\s*$/;
const SIZE = /^\s*(\d+(?:\.\d+)?)(?:\s*x\s*(\d+(?:\.\d+)?))?\s*(mm|px)\s*$/;

const KEYS: { readonly [K in keyof PictureStyle]-?: Key } = {
  size: {
    expected: 'a width or width x height in mm or px, like "88mm", "88x60mm" or "640x480px"',
    holds: (v) => typeof v === "string" && parseSize(v) !== undefined,
    schema: { ...string, pattern: SIZE.source },
  },
  fontSize: {
    expected: 'a size in pt, px or mm, like "8pt"',
    holds: (v) => typeof v === "string" && parseLength(v) !== undefined,
    schema: { ...string, pattern: LENGTH.source },
  },
  font: {
    expected: "the family of a font, like Helvetica",
    holds: (v) => isText(v) && !/["<>;]/.test(v as string),
    schema: { ...string, pattern: '^[^"<>;]+$' },
  },
  fontFile: text,
  colors: {
    expected: 'a list of colours like "#0072b2"',
    holds: (v) => isList(v, (c) => typeof c === "string" && /^#[\da-f]{6}$/i.test(c)),
    schema: { type: "array", items: { ...string, pattern: "^#[0-9a-fA-F]{6}$" }, minItems: 1 },
  },
  markers: {
    expected: `a list of markers (${MARKERS.join(", ")})`,
    holds: (v) => isList(v, (m) => MARKERS.includes(m as Marker)),
    schema: { type: "array", items: { enum: MARKERS }, minItems: 1 },
  },
  legend: oneOf("auto", "inside", "below", "none"),
  names: {
    expected: 'names by name, like {HAWC19: "HAWC (2019)"}',
    holds: (v) => typeof v === "object" && v !== null && !Array.isArray(v) && Object.values(v).every(isText),
    schema: { type: "object", additionalProperties: someText },
  },
  title: { expected: "a text", holds: (v) => typeof v === "string", schema: string },
  xLabel: text,
  yLabel: text,
  xRange: range,
  yRange: range,
  yScale: oneOf("linear", "log"),
  energyUnit: unit,
  energyPower: { expected: "a number", holds: Number.isFinite, schema: { type: "number" } },
  sedUnit: unit,
  band: oneOf("log", "sampled", "linear", "none"),
  ratio: flag,
  stretch: oneOf("linear", "sqrt", "asinh", "log"),
  smoothing: {
    expected: "degrees, 0 or more",
    holds: (v) => Number.isFinite(v) && (v as number) >= 0,
    schema: { type: "number", minimum: 0 },
  },
  grid: flag,
  dark: flag,
};

/** The keys of a style, in the order of the documentation. */
export const styleKeys = Object.keys(KEYS) as readonly (keyof PictureStyle)[];

/** JSON Schema of the value of a key. */
export const styleKeySchema = (key: keyof PictureStyle): Readonly<Record<string, unknown>> => {
  const { schema, expected } = KEYS[key];
  return { ...schema, description: expected };
};

/** What is wrong with the value of a key; empty where nothing is. */
export function faultOf(key: keyof PictureStyle, value: unknown): string {
  const { expected, holds } = KEYS[key];
  return holds(value) ? "" : `found ${JSON.stringify(value)}, expected ${expected}`;
}

/**
 * A value as a style, every key checked.
 * @throws SpecError where a key is unknown, or its value is not what it may be.
 */
export function checkStyle(value: object, where = "style"): PictureStyle {
  for (const [key, given] of Object.entries(value)) {
    if (given === undefined) continue;
    if (!Object.hasOwn(KEYS, key)) throw unknownName(where, "key of a style", key, styleKeys);
    const fault = faultOf(key as keyof PictureStyle, given);
    if (fault !== "") throw new SpecError(`${where}: ${key}: ${fault}`);
  }
  return value as PictureStyle;
}

/** What a picture is drawn from: its own options, and the style over them. */
export function withStyle<S extends { readonly style?: PictureStyle }>(spec: S, where: string): S {
  if (spec.style === undefined) return spec;
  const given = Object.entries(checkStyle(spec.style, `${where}: style`)).filter(([, v]) => v !== undefined);
  return { ...spec, ...Object.fromEntries(given) };
}

const PX: Readonly<Record<string, number>> = { px: 1, pt: 96 / 72, mm: 96 / 25.4 };

/** A length in px of 1/96 inch; undefined where it is none. */
export function parseLength(text: string): number | undefined {
  const [, number, name] = LENGTH.exec(text) ?? [];
  const px = Number(number) * PX[name ?? ""]!;
  return px > 0 ? px : undefined;
}

export interface Size {
  readonly width: number;
  readonly height?: number;
  readonly unit: "mm" | "px";
}

/** "88mm", "88x60mm", "640x480px"; undefined where it is none of these. */
export function parseSize(text: string): Size | undefined {
  const [, width, height, unit] = SIZE.exec(text) ?? [];
  if (!(Number(width) > 0) || Number(height) === 0) return undefined;
  return { width: Number(width), ...(height && { height: Number(height) }), unit: unit as Size["unit"] };
}
