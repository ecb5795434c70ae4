/** Corners of pixels as a shape sees them: offsets from its centre, with derivatives by its free parameters. */

import type { Jet } from "../../models/jet.js";
import { degree } from "../../models/spatial/geometry.js";
import type { ProfilePart } from "../../models/spatial/profile.js";
import { packedLength } from "../flux/types.js";
import type { Shape } from "../shape.js";

/** x and y of a point in units of a profile, each with its derivatives: value, first ones, lower triangle of the second ones. */
export interface Vertex {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export const newVertex = (n: number): Vertex => {
  const length = 1 + n + packedLength(n);
  return { x: new Float64Array(length), y: new Float64Array(length) };
};

/** Series of theta / sin(theta) in (1 - cos(theta)) / 2: each coefficient is (2 n + 2) / (2 n + 3) of the one before; as many as leave 1e-16 at `SERIES`. */
const SERIES = 0.1;
const COEFFICIENTS = Array.from({ length: 14 }, (_, n) => {
  let a = 1;
  for (let k = 0; k < n; k++) a *= (2 * k + 2) / (2 * k + 3);
  return a;
});

/** theta / sin(theta) and its derivatives by c = 1 - cos(theta). */
function stretch(c: number, out: Float64Array): void {
  if (c < SERIES) {
    const x = c / 2;
    let k0 = 0;
    let k1 = 0;
    let k2 = 0;
    for (let n = COEFFICIENTS.length - 1; n >= 0; n--) {
      k2 = k2 * x + 2 * k1;
      k1 = k1 * x + k0;
      k0 = k0 * x + COEFFICIENTS[n]!;
    }
    out[0] = k0;
    out[1] = k1 / 2;
    out[2] = k2 / 4;
    return;
  }
  const sine2 = c * (2 - c);
  const theta = 2 * Math.asin(Math.min(1, Math.sqrt(c / 2)));
  const k = theta / Math.sqrt(sine2);
  const cosine = 1 - c;
  // sin^2 k' = 1 - k cos, and what follows from it
  out[0] = k;
  out[1] = (1 - k * cosine) / sine2;
  out[2] = (k - 3 * cosine * out[1]) / sine2;
}

/** Entries of `offsets` for each of east and north: value, by lon_0, by lat_0, and the lower triangle of the second derivatives. Behind them stands a 0, for other parameters. */
const JET = 6;

/** Offsets of (lon, lat) [deg] from the centre towards east and north in rad, azimuthal equidistant, with derivatives by the centre in deg. */
function offsets(lon: number, lat: number, lon0: number, lat0: number, order: 0 | 1 | 2, work: OffsetWork): void {
  const { east, north, c, k } = work;
  const dlon = (lon - lon0) * degree;
  const dlat = (lat - lat0) * degree;
  const sinHalf = Math.sin(dlon / 2);
  const versine = 2 * sinHalf * sinHalf;
  const sinLon = 2 * sinHalf * Math.cos(dlon / 2);
  const halfLat = Math.sin(dlat / 2);
  const cosLat = Math.cos(lat * degree);
  const u = cosLat * Math.cos(lat0 * degree);
  const v = cosLat * Math.sin(lat0 * degree);
  c[0] = 2 * halfLat * halfLat + u * versine;
  east[0] = cosLat * sinLon;
  north[0] = 2 * halfLat * Math.cos(dlat / 2) + v * versine;
  stretch(c[0], k);
  if (order === 0) {
    east[0] *= k[0]!;
    north[0] *= k[0]!;
    return;
  }
  c[1] = -u * sinLon;
  c[2] = -north[0];
  c[3] = u * (1 - versine);
  c[4] = v * sinLon;
  c[5] = 1 - c[0];
  east[1] = cosLat * (versine - 1);
  east[2] = east[4] = east[5] = 0;
  east[3] = -east[0];
  north[1] = -v * sinLon;
  north[2] = c[0] - 1;
  north[3] = v * (1 - versine);
  north[4] = -u * sinLon;
  north[5] = -north[0];
  times(east, c, k);
  times(north, c, k);
}

/** x becomes k(c) x. */
function times(x: Float64Array, c: Float64Array, k: Float64Array): void {
  const k0 = k[0]!;
  const k1 = k[1]!;
  const k2 = k[2]!;
  for (let a = 2, q = JET - 1; a > 0; a--) {
    for (let b = a; b > 0; b--, q--) {
      const kab = k1 * c[q]! + k2 * c[a]! * c[b]!;
      x[q] = (k0 * x[q]! + k1 * (c[a]! * x[b]! + c[b]! * x[a]!) + kab * x[0]!) * degree * degree;
    }
  }
  for (let a = 1; a <= 2; a++) x[a] = (k0 * x[a]! + k1 * c[a]! * x[0]!) * degree;
  x[0]! *= k0;
}

interface OffsetWork {
  readonly east: Float64Array;
  readonly north: Float64Array;
  readonly c: Float64Array;
  readonly k: Float64Array;
}

/** Fills a vertex from a position (lon, lat) in the frame of the shape. */
export type FillVertex = (lon: number, lat: number, order: 0 | 1 | 2, out: Vertex) => void;

export function vertexFiller(shape: Shape, part: ProfilePart, p: Float64Array, free: readonly number[]): FillVertex {
  const n = free.length;
  const total = p.length;
  const [lon0, lat0] = [p[shape.lon]!, p[shape.lat]!];
  const work = {
    east: new Float64Array(JET + 1),
    north: new Float64Array(JET + 1),
    c: new Float64Array(JET),
    k: new Float64Array(3),
  };
  const { east, north } = work;
  const [xe, xn, ye, yn] = part.matrix;
  /** Where in `offsets` derivatives by the parameters stand; its last entry is 0. */
  const entry = Int32Array.from(free, (i) => (i === shape.lon ? 1 : i === shape.lat ? 2 : JET));
  const fill = (me: Jet, mn: Jet, order: 0 | 1 | 2, out: Float64Array) => {
    const e = east[0]!;
    const w = north[0]!;
    out[0] = me.v * e + mn.v * w;
    if (order === 0) return;
    for (let a = 0, q = 1 + n; a < n; a++) {
      const i = free[a]!;
      const ea = east[entry[a]!]!;
      const na = north[entry[a]!]!;
      out[1 + a] = me.v * ea + mn.v * na + me.g[i]! * e + mn.g[i]! * w;
      for (let b = 0; b <= a && order === 2; b++, q++) {
        const j = free[b]!;
        const place = Math.min(1 + entry[a]! + entry[b]!, JET);
        const k = i * total + j;
        out[q] =
          me.v * east[place]! +
          mn.v * north[place]! +
          me.g[i]! * east[entry[b]!]! +
          me.g[j]! * ea +
          mn.g[i]! * north[entry[b]!]! +
          mn.g[j]! * na +
          me.h[k]! * e +
          mn.h[k]! * w;
      }
    }
  };
  return (lon, lat, order, out) => {
    offsets(lon, lat, lon0, lat0, order, work);
    fill(xe, xn, order, out.x);
    fill(ye, yn, order, out.y);
  };
}
