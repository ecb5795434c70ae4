import type { ParameterDeclaration } from "../declaration.js";
import { affine, combine, cos, inverse, type Jet, multiply, sin, sqrt, variable } from "../jet.js";

export const degree = Math.PI / 180;

/** Parameters that many shapes share. */
export const lon0: ParameterDeclaration = { unit: "deg", value: 0, about: "longitude of the centre" };
export const lat0: ParameterDeclaration = { unit: "deg", value: 0, min: -90, max: 90, about: "latitude of the centre" };
export const eccentricity: ParameterDeclaration = {
  unit: "",
  value: 0,
  frozen: true,
  min: 0,
  max: 1,
  about: "eccentricity",
};
export const phi: ParameterDeclaration = {
  unit: "deg",
  value: 0,
  frozen: true,
  min: -180,
  max: 180,
  about: "angle of the major axis from north, counter-clockwise",
};

/** 1 - cos(separation), without cancellation at small angles; all in deg. */
export function versine(lon: number, lat: number, lon0: number, lat0: number): number {
  const dlat = Math.sin(((lat - lat0) * degree) / 2);
  const dlon = Math.sin(((lon - lon0) * degree) / 2);
  return 2 * (dlat * dlat + Math.cos(lat * degree) * Math.cos(lat0 * degree) * dlon * dlon);
}

/** Separation in rad from 1 - cos(separation). */
export function angleOfVersine(c: number): number {
  return 2 * Math.asin(Math.min(1, Math.sqrt(c / 2)));
}

/**
 * 1 - cos(separation) and the radius in rad of an ellipse (semi-major axis `major` in rad, eccentricity, position angle `phi` in rad)
 * in the direction of the point. With the offset of the point split along (X) and across (Y) the major axis, X^2 + Y^2 = sin^2 r and
 * `alongShare` = X^2 / sin^2 r: radius = a b / sqrt(a^2 Y^2 / (X^2 + Y^2) + b^2 X^2 / (X^2 + Y^2)).
 */
export function ellipse(
  lon: number,
  lat: number,
  lon0: number,
  lat0: number,
  major: number,
  e: number,
  phi: number,
): { c: number; minor: number; radius: number; alongShare: number } {
  const dlon = (lon - lon0) * degree;
  const half = Math.sin(dlon / 2);
  const east = Math.cos(lat * degree) * Math.sin(dlon);
  const north = Math.sin((lat - lat0) * degree) + Math.cos(lat * degree) * Math.sin(lat0 * degree) * 2 * half * half;
  const along = Math.sin(phi) * east + Math.cos(phi) * north;
  const s = east * east + north * north;
  const minor = major * Math.sqrt(1 - e * e);
  const alongShare = s === 0 ? 1 : (along * along) / s;
  return {
    c: versine(lon, lat, lon0, lat0),
    minor,
    radius: minor / Math.sqrt(1 - e * e * alongShare),
    alongShare,
  };
}

/** `ellipse` with derivatives by the parameters (lon_0, lat_0, major [deg], e, phi [deg]) at the given positions of an n-vector. */
export function ellipseJets(
  lon: number,
  lat: number,
  p: Float64Array,
  at: { major: number; e: number; phi: number },
): { c: Jet; major: Jet; minor: Jet; radius: Jet } {
  const n = p.length;
  const major = variable(n, at.major, p[at.major]!, degree);
  const e = variable(n, at.e, p[at.e]!);
  const angle = variable(n, at.phi, p[at.phi]!, degree);
  // The direction is undefined at the very centre, where every direction gives the same value: step aside by 4 microarcsec.
  const centred = lon === p[0] && lat === p[1];
  const dlon = affine(-1, variable(n, 0, p[0]!, degree), lon * degree);
  const l0 = variable(n, 1, p[1]!, degree);
  const dlat = affine(-1, l0, (lat + (centred ? 1e-9 : 0)) * degree);
  const cosLat = Math.cos(lat * degree);
  const halfLon = sin(affine(0.5, dlon));
  const halfLat = sin(affine(0.5, dlat));
  const lonSquared = multiply(halfLon, halfLon);
  const east = affine(cosLat, sin(dlon));
  const north = combine(1, sin(dlat), 2 * cosLat, multiply(sin(l0), lonSquared));
  const along = combine(1, multiply(sin(angle), east), 1, multiply(cos(angle), north));
  const across = combine(1, multiply(cos(angle), east), -1, multiply(sin(angle), north));
  const along2 = multiply(along, along);
  const across2 = multiply(across, across);
  const flat = affine(-1, multiply(e, e), 1);
  const minor = multiply(major, sqrt(flat));
  // radius^2 = minor^2 (X^2 + Y^2) / (Y^2 + (1 - e^2) X^2)
  const squeeze = multiply(combine(1, along2, 1, across2), inverse(combine(1, across2, 1, multiply(flat, along2))));
  const c = combine(2, multiply(halfLat, halfLat), 2 * cosLat, multiply(cos(l0), lonSquared));
  return { c, major, minor, radius: multiply(minor, sqrt(squeeze)) };
}
