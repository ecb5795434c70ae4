/**
 * Regions as text of CASA (CRTF version 0, casadocs.readthedocs.io): `circle[[lon, lat], radius], coord=J2000`. The first of an ellipse's half axes is that to the
 * north, as astropy-regions reads and writes them.
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
import { excludedFromAll } from "./region-ds9.js";
import type { Frame, Region, SkyPosition } from "./types.js";

const NAMES: Readonly<Record<Frame, string>> = { icrs: "ICRS", galactic: "GALACTIC", fk5: "J2000", fk4: "B1950" };

const SHAPES: Shapes = {
  symbol: "[lon, lat], symbol",
  point: "[lon, lat]",
  circle: "[lon, lat], radius",
  annulus: "[lon, lat], [inner radius, outer radius]",
  ellipse: "[lon, lat], [semi-axis, semi-axis], angle",
  box: "[lon, lat], [lon, lat]",
  centerbox: "[lon, lat], [width, height]",
  rotbox: "[lon, lat], [width, height], angle",
  poly: "[lon, lat], [lon, lat], [lon, lat], ...",
};

export const isCrtf = (text: string): boolean => /^\s*#\s*CRTF/i.test(text);

const coordOf = (text: string): string | undefined => /\bcoord\s*=\s*([\w-]+)/i.exec(text)?.[1];

/** The regions of a CRTF text; `-` takes a shape out of all others. Drawings of it ("ann") are no regions. */
export function parseCrtf(text: string): Region[] {
  const given: { region: Region; isExcluded: boolean }[] = [];
  let common: string | undefined;
  for (const raw of text.split("\n")) {
    const line = raw.replace(/#.*$/, "").trim();
    if (line === "" || /^ann\s/i.test(line)) continue;
    if (/^global\b/i.test(line)) {
      common = coordOf(line) ?? common;
      continue;
    }
    const match = /^([+-]?)\s*(\w+)\s*\[(.*)\]/.exec(line);
    if (match === null)
      throw new FormatError(`Region text: "${line}" is no region of CASA, such as circle[[83.6deg, 22deg], 0.1deg]`);
    const [whole, sign, name, list] = match as unknown as [string, string, string, string];
    const frame = frameOf(coordOf(line.slice(whole.length)) ?? common, line);
    const words = list.split(/[\s,[\]]+/).filter((word) => word !== "");
    given.push({ region: regionOf({ name: name.toLowerCase(), words, frame, line }), isExcluded: sign === "-" });
  }
  return withoutExcluded(given);
}

function frameOf(name: string | undefined, line: string): Frame {
  if (name === undefined) {
    throw new FormatError(`Region text: "${line}" has no frame; put "global coord=J2000" before it`);
  }
  const frame = FRAME_NAMES[name.toLowerCase()];
  if (frame !== undefined) return frame;
  throw new UnsupportedError(`Region text: coord=${name} is not handled; expected ${Object.values(NAMES).join(", ")}`);
}

function regionOf(shape: ShapeText): Region {
  const region = shapeOf(shape);
  if (region === undefined || !isSound(region)) throw notThatShape(shape, SHAPES);
  return region;
}

function shapeOf({ name, words, frame }: ShapeText): Region | undefined {
  const n = words.length;
  const center = positionOfWords(words, 0, frame);
  const value = (k: number) => angleOf(words[k]!);
  const place = (k: number) => positionOfWords(words, k, frame);
  switch (name) {
    case "symbol":
    case "point":
      return n === 2 || n === 3 ? { shape: "point", center } : undefined;
    case "circle":
      return n === 3 ? { shape: "circle", center, radius: value(2) } : undefined;
    case "annulus":
      return n === 4 ? { shape: "annulus", center, inner: value(2), outer: value(3) } : undefined;
    case "ellipse":
      if (n !== 5) return undefined;
      return { shape: "ellipse", center, width: 2 * value(3), height: 2 * value(2), angle: value(4) };
    case "box":
      return n === 4 ? boxBetween(center, place(2)) : undefined;
    case "centerbox":
      return n === 4 ? { shape: "rectangle", center, width: value(2), height: value(3), angle: 0 } : undefined;
    case "rotbox":
      return n === 5 ? { shape: "rectangle", center, width: value(2), height: value(3), angle: value(4) } : undefined;
    case "poly":
      if (n < 6 || n % 2 !== 0) return undefined;
      return { shape: "polygon", vertices: Array.from({ length: n / 2 }, (_, k) => place(2 * k)) };
    default:
      return undefined;
  }
}

/** The corners give a polygon: its sides follow the coordinates, which a rectangle on the sky does not. */
function boxBetween(a: SkyPosition, b: SkyPosition): Region {
  const at = (lon: number, lat: number) => ({ lon, lat, frame: a.frame });
  return { shape: "polygon", vertices: [at(a.lon, a.lat), at(b.lon, a.lat), at(b.lon, b.lat), at(a.lon, b.lat)] };
}

/** The regions as CRTF text, numbers in full. */
export function formatCrtf(regions: readonly Region[]): string {
  const included = regions.map((region) => crtfLine(region.shape === "difference" ? region.region : region));
  const excluded = excludedFromAll(regions).map((region) => `-${crtfLine(region)}`);
  return ["#CRTFv0 CASA Region Text Format version 0", ...included, ...excluded, ""].join("\n");
}

const deg = (x: number): string => `${x}deg`;
const pair = (x: number, y: number): string => `[${deg(x)}, ${deg(y)}]`;

function crtfLine(region: Region): string {
  const [shape, frame] = crtfShape(region);
  return `${shape}, coord=${NAMES[frame]}`;
}

function crtfShape(region: Region): [string, Frame] {
  if (region.shape === "polygon") {
    return [`poly[${region.vertices.map((p) => pair(p.lon, p.lat)).join(", ")}]`, region.vertices[0]!.frame];
  }
  if (region.shape === "difference" || region.shape === "ellipse-annulus" || region.shape === "rectangle-annulus") {
    throw new UnsupportedError(`Region text: CRTF has no ${region.shape}; write the regions as DS9 text (.reg)`);
  }
  const { frame } = region.center;
  const at = pair(region.center.lon, region.center.lat);
  switch (region.shape) {
    case "point":
      return [`symbol[${at}, .]`, frame];
    case "circle":
      return [`circle[${at}, ${deg(region.radius)}]`, frame];
    case "annulus":
      return [`annulus[${at}, ${pair(region.inner, region.outer)}]`, frame];
    case "ellipse":
      return [`ellipse[${at}, ${pair(region.height / 2, region.width / 2)}, ${deg(region.angle)}]`, frame];
    case "rectangle":
      return [`rotbox[${at}, ${pair(region.width, region.height)}, ${deg(region.angle)}]`, frame];
  }
}
