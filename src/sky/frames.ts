/**
 * Positions on the sky: ICRS <-> Galactic by Astropy's chain of rotations, separations and position angles. Angles in
 * deg.
 */
import type { Frame, SkyPosition } from "./types.js";

const RAD = Math.PI / 180;
const DEG = 180 / Math.PI;
const MAS = RAD / 3.6e6;

type Matrix = readonly (readonly number[])[];

const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));

function transpose(m: Matrix): Matrix {
  return m[0]!.map((_, j) => m.map((row) => row[j]!));
}

/** Passive rotations about the x, y and z axis, angle in rad. */
const rx = (a: number): Matrix => [
  [1, 0, 0],
  [0, Math.cos(a), Math.sin(a)],
  [0, -Math.sin(a), Math.cos(a)],
];
const ry = (a: number): Matrix => [
  [Math.cos(a), 0, -Math.sin(a)],
  [0, 1, 0],
  [Math.sin(a), 0, Math.cos(a)],
];
const rz = (a: number): Matrix => [
  [Math.cos(a), Math.sin(a), 0],
  [-Math.sin(a), Math.cos(a), 0],
  [0, 0, 1],
];

/** Frame bias ICRS -> FK5 J2000. */
const BIAS = multiply(rx(19.9 * MAS), multiply(ry(9.1 * MAS), rz(-22.9 * MAS)));

/**
 * ICRS -> FK5 J2000 (frame bias: 19.9, 9.1 and -22.9 mas about x, y, z), then -> Galactic with the pole at
 * (192.8594812065348, 27.12825118085622) and the celestial pole at longitude 122.9319185680026, the IAU 1958 system
 * carried to J2000 as in Astropy.
 */
const TO_GALACTIC: Matrix = multiply(
  multiply(
    rz((180 - 122.9319185680026) * RAD),
    multiply(ry((90 - 27.12825118085622) * RAD), rz(192.8594812065348 * RAD)),
  ),
  BIAS,
);

type Flat = readonly number[];

const flat = (m: Matrix): Flat => m.flat();
const GALACTIC = flat(TO_GALACTIC);
const ICRS = flat(transpose(TO_GALACTIC));
const FROM_FK5 = flat(transpose(BIAS));

const IDENTITY: Flat = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The rotation [3, 3] of unit vectors from one frame to another. */
export const frameRotation = (from: Frame, to: Frame): Flat =>
  from === to ? IDENTITY : to === "galactic" ? GALACTIC : ICRS;

/** Writes lon [0, 360), lat of the position in frame `to` into `out`. */
export function convertFrame(lon: number, lat: number, from: Frame, to: Frame, out: Float64Array): void {
  if (from === to) {
    out[0] = lon;
    out[1] = lat;
    return;
  }
  rotate(lon, lat, frameRotation(from, to), out);
}

/** An FK5 (equinox J2000) position in ICRS. */
export function fk5ToIcrs(lon: number, lat: number): SkyPosition {
  const out = new Float64Array(2);
  rotate(lon, lat, FROM_FK5, out);
  return { lon: out[0]!, lat: out[1]!, frame: "icrs" };
}

function rotate(lon: number, lat: number, m: Flat, out: Float64Array): void {
  const c = Math.cos(lat * RAD);
  const x = c * Math.cos(lon * RAD);
  const y = c * Math.sin(lon * RAD);
  const z = Math.sin(lat * RAD);
  const u = m[0]! * x + m[1]! * y + m[2]! * z;
  const v = m[3]! * x + m[4]! * y + m[5]! * z;
  const w = m[6]! * x + m[7]! * y + m[8]! * z;
  const l = Math.atan2(v, u) * DEG;
  out[0] = l < 0 ? l + 360 : l;
  out[1] = Math.atan2(w, Math.sqrt(u * u + v * v)) * DEG;
}

export function toFrame(position: SkyPosition, frame: Frame): SkyPosition {
  if (position.frame === frame) return position;
  const out = new Float64Array(2);
  convertFrame(position.lon, position.lat, position.frame, frame, out);
  return { lon: out[0]!, lat: out[1]!, frame };
}

/** Great-circle distance [deg] of two positions in one frame (Vincenty's formula: accurate at all distances). */
export function separation(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const d = (lon2 - lon1) * RAD;
  const s1 = Math.sin(lat1 * RAD);
  const c1 = Math.cos(lat1 * RAD);
  const s2 = Math.sin(lat2 * RAD);
  const c2 = Math.cos(lat2 * RAD);
  const a = c2 * Math.sin(d);
  const b = c1 * s2 - s1 * c2 * Math.cos(d);
  return Math.atan2(Math.sqrt(a * a + b * b), s1 * s2 + c1 * c2 * Math.cos(d)) * DEG;
}

/** Direction [deg, 0 to 360) of the second position seen from the first, from north through east. */
export function positionAngle(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const d = (lon2 - lon1) * RAD;
  const c2 = Math.cos(lat2 * RAD);
  const x = Math.sin(lat2 * RAD) * Math.cos(lat1 * RAD) - c2 * Math.sin(lat1 * RAD) * Math.cos(d);
  const angle = Math.atan2(Math.sin(d) * c2, x) * DEG;
  return angle < 0 ? angle + 360 : angle;
}

/** The position at `distance` in direction `angle` (from north through east), deg. */
export function offsetBy(position: SkyPosition, angle: number, distance: number): SkyPosition {
  const s = Math.sin(distance * RAD);
  const c = Math.cos(distance * RAD);
  const sinLat = Math.sin(position.lat * RAD);
  const cosLat = Math.cos(position.lat * RAD);
  const cosAngle = Math.cos(angle * RAD);
  // In the frame of the position: towards it, east, north.
  const toward = c * cosLat - s * cosAngle * sinLat;
  const east = s * Math.sin(angle * RAD);
  const north = c * sinLat + s * cosAngle * cosLat;
  const lon = (position.lon + Math.atan2(east, toward) * DEG) % 360;
  const lat = Math.atan2(north, Math.sqrt(toward * toward + east * east)) * DEG;
  return { lon: lon < 0 ? lon + 360 : lon, lat, frame: position.frame };
}
