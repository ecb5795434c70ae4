/**
 * Regions as text of DS9, as SAOImage documents it (ds9.si.edu/doc/ref/region.html) and astropy-regions reads and writes it:
 * `galactic;circle(l, b, radius)`, one region a line or after a semicolon, angles in deg unless marked.
 */
import { FormatError, UnsupportedError } from "../errors.js";
import {
  angleOf,
  FRAME_NAMES,
  isSound,
  notThatShape,
  positionOfWords,
  type Shapes,
  type ShapeText,
  withoutExcluded,
} from "./region-angles.js";
import type { Frame, Region } from "./types.js";

const SHAPES: Shapes = {
  point: "lon, lat",
  circle: "lon, lat, radius",
  annulus: "lon, lat, inner radius, outer radius, ...",
  ellipse: "lon, lat, semi-axis, semi-axis, ..., angle",
  box: "lon, lat, width, height, ..., angle",
  polygon: "lon, lat, lon, lat, lon, lat, ...",
};

/** The regions of a DS9 text; `-` takes a shape out of all others. */
export function parseDs9(text: string): Region[] {
  const given: { region: Region; isExcluded: boolean }[] = [];
  let frame: Frame | undefined;
  for (const raw of text.split(/[\n;]/)) {
    const line = raw
      .replace(/#.*$/s, "")
      .replace(/\|\|\s*$/, "")
      .trim();
    if (line === "" || line.startsWith("global")) continue;
    const match = /^([+-]?)\s*(\w+)\s*\(([^)]*)\)$/.exec(line) ?? /^([+-]?)\s*(\w+)\s+(.+)$/.exec(line);
    if (match === null) {
      frame = frameOf(line);
      continue;
    }
    const [, sign, name, list] = match as unknown as [string, string, string, string];
    if (frame === undefined) {
      throw new FormatError(`Region text: "${line}" has no frame; put "icrs;" or "galactic;" before it`);
    }
    const shape = { name: name.toLowerCase(), words: list.trim().split(/[\s,]+/), frame, line };
    for (const region of regionsOf(shape)) given.push({ region, isExcluded: sign === "-" });
  }
  return withoutExcluded(given);
}

function frameOf(line: string): Frame {
  const frame = FRAME_NAMES[line.toLowerCase()];
  if (frame !== undefined) return frame;
  const remedy = /^(image|physical|amplifier|detector|linear)$/i.test(line)
    ? ": its numbers are pixels of an image; save the regions in DS9 with the coordinates fk5"
    : "";
  throw new UnsupportedError(
    `Region text: frame "${line}" is not handled; expected icrs, galactic, fk5 or fk4${remedy}`,
  );
}

/** The regions of a shape: rings with several radii are several. */
function regionsOf(shape: ShapeText): Region[] {
  const regions = shapesOf(shape);
  if (regions.length === 0 || !regions.every(isSound)) throw notThatShape(shape, SHAPES);
  return regions;
}

function shapesOf({ name, words, frame }: ShapeText): Region[] {
  const n = words.length;
  const center = positionOfWords(words, 0, frame);
  const value = (k: number) => angleOf(words[k]!);
  switch (name) {
    case "point":
      return n === 2 ? [{ shape: "point", center }] : [];
    case "circle":
      return n === 3 ? [{ shape: "circle", center, radius: value(2) }] : [];
    case "annulus":
      return Array.from({ length: Math.max(0, n - 3) }, (_, i) => ({
        shape: "annulus",
        center,
        inner: value(i + 2),
        outer: value(i + 3),
      }));
    case "ellipse":
      return rings("ellipse", 2);
    case "box":
    case "rectangle":
      return rings("rectangle", 1);
    case "polygon": {
      if (n < 6 || n % 2 !== 0) return [];
      const vertices = Array.from({ length: n / 2 }, (_, k) => positionOfWords(words, 2 * k, frame));
      return [{ shape: "polygon", vertices }];
    }
    default:
      return [];
  }

  /** One shape of two sizes, or rings of more of them; `factor` makes full axes. An angle that is absent is 0. */
  function rings(kind: "ellipse" | "rectangle", factor: number): Region[] {
    const angle = n % 2 === 1 ? value(n - 1) : 0;
    const sizes = Array.from({ length: Math.floor((n - 2) / 2) }, (_, i): [number, number] => [
      factor * value(2 * i + 2),
      factor * value(2 * i + 3),
    ]);
    if (sizes.length < 2) {
      return sizes.map(([width, height]) => ({ shape: kind, center, width, height, angle }));
    }
    const shape = `${kind}-annulus` as const;
    return sizes.slice(1).map((outer, i) => ({ shape, center, inner: sizes[i]!, outer, angle }));
  }
}

/** The regions as one DS9 text of a line, numbers in full. What is taken out of a region is taken out of all: @throws where the regions differ in it. */
export function formatDs9(regions: readonly Region[]): string {
  const texts: string[] = [];
  let frame = "";
  const add = (region: Region, sign: string) => {
    const { name, numbers, frame: own } = ds9Shape(region);
    if (own !== frame) texts.push(own);
    frame = own;
    texts.push(`${sign}${name}(${numbers.join(",")})`);
  };
  for (const region of regions) add(region.shape === "difference" ? region.region : region, "");
  for (const region of excludedFromAll(regions)) add(region, "-");
  return texts.join(";");
}

/** What is taken out of each of the regions, points apart. */
export function excludedFromAll(regions: readonly Region[]): readonly Region[] {
  const texts = regions
    .filter(({ shape }) => shape !== "point")
    .map((region) => JSON.stringify(region.shape === "difference" ? region.without : []));
  if (new Set(texts).size > 1) {
    throw new UnsupportedError(
      "Region text: something is taken out of one region and not of the others, which texts of regions cannot say; write them to files of their own",
    );
  }
  const first = regions.find((region) => region.shape === "difference");
  return first?.shape === "difference" ? first.without : [];
}

function ds9Shape(region: Region): {
  readonly name: string;
  readonly numbers: readonly number[];
  readonly frame: Frame;
} {
  if (region.shape === "difference") {
    throw new UnsupportedError("Region text: a difference within a difference cannot be written as text");
  }
  if (region.shape === "polygon") {
    const numbers = region.vertices.flatMap((p) => [p.lon, p.lat]);
    return { name: "polygon", numbers, frame: region.vertices[0]!.frame };
  }
  const { lon, lat, frame } = region.center;
  const [name, sizes] = ds9Sizes(region);
  return { name, numbers: [lon, lat, ...sizes], frame };
}

function ds9Sizes(region: Exclude<Region, { shape: "polygon" | "difference" }>): [string, number[]] {
  const half = (sizes: readonly number[]) => sizes.map((x) => x / 2);
  switch (region.shape) {
    case "point":
      return ["point", []];
    case "circle":
      return ["circle", [region.radius]];
    case "annulus":
      return ["annulus", [region.inner, region.outer]];
    case "ellipse":
      return ["ellipse", [...half([region.width, region.height]), region.angle]];
    case "rectangle":
      return ["box", [region.width, region.height, region.angle]];
    case "ellipse-annulus":
      return ["ellipse", [...half([...region.inner, ...region.outer]), region.angle]];
    case "rectangle-annulus":
      return ["box", [...region.inner, ...region.outer, region.angle]];
  }
}
