/**
 * Pixel positions with their exact first and second derivatives by longitude and latitude, for models whose position is free. Inside, a jet is
 * [value, d/dlon, d/dlat, d2/dlon2, d2/dlon dlat, d2/dlat2], angles in rad.
 */
import { convertFrame, frameRotation } from "./frames.js";
import { mollweideAngle } from "./projections.js";
import type { Frame, Wcs } from "./types.js";
import { makeProjector, nativePole } from "./wcs.js";

const RAD = Math.PI / 180;
const DEG = 180 / Math.PI;

type Jet = Float64Array;

/** out = a p + b q */
function combine(out: Jet, a: number, p: Jet, b: number, q: Jet): void {
  for (let k = 0; k < 6; k++) out[k] = a * p[k]! + b * q[k]!;
}

/** out = p q, another jet than either. */
function multiply(out: Jet, p: Jet, q: Jet): void {
  const p0 = p[0]!;
  const q0 = q[0]!;
  for (let k = 0; k < 6; k++) out[k] = p[k]! * q0 + p0 * q[k]!;
  out[0] = p0 * q0;
  out[3]! += 2 * p[1]! * q[1]!;
  out[4]! += p[1]! * q[2]! + p[2]! * q[1]!;
  out[5]! += 2 * p[2]! * q[2]!;
}

/** out = f(p) from f and its first and second derivative at p. */
function chain(out: Jet, p: Jet, f: number, f1: number, f2: number): void {
  const x = p[1]!;
  const y = p[2]!;
  for (let k = 1; k < 6; k++) out[k] = f1 * p[k]!;
  out[0] = f;
  out[3]! += f2 * x * x;
  out[4]! += f2 * x * y;
  out[5]! += f2 * y * y;
}

const sine = (out: Jet, p: Jet) => chain(out, p, Math.sin(p[0]!), Math.cos(p[0]!), -Math.sin(p[0]!));
const cosine = (out: Jet, p: Jet) => chain(out, p, Math.cos(p[0]!), -Math.sin(p[0]!), -Math.cos(p[0]!));

/** out = atan2(y, x) through the complex logarithm: d(log w) = dw/w, d2(log w) = d2w/w - (dw/w)^2. */
function angle(out: Jet, y: Jet, x: Jet): void {
  const x0 = x[0]!;
  const y0 = y[0]!;
  const rho2 = x0 * x0 + y0 * y0;
  const re1 = (x[1]! * x0 + y[1]! * y0) / rho2;
  const re2 = (x[2]! * x0 + y[2]! * y0) / rho2;
  for (let k = 1; k < 6; k++) out[k] = (y[k]! * x0 - x[k]! * y0) / rho2;
  out[0] = Math.atan2(y0, x0);
  out[3]! -= 2 * re1 * out[1]!;
  out[4]! -= re1 * out[2]! + re2 * out[1]!;
  out[5]! -= 2 * re2 * out[2]!;
}

/** Jets of one position. */
interface Work {
  /** Unit vector of the position in the frame of the model, and of the map's native coordinates. */
  readonly sky: readonly [Jet, Jet, Jet];
  readonly native: readonly [Jet, Jet, Jet];
  /** Plane coordinates. */
  readonly plane: readonly [Jet, Jet];
  /** Native longitude and latitude, and steps on the way. */
  readonly phi: Jet;
  readonly theta: Jet;
  readonly steps: readonly [Jet, Jet, Jet];
  /** Of a zenithal projection [3]. */
  readonly factor: Float64Array;
}

function createWork(): Work {
  const jet = () => new Float64Array(6);
  return {
    sky: [jet(), jet(), jet()],
    native: [jet(), jet(), jet()],
    plane: [jet(), jet()],
    phi: jet(),
    theta: jet(),
    steps: [jet(), jet(), jet()],
    factor: new Float64Array(3),
  };
}

function fillSky([x, y, z]: Work["sky"], lon: number, lat: number): void {
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
}

/** Rotation [3, 3] from a frame to native coordinates (Paper II equation (5)). */
function rotation(wcs: Wcs, frame: Frame): Float64Array {
  const pole = nativePole(wcs);
  const [sa, ca] = [Math.sin(pole.lon * RAD), Math.cos(pole.lon * RAD)];
  const [sd, cd] = [Math.sin(pole.lat * RAD), Math.cos(pole.lat * RAD)];
  const [sp, cp] = [Math.sin(pole.lonpole * RAD), Math.cos(pole.lonpole * RAD)];
  const x = [-sd * ca, -sd * sa, cd];
  const y = [sa, -ca, 0];
  const z = [cd * ca, cd * sa, sd];
  const native = [x.map((v, k) => cp * v - sp * y[k]!), x.map((v, k) => sp * v + cp * y[k]!), z];
  const change = frameRotation(frame, wcs.frame);
  return Float64Array.from({ length: 9 }, (_, ij) => {
    const row = native[Math.floor(ij / 3)]!;
    return row.reduce((sum, v, k) => sum + v * change[3 * k + (ij % 3)]!, 0);
  });
}

function rotate(out: Work["native"], m: Float64Array, [x, y, z]: Work["sky"]): void {
  for (let i = 0; i < 3; i++) {
    const to = out[i]!;
    for (let k = 0; k < 6; k++) to[k] = m[3 * i]! * x[k]! + m[3 * i + 1]! * y[k]! + m[3 * i + 2]! * z[k]!;
  }
}

/** A projection: plane coordinates from the native unit vector. */
type Project = (work: Work) => void;

/** Zenithal projections: `factor` fills [3] with R / sin c and its derivatives by z = cos c, c the angle from the native pole and R the radius in the plane. */
function zenithal(factor: (z: number, out: Float64Array) => void): Project {
  return ({ native: [x, y, z], plane: [px, py], steps: [g], factor: f }) => {
    factor(z[0]!, f);
    chain(g, z, f[0]!, f[1]!, f[2]!);
    multiply(px, g, y);
    multiply(py, g, x);
    combine(py, -1, py, 0, py);
  };
}

function gnomonic(z: number, out: Float64Array): void {
  out[0] = 1 / z;
  out[1] = -1 / z ** 2;
  out[2] = 2 / z ** 3;
}

function stereographic(z: number, out: Float64Array): void {
  const w = 1 + z;
  out[0] = 2 / w;
  out[1] = -2 / w ** 2;
  out[2] = 4 / w ** 3;
}

function orthographic(_: number, out: Float64Array): void {
  out[0] = 1;
  out[1] = out[2] = 0;
}

function equalArea(z: number, out: Float64Array): void {
  const w = 1 + z;
  out[0] = Math.sqrt(2 / w);
  out[1] = -out[0] / (2 * w);
  out[2] = (3 * out[0]) / (4 * w * w);
}

/** c / sin c; near the pole by its series in 1 - z, whose coefficients are n! / (2n+1)!!. */
function equidistant(z: number, out: Float64Array): void {
  const u = 1 - z;
  if (u > 0.1) {
    const s2 = u * (1 + z);
    out[0] = Math.acos(z) / Math.sqrt(s2);
    out[1] = (z * out[0] - 1) / s2;
    out[2] = (out[0] + 3 * z * out[1]) / s2;
    return;
  }
  out[0] = 1;
  out[1] = out[2] = 0;
  let a = 1;
  let power = 1;
  for (let n = 1; n <= 16; n++) {
    a *= n / (2 * n + 1);
    out[1] -= n * a * power;
    out[2] += (n + 1) * n * ((a * (n + 1)) / (2 * n + 3)) * power;
    power *= u;
    out[0] += a * power;
  }
}

function fillAngles({ native: [x, y, z], phi, theta }: Work): void {
  angle(phi, y, x);
  const c = Math.hypot(x[0]!, y[0]!);
  chain(theta, z, Math.atan2(z[0]!, c), 1 / c, z[0]! / c ** 3);
}

function plateCarree({ plane: [px, py], phi, theta }: Work): void {
  px.set(phi);
  py.set(theta);
}

function sansonFlamsteed({ plane: [px, py], phi, theta, steps: [c] }: Work): void {
  cosine(c, theta);
  multiply(px, phi, c);
  py.set(theta);
}

function hammerAitoff({ native: [, , z], plane: [px, py], phi, theta, steps: [half, c, u] }: Work): void {
  combine(half, 0.5, phi, 0, phi);
  cosine(c, theta);
  // the plane is not needed yet
  cosine(px, half);
  multiply(u, c, px);
  const w = 1 + u[0]!;
  const f = Math.sqrt(2 / w);
  chain(u, u, f, -f / (2 * w), (3 * f) / (4 * w * w));
  sine(px, half);
  multiply(half, c, px);
  multiply(px, u, half);
  combine(px, 2, px, 0, px);
  multiply(py, u, z);
}

/** 2 gamma + sin 2 gamma = pi z */
function mollweide({ native: [, , z], plane: [px, py], phi, theta, steps: [gamma, c] }: Work): void {
  const value = (Math.sign(theta[0]!) * (Math.PI - mollweideAngle(theta[0]! * DEG))) / 2;
  const slope = Math.PI / (4 * Math.cos(value) ** 2);
  chain(gamma, z, value, slope, 2 * slope * slope * Math.tan(value));
  cosine(c, gamma);
  multiply(px, phi, c);
  combine(px, (2 * Math.SQRT2) / Math.PI, px, 0, px);
  sine(py, gamma);
  combine(py, Math.SQRT2, py, 0, py);
}

const withAngles =
  (project: Project): Project =>
  (work) => {
    fillAngles(work);
    project(work);
  };

const PROJECTIONS: Readonly<Record<string, Project>> = {
  TAN: zenithal(gnomonic),
  STG: zenithal(stereographic),
  SIN: zenithal(orthographic),
  ZEA: zenithal(equalArea),
  ARC: zenithal(equidistant),
  CAR: withAngles(plateCarree),
  SFL: withAngles(sansonFlamsteed),
  GLS: withAngles(sansonFlamsteed),
  AIT: withAngles(hammerAitoff),
  MOL: withAngles(mollweide),
};

/** Fills x and y [6] with a 0-based pixel position, from order 1 on with its derivatives: [x, x_lon, x_lat, x_lonlon, x_lonlat, x_latlat], per deg. */
export type PixelDerivatives = (lon: number, lat: number, order: 0 | 1 | 2, x: Float64Array, y: Float64Array) => void;

/** The pixel positions of a map for places in `frame`, with their derivatives by longitude and latitude in it. Calls allocate nothing. */
export function makePixelDerivatives(wcs: Wcs, frame: Frame): PixelDerivatives {
  const { skyToPix } = makeProjector(wcs);
  const project = PROJECTIONS[wcs.projection]!;
  const toNative = rotation(wcs, frame);
  const work = createWork();
  const place = new Float64Array(2);
  return (lon, lat, order, x, y) => {
    convertFrame(lon, lat, frame, wcs.frame, place);
    skyToPix(place[0]!, place[1]!, place);
    x[0] = place[0]!;
    y[0] = place[1]!;
    if (order === 0) return;
    fillSky(work.sky, lon, lat);
    rotate(work.native, toNative, work.sky);
    project(work);
    fillDerivatives(x, work.plane[0], wcs.cdelt[0]);
    fillDerivatives(y, work.plane[1], wcs.cdelt[1]);
  };
}

/** Of a pixel coordinate by deg from those of a plane coordinate in rad by rad. */
function fillDerivatives(out: Float64Array, p: Jet, cdelt: number): void {
  for (let k = 1; k < 3; k++) out[k] = p[k]! / cdelt;
  for (let k = 3; k < 6; k++) out[k] = (p[k]! * RAD) / cdelt;
}
