/** The pixels of HEALPix maps, of the whole sky or of a part: index is the place in `pixels`, or the number itself. */
import { separation, toFrame } from "./frames.js";
import { interpolateOnRings, renumbered } from "./healpix/rings.js";
import { anglesOf, faceAngles, indexOfAngles, pixelCount, placeInFace } from "./healpix/scheme.js";
import type { Pixelisation } from "./pixelisation.js";
import type { HealpixGeom, Pixels, PixelWeights } from "./types.js";

export const healpixPixelisation: Pixelisation<HealpixGeom> = {
  pixels: healpixPixels,
  shape: (geom) => [count(geom)],
  frame: ({ frame }) => frame,
  describe: (geom) =>
    `${count(geom)} HEALPix pixels of nside ${geom.nside}${geom.pixels === null ? "" : `, of ${pixelCount(geom.nside)}`}`,
  same: (a, b) =>
    a.nside === b.nside &&
    a.nested === b.nested &&
    a.frame === b.frame &&
    count(a) === count(b) &&
    (a.pixels?.every((pixel, i) => pixel === (b.pixels?.[i] ?? i)) ??
      b.pixels?.every((pixel, i) => pixel === i) ??
      true),
};

const count = ({ nside, pixels }: HealpixGeom): number => pixels?.length ?? pixelCount(nside);

const RAD = Math.PI / 180;

function healpixPixels(geom: HealpixGeom): Pixels {
  const { nside, pixels, frame } = geom;
  const angles = new Float64Array(2);
  const around: PixelWeights = { index: new Int32Array(4), weight: new Float64Array(4) };
  const nPix = count(geom);
  const place = placesOf(pixels);
  const numberOf = (index: number) => (pixels === null ? index : pixels[index]!);
  const indexOf = (lon: number, lat: number) =>
    Number.isFinite(lon + lat) ? place(indexOfAngles(geom, (90 - lat) * RAD, lon * RAD)) : -1;
  const center = (index: number, out: Float64Array) => {
    anglesOf(geom, numberOf(index), angles);
    out[0] = angles[1]! / RAD;
    out[1] = 90 - angles[0]! / RAD;
  };
  const interpolation = (lon: number, lat: number, out: PixelWeights): number => {
    if (!Number.isFinite(lon + lat)) return 0;
    interpolateOnRings(nside, (90 - lat) * RAD, lon * RAD, around);
    let n = 0;
    let sum = 0;
    for (let i = 0; i < 4; i++) {
      const number = geom.nested ? renumbered({ nside, nested: false }, around.index[i]!, angles) : around.index[i]!;
      const index = place(number);
      if (index < 0 || around.weight[i] === 0) continue;
      out.index[n] = index;
      out.weight[n++] = around.weight[i]!;
      sum += around.weight[i]!;
    }
    // at the border of a part of the sky: of those that are there
    for (let i = 0; i < n; i++) out.weight[i]! /= sum;
    return n;
  };
  const nearest: Pixels["nearest"] = (position, valid) => {
    const at = position === null ? middle : toFrame(position, frame);
    const first = indexOf(at.lon, at.lat);
    if (first >= 0 && valid(first)) return first;
    let [best, distance] = [first, Number.POSITIVE_INFINITY];
    let anyValid = false;
    const out = new Float64Array(2);
    for (let i = 0; i < nPix; i++) {
      const isValid = valid(i);
      if (anyValid && !isValid) continue;
      center(i, out);
      const d = separation(at.lon, at.lat, out[0]!, out[1]!);
      if (d < distance || (isValid && !anyValid)) [best, distance] = [i, d];
      anyValid ||= isValid;
    }
    return best;
  };
  const middle = middleOf(nPix, center);
  const weights = { index: new Int32Array(4), weight: new Float64Array(4) };
  const n = interpolation(middle.lon, middle.lat, weights);
  return {
    nPix,
    frame,
    center,
    solidAngles: () => new Float64Array(nPix).fill((4 * Math.PI) / pixelCount(nside)),
    indexOf,
    neighbours: (index, out) => neighboursOf(geom, numberOf(index), place, out),
    interpolation,
    middle: { index: weights.index.slice(0, n), weight: weights.weight.slice(0, n) },
    nearest,
  };
}

/** Index of a pixel number; -1 where the map has it not. */
function placesOf(pixels: Int32Array | null): (number: number) => number {
  if (pixels === null) return (number) => number;
  const places = new Map(Array.from(pixels, (pixel, i) => [pixel, i]));
  return (number) => places.get(number) ?? -1;
}

/** The mean direction of all pixels; of the whole sky, whose mean is nothing, the origin. */
function middleOf(nPix: number, center: Pixels["center"]): { lon: number; lat: number } {
  const sum = [0, 0, 0];
  const out = new Float64Array(2);
  for (let i = 0; i < nPix; i++) {
    center(i, out);
    const [lon, lat] = [out[0]! * RAD, out[1]! * RAD];
    sum[0]! += Math.cos(lat) * Math.cos(lon);
    sum[1]! += Math.cos(lat) * Math.sin(lon);
    sum[2]! += Math.sin(lat);
  }
  const [x, y, z] = sum as [number, number, number];
  if (Math.hypot(x, y, z) < 1e-6 * nPix) return { lon: 0, lat: 0 };
  return { lon: Math.atan2(y, x) / RAD, lat: Math.atan2(z, Math.hypot(x, y)) / RAD };
}

/** Where around a corner other pixels are looked for, in sixteenths of a turn. */
const CIRCLE = Array.from({ length: 16 }, (_, i) => (2 * Math.PI * (i + 0.5)) / 16);

/** Pixels that meet a pixel at one of its corners, seven or eight of them. */
function neighboursOf(geom: HealpixGeom, number: number, place: (n: number) => number, out: Int32Array): number {
  const { nside } = geom;
  const angles = new Float64Array(2);
  const [face, x, y] = placeInFace(geom, number, angles);
  const step = 0.02 / nside;
  const found = new Set<number>();
  for (const [dx, dy] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    faceAngles(nside, face, x + dx, y + dy, angles);
    const [theta, lon] = angles as unknown as [number, number];
    for (const turn of CIRCLE) {
      const [t, l] = moved(theta, lon, step, turn);
      found.add(indexOfAngles(geom, t, l));
    }
  }
  found.delete(number);
  let n = 0;
  for (const other of Array.from(found).sort((a, b) => a - b)) {
    const index = place(other);
    if (index >= 0) out[n++] = index;
  }
  return n;
}

/** A direction at a small distance from another one, rad. */
function moved(theta: number, lon: number, distance: number, turn: number): readonly [number, number] {
  const [sin, cos] = [Math.sin(theta), Math.cos(theta)];
  const south = distance * Math.cos(turn);
  const east = distance * Math.sin(turn);
  const x = sin + south * cos;
  const z = cos - south * sin;
  return [Math.atan2(Math.hypot(x, east), z), lon + Math.atan2(east, x)];
}
