/**
 * Pixel positions with their first and second derivatives by longitude and latitude, for the gradients of models whose
 * position is free. A jet is [value, d/dlon, d/dlat, d2/dlon2, d2/dlon dlat, d2/dlat2], angles in rad.
 */
import { determinant } from "./linear.js";
import { nativePole } from "./native-pole.js";
import { parametersOf } from "./projections/index.js";
import { mollweideAngle } from "./projections/pseudo-cylindrical.js";
import type { Wcs } from "./types.js";

const RAD = Math.PI / 180;
const DEG = 180 / Math.PI;

type Jet = readonly [number, number, number, number, number, number];

const linear = (a: number, p: Jet, b: number, q: Jet): Jet => [
  a * p[0] + b * q[0],
  a * p[1] + b * q[1],
  a * p[2] + b * q[2],
  a * p[3] + b * q[3],
  a * p[4] + b * q[4],
  a * p[5] + b * q[5],
];

const product = (p: Jet, q: Jet): Jet => [
  p[0] * q[0],
  p[1] * q[0] + p[0] * q[1],
  p[2] * q[0] + p[0] * q[2],
  p[3] * q[0] + 2 * p[1] * q[1] + p[0] * q[3],
  p[4] * q[0] + p[1] * q[2] + p[2] * q[1] + p[0] * q[4],
  p[5] * q[0] + 2 * p[2] * q[2] + p[0] * q[5],
];

/** f(p) from f and its first and second derivative at p. */
const chain = (p: Jet, f: number, f1: number, f2: number): Jet => [
  f,
  f1 * p[1],
  f1 * p[2],
  f1 * p[3] + f2 * p[1] * p[1],
  f1 * p[4] + f2 * p[1] * p[2],
  f1 * p[5] + f2 * p[2] * p[2],
];

const plus = (a: number, [value, ...rest]: Jet): Jet => [a + value, ...rest];

const sine = (p: Jet): Jet => chain(p, Math.sin(p[0]), Math.cos(p[0]), -Math.sin(p[0]));
const cosine = (p: Jet): Jet => chain(p, Math.cos(p[0]), -Math.sin(p[0]), -Math.cos(p[0]));

/** atan2(y, x) through the complex logarithm: d(log w) = dw/w, d2(log w) = d2w/w - (dw/w)^2. */
function angle(y: Jet, x: Jet): Jet {
  const rho2 = x[0] * x[0] + y[0] * y[0];
  const re = (k: 1 | 2 | 3 | 4 | 5) => (x[k] * x[0] + y[k] * y[0]) / rho2;
  const im = (k: 1 | 2 | 3 | 4 | 5) => (y[k] * x[0] - x[k] * y[0]) / rho2;
  return [
    Math.atan2(y[0], x[0]),
    im(1),
    im(2),
    im(3) - 2 * re(1) * im(1),
    im(4) - re(1) * im(2) - re(2) * im(1),
    im(5) - 2 * re(2) * im(2),
  ];
}

/** R / sin c and its derivatives by z = cos c, c the angle from the native pole and R the radius of a zenithal projection; null for the others. */
function zenithalFactor(code: string, z: number): [number, number, number] | null {
  const w = 1 + z;
  switch (code) {
    case "TAN":
      return [1 / z, -1 / z ** 2, 2 / z ** 3];
    case "STG":
      return [2 / w, -2 / w ** 2, 4 / w ** 3];
    case "SIN":
      return [1, 0, 0];
    case "ZEA": {
      const g = Math.sqrt(2 / w);
      return [g, -g / (2 * w), (3 * g) / (4 * w * w)];
    }
    case "ARC":
      return arcFactor(z);
    default:
      return null;
  }
}

/** c / sin c by z = cos c; near the pole by its series in 1 - z, whose coefficients are n! / (2n+1)!!. */
function arcFactor(z: number): [number, number, number] {
  const u = 1 - z;
  if (u > 0.1) {
    const s2 = u * (1 + z);
    const g = Math.acos(z) / Math.sqrt(s2);
    const g1 = (z * g - 1) / s2;
    return [g, g1, (g + 3 * z * g1) / s2];
  }
  let g = 1;
  let g1 = 0;
  let g2 = 0;
  let a = 1;
  let power = 1;
  for (let n = 1; n <= 16; n++) {
    a *= n / (2 * n + 1);
    g1 -= n * a * power;
    g2 += (n + 1) * n * ((a * (n + 1)) / (2 * n + 3)) * power;
    power *= u;
    g += a * power;
  }
  return [g, g1, g2];
}

/** A function that writes [x, x_lon, x_lat, x_lonlon, x_lonlat, x_latlat, y, ...] of the 0-based pixel position, per deg, into `out` (12 numbers). */
export function makeDerivatives(wcs: Wcs): (lon: number, lat: number, out: Float64Array) => void {
  const pole = nativePole(wcs);
  const sinC = Math.cos(pole.lat * RAD);
  const cosC = Math.sin(pole.lat * RAD);
  const sinP = Math.sin(pole.lonpole * RAD);
  const cosP = Math.cos(pole.lonpole * RAD);
  const [a, b, c, d] = wcs.cd;
  const det = determinant(wcs.cd);
  const parameters = parametersOf(wcs);
  /** Of y in the plane, deg. */
  const origin = wcs.projection === "GLS" ? wcs.crval[1] : 0;
  return (lon, lat, out) => {
    const sinB = Math.sin(lat * RAD);
    const cosB = Math.cos(lat * RAD);
    const sinD = Math.sin((lon - pole.lon) * RAD);
    const cosD = Math.cos((lon - pole.lon) * RAD);
    // The native direction (Paper II equation (5)), before the turn by LONPOLE.
    const xv = sinB * sinC - cosB * cosC * cosD;
    const zv = sinB * cosC + cosB * sinC * cosD;
    const sc = cosB * cosC;
    const ss = cosB * sinC;
    const x: Jet = [xv, sc * sinD, ss + sinB * cosC * cosD, sc * cosD, -sinB * cosC * sinD, -xv];
    const y: Jet = [-cosB * sinD, -cosB * cosD, sinB * sinD, cosB * sinD, sinB * cosD, cosB * sinD];
    const z: Jet = [zv, -ss * sinD, sc - sinB * sinC * cosD, -ss * cosD, sinB * sinC * sinD, -zv];
    const nx = linear(cosP, x, -sinP, y);
    const ny = linear(sinP, x, cosP, y);
    const [px, py] = plane(wcs.projection, parameters, nx, ny, z);
    write(linear(d / det, px, -b / det, py), wcs.crpix[0] + (b / det) * origin, out, 0);
    write(linear(a / det, py, -c / det, px), wcs.crpix[1] - (a / det) * origin, out, 6);
  };
}

/** Plane coordinates [rad] of the native direction (nx, ny, z). */
function plane(projection: string, [p0 = 0, p1 = 0]: readonly number[], nx: Jet, ny: Jet, z: Jet): [Jet, Jet] {
  const factor = zenithalFactor(projection, z[0]);
  if (factor) {
    const g = chain(z, ...factor);
    const [x, y] = [product(g, ny), product(linear(-1, g, 0, g), nx)];
    // SIN seen from another direction: p (1 - z)
    return p0 === 0 && p1 === 0 ? [x, y] : [plus(p0, linear(1, x, -p0, z)), plus(p1, linear(1, y, -p1, z))];
  }
  const phi = angle(ny, nx);
  const c = Math.hypot(nx[0], ny[0]);
  const theta = chain(z, Math.atan2(z[0], c), 1 / c, z[0] / c ** 3);
  switch (projection) {
    case "CAR":
      return [phi, theta];
    case "MER": {
      // d y / d theta = 1 / cos theta, and y = atanh z
      const t = 1 / (1 - z[0] * z[0]);
      return [phi, chain(z, Math.atanh(z[0]), t, 2 * z[0] * t * t)];
    }
    case "CEA":
      return [phi, linear(1 / p0, z, 0, z)];
    case "CYP": {
      // y = (mu + lambda) z / (mu + cos theta)
      const w = p0 + Math.cos(theta[0]);
      const s = Math.sin(theta[0]);
      const inverse = chain(theta, 1 / w, s / w ** 2, Math.cos(theta[0]) / w ** 2 + (2 * s * s) / w ** 3);
      return [linear(p1, phi, 0, phi), product(linear(p0 + p1, z, 0, z), inverse)];
    }
    case "PAR": {
      const s = sine(linear(1 / 3, theta, 0, theta));
      const width = plus(1, linear(-4, product(s, s), 0, s));
      return [product(phi, width), linear(Math.PI, s, 0, s)];
    }
    case "SFL":
    case "GLS":
      return [product(phi, cosine(theta)), theta];
    case "AIT": {
      const half = linear(0.5, phi, 0, phi);
      const cosTheta = cosine(theta);
      const u = product(cosTheta, cosine(half));
      const w = 1 + u[0];
      const f = Math.sqrt(2 / w);
      const gamma = chain(u, f, -f / (2 * w), (3 * f) / (4 * w * w));
      return [product(linear(2, gamma, 0, gamma), product(cosTheta, sine(half))), product(gamma, z)];
    }
    default: {
      // MOL: 2 gamma + sin 2 gamma = pi z.
      const value = (Math.sign(theta[0]) * (Math.PI - mollweideAngle(theta[0] * DEG))) / 2;
      const slope = Math.PI / (4 * Math.cos(value) ** 2);
      const gamma = chain(z, value, slope, 2 * slope * slope * Math.tan(value));
      const scaled = linear((2 * Math.SQRT2) / Math.PI, phi, 0, phi);
      const s = sine(gamma);
      return [product(scaled, cosine(gamma)), linear(Math.SQRT2, s, 0, s)];
    }
  }
}

/** A coordinate in pixels a deg of the plane, times rad, as pixels and their derivatives by deg. */
function write(p: Jet, crpix: number, out: Float64Array, at: number): void {
  out[at] = p[0] * DEG + crpix - 1;
  for (let k = 1; k < 3; k++) out[at + k] = p[k]!;
  for (let k = 3; k < 6; k++) out[at + k] = p[k]! * RAD;
}

/** {@link makeDerivatives} for one position. */
export function skyToPixDerivatives(wcs: Wcs, lon: number, lat: number, out = new Float64Array(12)): Float64Array {
  makeDerivatives(wcs)(lon, lat, out);
  return out;
}
