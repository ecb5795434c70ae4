/** The rings of HEALPix, and the four pixels around a direction. */
import type { PixelWeights } from "../types.js";
import { anglesOf, indexOfAngles, pixelCount, type Scheme } from "./scheme.js";

/** One ring: its first pixel (RING), how many there are, whether the first is at longitude 0 or half a pixel on, and its colatitude, rad. */
interface Ring {
  readonly first: number;
  readonly count: number;
  readonly shift: number;
  readonly theta: number;
}

/** Ring `k`, from 1 to 4 nside - 1. */
function ringOf(nside: number, k: number): Ring {
  const north = k > 2 * nside ? 4 * nside - k : k;
  const isCap = north < nside;
  const count = isCap ? 4 * north : 4 * nside;
  const start = isCap ? 2 * north * (north - 1) : 2 * nside * (nside - 1) + (north - nside) * 4 * nside;
  const theta = isCap
    ? 2 * Math.asin(north / (nside * Math.sqrt(6)))
    : Math.acos(((2 * nside - north) * 2) / (3 * nside));
  const shift = isCap || (north - nside) % 2 === 0 ? 0.5 : 0;
  if (north === k) return { first: start, count, shift, theta };
  return { first: pixelCount(nside) - start - count, count, shift, theta: Math.PI - theta };
}

/** The last ring whose middles are not south of a colatitude; 0 north of all. */
function ringAbove(nside: number, theta: number): number {
  const z = Math.cos(theta);
  if (Math.abs(z) <= 2 / 3) return Math.floor(nside * (2 - 1.5 * z));
  const fromPole = Math.floor((nside * Math.sin(theta)) / Math.sqrt((1 + Math.abs(z)) / 3));
  return z > 0 ? fromPole : 4 * nside - fromPole - 1;
}

/** Pixels of the four-point interpolation of HEALPix, linear in colatitude and along two rings (its numbers of RING); four of `out` are written. */
export function interpolateOnRings(nside: number, theta: number, lon: number, { index, weight }: PixelWeights): void {
  const above = ringAbove(nside, theta);
  const below = above + 1;
  const turn = (((lon / (2 * Math.PI)) % 1) + 1) % 1;
  const along = (ring: Ring, at: number) => {
    const place = turn * ring.count - ring.shift;
    const left = Math.floor(place);
    const w = place - left;
    index[at] = ring.first + (left < 0 ? left + ring.count : left);
    index[at + 1] = ring.first + (left + 1 >= ring.count ? left + 1 - ring.count : left + 1);
    weight[at] = 1 - w;
    weight[at + 1] = w;
  };
  const scale = (at: number, factor: number, plus: number) => {
    for (let i = at; i < at + 2; i++) weight[i] = weight[i]! * factor + plus;
  };
  const [north, south] = [above > 0, below < 4 * nside];
  const [upper, lower] = [north ? ringOf(nside, above) : undefined, south ? ringOf(nside, below) : undefined];
  if (upper) along(upper, 0);
  if (lower) along(lower, 2);
  if (upper && lower) {
    const w = (theta - upper.theta) / (lower.theta - upper.theta);
    scale(0, 1 - w, 0);
    scale(2, w, 0);
    return;
  }
  // beside a pole: its four pixels have equal parts of the rest
  const [ring, at, other] = lower ? [lower, 2, 0] : [upper!, 0, 2];
  const w = lower ? theta / ring.theta : (Math.PI - theta) / (Math.PI - ring.theta);
  const rest = (1 - w) / 4;
  scale(at, w, rest);
  for (let i = 0; i < 2; i++) {
    const opposite = (index[at + i]! - ring.first + 2) % 4;
    index[other + i] = ring.first + opposite;
    weight[other + i] = rest;
  }
}

/** The same pixel in the other numbering: by its middle. */
export function renumbered(from: Scheme, index: number, scratch: Float64Array): number {
  anglesOf(from, index, scratch);
  return indexOfAngles({ nside: from.nside, nested: !from.nested }, scratch[0]!, scratch[1]!);
}
