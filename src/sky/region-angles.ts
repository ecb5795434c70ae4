/** Angles and shapes as the text formats of regions share them. */
import { FormatError, UnsupportedError } from "../errors.js";
import type { Frame, Region, SkyPosition } from "./types.js";

/** What a line of a text of regions says. */
export interface ShapeText {
  /** In lower case. */
  readonly name: string;
  /** Its numbers, in the order of the format. */
  readonly words: readonly string[];
  readonly frame: Frame;
  /** For messages. */
  readonly line: string;
}

/** What the numbers of each shape mean. */
export type Shapes = Readonly<Record<string, string>>;

/** The error for numbers that do not belong to the shape, or for a shape that is not one of `known`. */
export function notThatShape({ name, line }: Pick<ShapeText, "name" | "line">, known: Shapes): Error {
  if (Object.hasOwn(known, name)) return new FormatError(`Region text: "${line}" is not ${name}(${known[name]})`);
  return new UnsupportedError(
    `Region text: shape "${name}" is not handled; expected one of ${Object.keys(known).join(", ")}`,
  );
}

/** Frames by what texts of regions call them, in lower case. */
export const FRAME_NAMES: Readonly<Record<string, Frame>> = {
  icrs: "icrs",
  galactic: "galactic",
  fk5: "fk5",
  j2000: "fk5",
  fk4: "fk4",
  b1950: "fk4",
};

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  d: 1,
  deg: 1,
  "°": 1,
  "'": 1 / 60,
  arcmin: 1 / 60,
  '"': 1 / 3600,
  arcsec: 1 / 3600,
  r: 180 / Math.PI,
  rad: 180 / Math.PI,
};

/** An angle in deg: decimal, with a unit (d, deg, ', arcmin, ", arcsec, r, rad), or sexagesimal (10:20:30, 10h20m30s, 10d20m30s); NaN where it is none. */
export function angleOf(word: string): number {
  const parts = /^([+-]?)(\d+)[:hd](\d+)[:m]([\d.]+)s?$/.exec(word);
  if (parts !== null) {
    const size = Number(parts[2]) + Number(parts[3]) / 60 + Number(parts[4]) / 3600;
    return parts[1] === "-" ? -size : size;
  }
  const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)(\D*)$/.exec(word);
  const unit = match?.[2] ?? "";
  return match !== null && Object.hasOwn(UNITS, unit) ? Number(match[1]) * UNITS[unit]! : Number.NaN;
}

/** The position that two words give: hours where the first is sexagesimal, but not in galactic coordinates. */
export function positionOfWords(words: readonly string[], k: number, frame: Frame): SkyPosition {
  const hours = frame !== "galactic" && /[:h]/.test(words[k] ?? "") ? 15 : 1;
  return { lon: hours * angleOf(words[k] ?? ""), lat: angleOf(words[k + 1] ?? ""), frame };
}

/** Whether all numbers of a region are finite, its latitudes exist and its sizes are above 0. */
export function isSound(region: Region): boolean {
  const places = region.shape === "polygon" ? region.vertices : region.shape === "difference" ? [] : [region.center];
  if (!places.every(({ lon, lat }) => Number.isFinite(lon) && Math.abs(lat) <= 90)) return false;
  const isSize = (x: number) => x > 0 && Number.isFinite(x);
  switch (region.shape) {
    case "circle":
      return isSize(region.radius);
    case "annulus":
      return region.inner >= 0 && region.outer > region.inner && isSize(region.outer);
    case "ellipse":
    case "rectangle":
      return isSize(region.width) && isSize(region.height) && Number.isFinite(region.angle);
    case "ellipse-annulus":
    case "rectangle-annulus":
      return (
        region.outer.every((x, i) => isSize(x) && region.inner[i]! >= 0 && x > region.inner[i]!) &&
        Number.isFinite(region.angle)
      );
    default:
      return true;
  }
}

/** Regions with parts taken out of them: each region before it loses an excluded one. */
export function withoutExcluded(given: readonly { readonly region: Region; readonly isExcluded: boolean }[]): Region[] {
  const excluded = given.filter((g) => g.isExcluded).map((g) => g.region);
  const regions = given.filter((g) => !g.isExcluded).map((g) => g.region);
  if (excluded.length === 0) return regions;
  if (regions.length === 0) {
    throw new UnsupportedError(
      'Region text: it has excluded regions ("-") alone, expected one that they are taken out of; write them without "-" and give them as what is to be excluded',
    );
  }
  return regions.map((region) =>
    region.shape === "point" ? region : { shape: "difference", region, without: excluded },
  );
}
