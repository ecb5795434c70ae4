/** The direction of a place in the native coordinates of a map, with its derivatives by longitude and latitude in a frame. */
import { E_TERMS, frameRotation } from "../frames.js";
import { nativePole } from "../native-pole.js";
import type { Frame, Wcs } from "../types.js";
import { chain, combine, createJet, type Jet, multiply } from "./jet.js";

const RAD = Math.PI / 180;

/** A unit vector. */
export type Direction = readonly [Jet, Jet, Jet];

export const createDirection = (): Direction => [createJet(), createJet(), createJet()];

/** A function that writes the direction of a place (deg, in `frame`) in native coordinates. It allocates nothing. */
export function makeNativeDirection(wcs: Wcs, frame: Frame): (lon: number, lat: number, out: Direction) => void {
  const sky = createDirection();
  const native = nativeRotation(wcs);
  if (frame === wcs.frame || (frame !== "fk4" && wcs.frame !== "fk4")) {
    const rotation = product(native, frameRotation(frame, wcs.frame));
    return (lon, lat, out) => {
      fillDirection(sky, lon, lat);
      rotate(out, rotation, sky);
    };
  }
  // the E-terms of aberration are in the positions of one of both
  const own = createDirection();
  const steps = [createJet(), createJet()] as const;
  const change = frameRotation(frame, wcs.frame);
  return (lon, lat, out) => {
    fillDirection(sky, lon, lat);
    if (frame === "fk4") removeETerms(sky, steps);
    rotate(own, change, sky);
    if (wcs.frame === "fk4") addETerms(own, steps);
    rotate(out, native, own);
  };
}

function fillDirection([x, y, z]: Direction, lon: number, lat: number): void {
  const sl = Math.sin(lon * RAD);
  const cl = Math.cos(lon * RAD);
  const sb = Math.sin(lat * RAD);
  const cb = Math.cos(lat * RAD);
  x[0] = cb * cl;
  x[1] = -cb * sl;
  x[2] = -sb * cl;
  x[4] = sb * sl;
  y[0] = cb * sl;
  y[1] = cb * cl;
  y[2] = -sb * sl;
  y[4] = -sb * cl;
  x[3] = x[5] = -x[0];
  y[3] = y[5] = -y[0];
  z[0] = sb;
  z[2] = cb;
  z[5] = -sb;
  z[1] = z[3] = z[4] = 0;
}

/** Rotation [3, 3] from the frame of a map to native coordinates (Paper II equation (5)). */
function nativeRotation(wcs: Wcs): readonly number[] {
  const pole = nativePole(wcs);
  const [sa, ca] = [Math.sin(pole.lon * RAD), Math.cos(pole.lon * RAD)];
  const [sd, cd] = [Math.sin(pole.lat * RAD), Math.cos(pole.lat * RAD)];
  const [sp, cp] = [Math.sin(pole.lonpole * RAD), Math.cos(pole.lonpole * RAD)];
  const x = [-sd * ca, -sd * sa, cd];
  const y = [sa, -ca, 0];
  const z = [cd * ca, cd * sa, sd];
  return [...x.map((v, k) => cp * v - sp * y[k]!), ...x.map((v, k) => sp * v + cp * y[k]!), ...z];
}

/** a b, both [3, 3]. */
const product = (a: readonly number[], b: readonly number[]): readonly number[] =>
  a.map((_, ij) => {
    const row = 3 * Math.floor(ij / 3);
    return [0, 1, 2].reduce((sum, k) => sum + a[row + k]! * b[3 * k + (ij % 3)]!, 0);
  });

function rotate(out: Direction, m: readonly number[], [x, y, z]: Direction): void {
  for (let i = 0; i < 3; i++) {
    const to = out[i]!;
    for (let k = 0; k < 6; k++) to[k] = m[3 * i]! * x[k]! + m[3 * i + 1]! * y[k]! + m[3 * i + 2]! * z[k]!;
  }
}

type Steps = readonly [Jet, Jet];

/** The direction without E-terms e, of one r with them: along r - e + (e r) r. */
function removeETerms(r: Direction, [q, step]: Steps): void {
  q.fill(0);
  for (let i = 0; i < 3; i++) combine(q, 1, q, E_TERMS[i]!, r[i]!);
  q[0]! += 1;
  for (let i = 0; i < 3; i++) {
    multiply(step, q, r[i]!);
    r[i]!.set(step);
    r[i]![0]! -= E_TERMS[i]!;
  }
  normalise(r, [q, step]);
}

/** The inverse, but for its length: r (1 + e r) is the direction without E-terms plus e. */
function addETerms(r: Direction, steps: Steps): void {
  for (let i = 0; i < 3; i++) r[i]![0]! += E_TERMS[i]!;
  normalise(r, steps);
}

function normalise(r: Direction, [square, step]: Steps): void {
  square.fill(0);
  for (let i = 0; i < 3; i++) {
    multiply(step, r[i]!, r[i]!);
    combine(square, 1, square, 1, step);
  }
  const s = square[0]!;
  const f = 1 / Math.sqrt(s);
  chain(square, square, f, -f / (2 * s), (3 * f) / (4 * s * s));
  for (let i = 0; i < 3; i++) {
    multiply(step, square, r[i]!);
    r[i]!.set(step);
  }
}
