import type {
  ParameterDeclaration,
  SpatialDeclaration,
  SpatialDerivatives,
  SpatialEvaluate,
  SpatialFunction,
} from "../declaration.js";

export const degree = Math.PI / 180;

/** Parameters that many shapes share. */
export const lon0: ParameterDeclaration = {
  unit: "deg",
  value: 0,
  period: 360,
  about: "longitude of the centre",
};
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
  period: 180,
  about: "angle of the major axis from north, counter-clockwise",
};

/** The functions of a declaration from those at fixed parameters. */
export function functionsFrom(
  at: (p: Float64Array) => Required<SpatialFunction>,
): Required<Pick<SpatialDeclaration, "evaluate" | "derivatives">> {
  const evaluate: SpatialEvaluate = (lon, lat, p) => at(p).evaluate(lon, lat);
  const derivatives: SpatialDerivatives = (lon, lat, p, g, h) => at(p).derivatives(lon, lat, g, h);
  return { evaluate: Object.assign(evaluate, { at }), derivatives: Object.assign(derivatives, { at }) };
}

/** `SpatialDeclaration.covariance` of an ellipse: variance along the major axis, eccentricity and position angle in deg. */
export function ellipseCovariance(variance: number, e: number, phi: number): readonly [number, number, number] {
  const [sin, cos] = [Math.sin(phi * degree), Math.cos(phi * degree)];
  const across = 1 - e * e;
  return [
    variance * (sin * sin + across * cos * cos),
    variance * e * e * sin * cos,
    variance * (cos * cos + across * sin * sin),
  ];
}

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
