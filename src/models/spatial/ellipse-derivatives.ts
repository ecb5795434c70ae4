import { degree } from "./geometry.js";

/** Parameters of an ellipse in the order of its derivatives; those of the shapes begin with the same five. */
export const ELLIPSE = 5;

/**
 * What an ellipse makes of a point: c = 1 - cos(separation from the centre), and the radius in the direction of the point. Derivatives by (lon_0, lat_0,
 * major, e, phi), all angles in rad.
 */
export interface EllipseDerivatives {
  c: number;
  /** Of c [5], and [5, 5]; those by lon_0 and lat_0 alone are not zero. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  radius: number;
  /** Of ln(radius) [5], [5, 5] */
  readonly logFirst: Float64Array;
  readonly logSecond: Float64Array;
}

export function ellipseWork(): EllipseDerivatives {
  const [vector, matrix] = [() => new Float64Array(ELLIPSE), () => new Float64Array(ELLIPSE * ELLIPSE)];
  return { c: 0, first: vector(), second: matrix(), radius: 0, logFirst: vector(), logSecond: matrix() };
}

/**
 * Fills `out`. With the offset of the point from the centre split into E and N, E^2 + N^2 = sin^2 r, its position angle is A = atan2(E, N), and with psi = A - phi
 * radius = major sqrt(1 - e^2) / sqrt(1 - e^2 cos^2 psi). `p`: lon_0, lat_0, major, e, phi in deg.
 */
export function ellipseDerivatives(lon: number, lat: number, p: Float64Array, out: EllipseDerivatives): void {
  const { first, second, logFirst, logSecond } = out;
  const dlon = (lon - p[0]!) * degree;
  // The direction is undefined at the very centre, where every direction gives the same value: step aside by 4 microarcsec.
  const dlat = (lat - p[1]! + (lon === p[0] && lat === p[1] ? 1e-9 : 0)) * degree;
  const sinHalf = Math.sin(dlon / 2);
  const verLon = 2 * sinHalf * sinHalf;
  const sinLon = 2 * sinHalf * Math.cos(dlon / 2);
  const halfLat = Math.sin(dlat / 2);
  const cosLat = Math.cos(lat * degree);
  const cos0 = Math.cos(p[1]! * degree);
  const sin0 = Math.sin(p[1]! * degree);
  const sinLat = Math.sin(dlat);
  const u = cosLat * cos0;
  const v = cosLat * sin0;
  const c = 2 * halfLat * halfLat + u * verLon;
  out.c = c;
  const east = cosLat * sinLon;
  const north = sinLat + v * verLon;
  // by lon_0, by lat_0
  first[0] = -u * sinLon;
  first[1] = -north;
  const east1 = cosLat * (verLon - 1);
  const north1 = -v * sinLon;
  const north2 = c - 1;
  second[0] = u * (1 - verLon);
  second[1] = second[5] = v * sinLon;
  second[6] = 1 - c;

  const s = east * east + north * north;
  const a1 = (east1 * north - north1 * east) / s;
  const a2 = (-north2 * east) / s;
  const s1 = (2 * (east * east1 + north * north1)) / s;
  const s2 = (2 * north * north2) / s;
  const a11 = (-east * north - v * (1 - verLon) * east) / s - a1 * s1;
  const a12 = (east1 * north2 + u * sinLon * east) / s - a1 * s2;
  const a22 = (north * east) / s - a2 * s2;

  const sinPhi = Math.sin(p[4]! * degree);
  const cosPhi = Math.cos(p[4]! * degree);
  const along = sinPhi * east + cosPhi * north;
  const across = cosPhi * east - sinPhi * north;
  // cos^2 psi with its derivatives by psi
  const w = (along * along) / s;
  const w1 = (-2 * along * across) / s;
  const w2 = (2 * (across * across - along * along)) / s;
  const e = p[3]!;
  const e2 = e * e;
  const flat = 1 - e2;
  const k = 1 / (1 - e2 * w);
  const major = p[2]! * degree;
  out.radius = major * Math.sqrt(flat * k);
  const psi1 = 0.5 * e2 * w1 * k;
  const psi2 = 0.5 * e2 * k * (w2 + e2 * w1 * w1 * k);
  const psiE = e * w1 * k * k;
  logFirst[0] = psi1 * a1;
  logFirst[1] = psi1 * a2;
  logFirst[2] = 1 / major;
  logFirst[3] = e * w * k - e / flat;
  logFirst[4] = -psi1;
  logSecond[0] = psi2 * a1 * a1 + psi1 * a11;
  logSecond[1] = logSecond[5] = psi2 * a1 * a2 + psi1 * a12;
  logSecond[6] = psi2 * a2 * a2 + psi1 * a22;
  logSecond[12] = -1 / (major * major);
  logSecond[3] = logSecond[15] = psiE * a1;
  logSecond[8] = logSecond[16] = psiE * a2;
  logSecond[18] = w * (1 + e2 * w) * k * k - (1 + e2) / (flat * flat);
  logSecond[4] = logSecond[20] = -psi2 * a1;
  logSecond[9] = logSecond[21] = -psi2 * a2;
  logSecond[19] = logSecond[23] = -psiE;
  logSecond[24] = psi2;
}

/** Derivatives g and h (its lower triangle) by angles in rad become f times those by angles in deg, h with both halves. Returns f. */
export function toDegrees(f: number, g: Float64Array, h: Float64Array, n: number): number {
  for (let i = 0; i < n; i++) {
    const scale = f * unit(i);
    g[i]! *= scale;
    for (let j = 0; j <= i; j++) h[i * n + j] = h[j * n + i] = h[i * n + j]! * scale * unit(j);
  }
  return f;
}

const unit = (i: number) => (i === 3 || i >= ELLIPSE ? 1 : degree);
