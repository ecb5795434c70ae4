/**
 * Directions over the horizon. Precession of IAU 2006 (Capitaine et al. 2003, A&A 412, 567; Fukushima-Williams angles), the ten largest terms of the nutation of IAU 2000 (IERS
 * Conventions 2010, ch. 5), annual aberration of a Keplerian orbit; no refraction, UT1 = UTC. Within 0.005 deg of the full reduction, nearly all of it from UT1.
 */

import { toFrame } from "./frames.js";
import type { SkyPosition } from "./types.js";

const RAD = Math.PI / 180;
const ARCSEC = RAD / 3600;

/** Where an instrument stands, deg; east and north are positive. */
export interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** A turn of the sky: ICRS -> (north, east, up) at a place and time. Row by row, [3, 3]; aberration is added before it. */
export interface Horizon {
  readonly matrix: readonly number[];
  /** Velocity of the Earth over that of light, ICRS. */
  readonly velocity: readonly [number, number, number];
}

type Matrix = readonly number[];

const multiply = (a: Matrix, b: Matrix): Matrix =>
  Array.from({ length: 9 }, (_, k) =>
    [0, 1, 2].reduce((sum, j) => sum + a[3 * Math.floor(k / 3) + j]! * b[3 * j + (k % 3)]!, 0),
  );
const rx = (a: number): Matrix => [1, 0, 0, 0, Math.cos(a), Math.sin(a), 0, -Math.sin(a), Math.cos(a)];
const rz = (a: number): Matrix => [Math.cos(a), Math.sin(a), 0, -Math.sin(a), Math.cos(a), 0, 0, 0, 1];

/** Longitude and obliquity [rad] by which the true equator of date differs from the mean one; `t` in Julian centuries of TT since J2000. */
function nutation(t: number): readonly [dpsi: number, deps: number] {
  const l = (134.96340251 + 477198.8675605 * t) * RAD;
  const lp = (357.52910918 + 35999.0502911 * t) * RAD;
  const f = (93.27209062 + 483202.0174577 * t) * RAD;
  const d = (297.85019547 + 445267.1114469 * t) * RAD;
  const om = (125.04455501 - 1934.1362619 * t) * RAD;
  // argument, sine of longitude and cosine of obliquity in arcsec
  const terms = [
    [om, -17.2064161, 9.2052331],
    [2 * (f - d + om), -1.3170907, 0.5730336],
    [2 * (f + om), -0.2276413, 0.0978459],
    [2 * om, 0.2074554, -0.0897492],
    [lp, 0.1475877, 0.0073871],
    [lp + 2 * (f - d + om), -0.0516821, 0.0224386],
    [l, 0.0711159, -0.000675],
    [2 * f + om, -0.0387298, 0.0200728],
    [l + 2 * (f + om), -0.0301461, 0.0129025],
    [-lp + 2 * (f - d + om), 0.0215829, -0.0095929],
  ] as const;
  const sum = (of: (term: readonly [number, number, number]) => number) =>
    terms.reduce((s, term) => s + of(term), 0) * ARCSEC;
  return [sum(([a, s]) => s * Math.sin(a)), sum(([a, , c]) => c * Math.cos(a))];
}

/** The horizon of a place at a time: `utc` and `tt` are the same moment, MJD. */
export function horizonAt({ lon, lat }: Place, utc: number, tt: number): Horizon {
  const t = (tt - 51544.5) / 36525;
  const gamma = (-0.052928 + t * (10.556378 + t * (0.4932044 - t * 0.00031238))) * ARCSEC;
  const phi = (84381.412819 + t * (-46.811016 + t * (0.0511268 + t * 0.00053289))) * ARCSEC;
  const psi = (-0.041775 + t * (5038.481484 + t * (1.5584175 - t * 0.00018522))) * ARCSEC;
  const eps = (84381.406 + t * (-46.836769 + t * (-0.0001831 + t * 0.0020034))) * ARCSEC;
  const [dpsi, deps] = nutation(t);
  const toDate = multiply(rx(-(eps + deps)), multiply(rz(-(psi + dpsi)), multiply(rx(phi), rz(gamma))));
  const days = utc - 51544.5;
  const era = 2 * Math.PI * ((0.779057273264 + 1.0027378119113546 * days) % 1);
  const gmst = era + (0.014506 + t * (4612.156534 + t * 1.3915817)) * ARCSEC;
  const sidereal = gmst + dpsi * Math.cos(eps) + lon * RAD;
  // (toward the meridian, east, pole) -> (north, east, up)
  const [s, c] = [Math.sin(lat * RAD), Math.cos(lat * RAD)];
  const up: Matrix = [-s, 0, c, 0, 1, 0, c, 0, s];
  return { matrix: multiply(up, multiply(rz(sidereal), toDate)), velocity: earthVelocity(t, eps) };
}

/** v / c of the Earth, ICRS axes to 1e-7. */
function earthVelocity(t: number, eps: number): [number, number, number] {
  const mean = (280.46646 + 36000.76983 * t) * RAD;
  const anomaly = (357.52911 + 35999.05029 * t) * RAD;
  const e = 0.016708634 - 0.000042037 * t;
  const perihelion = (102.93735 + 1.71946 * t) * RAD;
  const sun = mean + 2 * e * Math.sin(anomaly) + 1.25 * e * e * Math.sin(2 * anomaly);
  // of date, turned back to J2000 by the precession in longitude
  const lambda = sun - 5028.796195 * t * ARCSEC;
  const node = perihelion - 5028.796195 * t * ARCSEC;
  const k = 20.49551 * ARCSEC;
  const x = k * (Math.sin(lambda) - e * Math.sin(node));
  const y = -k * (Math.cos(lambda) - e * Math.cos(node));
  return [x, y * Math.cos(eps), y * Math.sin(eps)];
}

/** Writes (north, east, up) of a direction given by its unit vector, of the length that aberration leaves. */
export function toHorizon(
  { matrix: m, velocity: v }: Horizon,
  x0: number,
  y0: number,
  z0: number,
  out: Float64Array,
): void {
  const [x, y, z] = [x0 + v[0], y0 + v[1], z0 + v[2]];
  out[0] = m[0]! * x + m[1]! * y + m[2]! * z;
  out[1] = m[3]! * x + m[4]! * y + m[5]! * z;
  out[2] = m[6]! * x + m[7]! * y + m[8]! * z;
}

/** Writes the ICRS unit vector of a direction that is given by its unit vector (north, east, up): the inverse of `toHorizon`. */
export function fromHorizon(
  { matrix: m, velocity: v }: Horizon,
  north: number,
  east: number,
  up: number,
  out: Float64Array,
): void {
  const x = m[0]! * north + m[3]! * east + m[6]! * up;
  const y = m[1]! * north + m[4]! * east + m[7]! * up;
  const z = m[2]! * north + m[5]! * east + m[8]! * up;
  const along = x * v[0] + y * v[1] + z * v[2];
  // the length that aberration left: |length (x, y, z) - v| = 1
  const length = along + Math.sqrt(along * along + 1 - v[0] * v[0] - v[1] * v[1] - v[2] * v[2]);
  out[0] = length * x - v[0];
  out[1] = length * y - v[1];
  out[2] = length * z - v[2];
}

/** Azimuth (from north through east, 0 to 360) and altitude of a position, deg. */
export function horizontal(horizon: Horizon, position: SkyPosition): readonly [az: number, alt: number] {
  const { lon, lat } = toFrame(position, "icrs");
  const c = Math.cos(lat * RAD);
  const out = new Float64Array(3);
  toHorizon(horizon, c * Math.cos(lon * RAD), c * Math.sin(lon * RAD), Math.sin(lat * RAD), out);
  const [north, east, up] = [out[0]!, out[1]!, out[2]!];
  const az = Math.atan2(east, north) / RAD;
  return [az < 0 ? az + 360 : az, Math.atan2(up, Math.hypot(north, east)) / RAD];
}
