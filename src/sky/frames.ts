/**
 * Positions on the sky: conversions between ICRS, FK5 (J2000), FK4 (B1950) and Galactic as Astropy does them, separations and position angles. Angles
 * in deg.
 */
import type { Frame, SkyPosition } from "./types.js";

export const FRAMES: readonly Frame[] = ["icrs", "fk5", "fk4", "galactic"];
export const isFrame = (name: string): name is Frame => FRAMES.includes(name as Frame);

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

/** ICRS -> FK5 J2000 (frame bias: 19.9, 9.1 and -22.9 mas about x, y, z). */
const FK5 = multiply(rx(19.9 * MAS), multiply(ry(9.1 * MAS), rz(-22.9 * MAS)));

/** To Galactic, from a frame in which its pole is at (lon, lat) and the pole of that frame is at the Galactic longitude `lon0`. */
const galactic = (lon: number, lat: number, lon0: number): Matrix =>
  multiply(rz((180 - lon0) * RAD), multiply(ry((90 - lat) * RAD), rz(lon * RAD)));

/** The IAU 1958 system as defined, in B1950, and as Astropy carries it to J2000. */
const FROM_B1950 = galactic(192.25, 27.4, 123);
const FROM_J2000 = galactic(192.8594812065348, 27.12825118085622, 122.9319185680026);

/** FK4 B1950 without E-terms -> FK5 J2000: Murray 1989, A&A 218, 325, equation (28), and (29) for the epoch B1950 in Julian centuries from J1950. */
const T = (1949.9997904422999 - 1950) / 100;
const FK4_TO_FK5: Matrix = [
  [
    0.9999256794956877 - 2.6455262e-9 * T,
    -0.0111814832204662 - 1.1539918689e-6 * T,
    -0.0048590038153592 + 2.111134619e-6 * T,
  ],
  [
    0.0111814832391717 + 1.1540628161e-6 * T,
    0.9999374848933135 - 1.29042997e-8 * T,
    -0.0000271625947142 + 2.36021478e-8 * T,
  ],
  [
    0.0048590037723143 - 2.1112979048e-6 * T,
    -0.000027170293744 - 5.6024448e-9 * T,
    0.9999881946023742 + 1.02587734e-8 * T,
  ],
];

/** E-terms of aberration, which FK4 positions contain, as Astropy has them for B1950 (Explanatory Supplement, Seidelmann 2005). */
export const E_TERMS = [-1.6255741516894347e-6, -3.191905371563791e-7, -1.384290671929659e-7] as const;

type Flat = readonly number[];

const flat = (m: Matrix): Flat => m.flat();
const back = (m: Matrix): Flat => flat(transpose(m));
const same = flat(rz(0));
const TO_GALACTIC = multiply(FROM_J2000, FK5);
const FK4_TO_ICRS = multiply(transpose(FK5), FK4_TO_FK5);

/** Rotations by the frame that they start from and the one that they lead to; FK4 without its E-terms. */
const ROTATIONS: Readonly<Record<Frame, Readonly<Record<Frame, Flat>>>> = {
  icrs: { icrs: same, fk5: flat(FK5), fk4: back(FK4_TO_ICRS), galactic: flat(TO_GALACTIC) },
  fk5: { icrs: back(FK5), fk5: same, fk4: back(FK4_TO_FK5), galactic: flat(FROM_J2000) },
  fk4: { icrs: flat(FK4_TO_ICRS), fk5: flat(FK4_TO_FK5), fk4: same, galactic: flat(FROM_B1950) },
  galactic: { icrs: back(TO_GALACTIC), fk5: back(FROM_J2000), fk4: back(FROM_B1950), galactic: same },
};

/** The rotation [3, 3] of unit vectors from one frame to another; FK4 without its E-terms. */
export const frameRotation = (from: Frame, to: Frame): Flat => ROTATIONS[from][to];

/** Writes lon [0, 360), lat of the position in frame `to` into `out`, by Astropy's chains of rotations. */
export function convertFrame(lon: number, lat: number, from: Frame, to: Frame, out: Float64Array): void {
  out[0] = lon;
  out[1] = lat;
  if (from === to) return;
  if (from === "fk4") removeETerms(lon, lat, out);
  rotate(out[0]!, out[1]!, frameRotation(from, to), out);
  if (to === "fk4") addETerms(out[0]!, out[1]!, out);
}

/** The direction without E-terms, of one with them: r - e + (e r) r. */
function removeETerms(lon: number, lat: number, out: Float64Array): void {
  const [a, b, c] = E_TERMS;
  const x = Math.cos(lat * RAD) * Math.cos(lon * RAD);
  const y = Math.cos(lat * RAD) * Math.sin(lon * RAD);
  const z = Math.sin(lat * RAD);
  const q = 1 + a * x + b * y + c * z;
  write(x * q - a, y * q - b, z * q - c, out);
}

/** The inverse, found step by step: each leaves 1e-6 of the error before it. */
function addETerms(lon: number, lat: number, out: Float64Array): void {
  const [a, b, c] = E_TERMS;
  const x0 = Math.cos(lat * RAD) * Math.cos(lon * RAD);
  const y0 = Math.cos(lat * RAD) * Math.sin(lon * RAD);
  const z0 = Math.sin(lat * RAD);
  let x = x0;
  let y = y0;
  let z = z0;
  for (let i = 0; i < 4; i++) {
    const q = 1 + a * x + b * y + c * z;
    x = (a + x0) / q;
    y = (b + y0) / q;
    z = (c + z0) / q;
  }
  write(x, y, z, out);
}

function rotate(lon: number, lat: number, m: Flat, out: Float64Array): void {
  const c = Math.cos(lat * RAD);
  const x = c * Math.cos(lon * RAD);
  const y = c * Math.sin(lon * RAD);
  const z = Math.sin(lat * RAD);
  const u = m[0]! * x + m[1]! * y + m[2]! * z;
  const v = m[3]! * x + m[4]! * y + m[5]! * z;
  const w = m[6]! * x + m[7]! * y + m[8]! * z;
  write(u, v, w, out);
}

/** The direction of a vector, deg. */
function write(u: number, v: number, w: number, out: Float64Array): void {
  const l = Math.atan2(v, u) * DEG;
  out[0] = l < 0 ? l + 360 : l;
  out[1] = Math.atan2(w, Math.sqrt(u * u + v * v)) * DEG;
}

/** The same place on the sky in another frame. */
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
