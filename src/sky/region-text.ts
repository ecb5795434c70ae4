/**
 * Regions as text, in the DS9 region format as astropy-regions reads and writes it: `galactic;circle(l, b, radius)`,
 * one region a line or after a semicolon, angles in deg unless marked with " or ' or in sexagesimal notation.
 */
import { FormatError, UnsupportedError } from "../errors.js";
import type { Frame, Region, SkyPosition } from "./types.js";

const FRAMES: Readonly<Record<string, Frame>> = {
  icrs: "icrs",
  galactic: "galactic",
  fk5: "fk5",
  j2000: "fk5",
  fk4: "fk4",
  b1950: "fk4",
};
const SHAPES: Readonly<Record<string, string>> = {
  point: "lon, lat",
  circle: "lon, lat, radius",
  annulus: "lon, lat, inner radius, outer radius",
  ellipse: "lon, lat, semi-axis, semi-axis, angle",
  box: "lon, lat, width, height, angle",
  polygon: "lon, lat, lon, lat, lon, lat, ...",
};

/** The regions of a DS9 text. */
export function parseRegions(text: string): Region[] {
  const regions: Region[] = [];
  let frame: Frame | undefined;
  for (const raw of text.split(/[\n;]/)) {
    const line = raw.replace(/#.*$/s, "").trim();
    if (line === "" || line.startsWith("global")) continue;
    const match = /^([+-]?)\s*(\w+)\s*\(([^)]*)\)$/.exec(line) ?? /^([+-]?)\s*(\w+)\s+(.+)$/.exec(line);
    if (match === null) {
      frame = FRAMES[line.toLowerCase()];
      if (frame === undefined) {
        throw new UnsupportedError(`Region text: frame "${line}" is not handled; expected icrs, galactic, fk5 or fk4`);
      }
      continue;
    }
    const [, sign, name, list] = match as unknown as [string, string, string, string];
    if (sign === "-") {
      throw new UnsupportedError(`Region text: "${line}" is an excluded region; give it as an exclusion mask instead`);
    }
    if (frame === undefined) {
      throw new FormatError(`Region text: "${line}" has no frame; put "icrs;" or "galactic;" before it`);
    }
    regions.push(makeRegion(name.toLowerCase(), list.trim().split(/[\s,]+/), frame, line));
  }
  return regions;
}

function makeRegion(name: string, words: readonly string[], frame: Frame, line: string): Region {
  const fail = (): never => {
    const expected = Object.hasOwn(SHAPES, name) ? SHAPES[name] : undefined;
    if (expected === undefined) {
      throw new UnsupportedError(
        `Region text: shape "${name}" is not handled; expected ${Object.keys(SHAPES).join(", ")}`,
      );
    }
    throw new FormatError(`Region text: "${line}" is not ${name}(${expected})`);
  };
  const at = (k: number): SkyPosition => {
    const hours = frame !== "galactic" && /[:h]/.test(words[k]!) ? 15 : 1;
    const lon = hours * angle(words[k]!, fail);
    const lat = angle(words[k + 1]!, fail);
    return { lon, lat, frame };
  };
  const count = (n: number): number => (words.length === n ? n : fail());
  const value = (k: number): number => angle(words[k]!, fail);
  switch (name) {
    case "point":
      count(2);
      return { shape: "point", center: at(0) };
    case "circle":
      count(3);
      return { shape: "circle", center: at(0), radius: value(2) };
    case "annulus":
      count(4);
      return { shape: "annulus", center: at(0), inner: value(2), outer: value(3) };
    case "ellipse":
      if (words.length !== 4) count(5);
      return {
        shape: "ellipse",
        center: at(0),
        width: 2 * value(2),
        height: 2 * value(3),
        angle: words.length === 5 ? value(4) : 0,
      };
    case "box":
    case "rectangle":
      if (words.length !== 4) count(5);
      return {
        shape: "rectangle",
        center: at(0),
        width: value(2),
        height: value(3),
        angle: words.length === 5 ? value(4) : 0,
      };
    case "polygon": {
      if (words.length < 6 || words.length % 2 !== 0) fail();
      return { shape: "polygon", vertices: Array.from({ length: words.length / 2 }, (_, k) => at(2 * k)) };
    }
    default:
      return fail();
  }
}

/** An angle: decimal, with a unit mark (d, ', ", r), or sexagesimal (10:20:30, 10h20m30s, 10d20m30s). */
function angle(word: string, fail: () => never): number {
  const parts = /^([+-]?)(\d+)[:hd](\d+)[:m]([\d.]+)s?$/.exec(word);
  if (parts !== null) {
    const size = Number(parts[2]) + Number(parts[3]) / 60 + Number(parts[4]) / 3600;
    return parts[1] === "-" ? -size : size;
  }
  const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([d"'r°]?)$/.exec(word);
  const number = Number(match?.[1] ?? Number.NaN);
  if (match === null || Number.isNaN(number)) return fail();
  const mark = match[2];
  return mark === '"' ? number / 3600 : mark === "'" ? number / 60 : mark === "r" ? (number * 180) / Math.PI : number;
}

/** The regions as one DS9 text of a line, numbers in full. */
export function formatRegions(regions: readonly Region[]): string {
  const texts: string[] = [];
  let frame = "";
  for (const region of regions) {
    const positions = region.shape === "polygon" ? region.vertices : [region.center];
    const own = positions[0]!.frame;
    if (own !== frame) texts.push(own);
    frame = own;
    const numbers = [...positions.flatMap((p) => [p.lon, p.lat]), ...sizes(region)];
    texts.push(`${region.shape === "rectangle" ? "box" : region.shape}(${numbers.join(",")})`);
  }
  return texts.join(";");
}

function sizes(region: Region): number[] {
  switch (region.shape) {
    case "circle":
      return [region.radius];
    case "annulus":
      return [region.inner, region.outer];
    case "ellipse":
      return [region.width / 2, region.height / 2, region.angle];
    case "rectangle":
      return [region.width, region.height, region.angle];
    default:
      return [];
  }
}
