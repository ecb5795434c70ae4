import type { SpatialDeclaration, SpatialFunction } from "../declaration.js";
import { ELLIPSE, type EllipseDerivatives, ellipseDerivatives, ellipseWork, toDegrees } from "./ellipse-derivatives.js";
import {
  degree,
  eccentricity,
  ellipse,
  ellipseCovariance,
  functionsFrom,
  lat0,
  lon0,
  phi,
  versine,
} from "./geometry.js";

/** Normalisation on the sphere, sr-1, for a = 1 - cos(sigma). */
const normalisation = (a: number) => -1 / (4 * Math.PI * a * Math.expm1(-1 / a));

/** 1 - cos(x) without cancellation. */
const oneMinusCos = (x: number) => 2 * Math.sin(x / 2) ** 2;

/** What the points of a round Gaussian share. */
function roundConstants(p: Float64Array) {
  const sigma = p[2]! * degree;
  const a = oneMinusCos(sigma);
  // ln N = -ln a - ln(1 - exp(-1/a)) + const; w = d ln(1 - exp(-1/a)) / d(1/a)
  const w = 1 / Math.expm1(1 / a);
  const [lat, angle] = [p[1]! * degree, p[4]! * degree];
  return {
    sigma,
    a,
    norm: normalisation(a),
    sinSigma: Math.sin(sigma),
    cosSigma: Math.cos(sigma),
    // d ln(brightness) / da = la + c ka, the second laa - c kaa
    la: -1 / a + w / (a * a),
    ka: 0.5 / (a * a),
    laa: 1 / (a * a) - (2 * w) / a ** 3 + (w * (1 + w)) / a ** 4,
    kaa: 1 / a ** 3,
    sin0: Math.sin(lat),
    cos0: Math.cos(lat),
    sinPhi: Math.sin(angle),
    cosPhi: Math.cos(angle),
  };
}

type RoundConstants = ReturnType<typeof roundConstants>;

/** Closed form for e = 0: brightness = N(a) exp(-c / (2 a)), c = 1 - cos(separation), a = 1 - cos(sigma). */
function roundDerivatives(
  shared: RoundConstants,
  lon: number,
  lat: number,
  p: Float64Array,
  g: Float64Array,
  h: Float64Array,
): number {
  const { a, ka, sinSigma: a1 } = shared;
  const halfLon = ((lon - p[0]!) * degree) / 2;
  const halfLat = ((lat - p[1]!) * degree) / 2;
  const sinHalfLon = Math.sin(halfLon);
  const sinHalfLat = Math.sin(halfLat);
  const cosLat = Math.cos(lat * degree);
  const u = cosLat * shared.cos0;
  const v = cosLat * shared.sin0;
  const verLon = 2 * sinHalfLon * sinHalfLon;
  const sinLon = 2 * sinHalfLon * Math.cos(halfLon);
  const c = 2 * sinHalfLat * sinHalfLat + u * verLon;
  const north = 2 * sinHalfLat * Math.cos(halfLat) + v * verLon;
  const cLon = -u * sinLon;
  const cLat = -north;
  const value = shared.norm * Math.exp(-0.5 * (c / a));
  const k = -0.5 / a;
  const la = shared.la + c * ka;
  const laa = shared.laa - c * shared.kaa;
  const first0 = k * cLon;
  const first1 = k * cLat;
  const first2 = la * a1;
  h.fill(0);
  g.fill(0);
  g[0] = value * first0 * degree;
  g[1] = value * first1 * degree;
  g[2] = value * first2 * degree;
  const scale = value * degree * degree;
  h[0] = scale * (first0 * first0 + k * u * (1 - verLon));
  h[1] = h[5] = scale * (first0 * first1 + k * v * sinLon);
  h[2] = h[10] = scale * (first0 * first2 + ka * cLon * a1);
  h[6] = scale * (first1 * first1 + k * (1 - c));
  h[7] = h[11] = scale * (first1 * first2 + ka * cLat * a1);
  h[12] = scale * (first2 * first2 + laa * a1 * a1 + la * shared.cosSigma);
  // The shape depends on e^2 only: the gradient by e vanishes at 0, the curvature does not.
  const along = shared.sinPhi * cosLat * sinLon + shared.cosPhi * north;
  const s = c * (2 - c);
  const alongShare = s === 0 ? 1 : (along * along) / s;
  h[18] = value * (1 - ((c / 2) * a1 * shared.sigma * (1 - alongShare)) / (a * a));
  return value;
}

/** brightness = exp(-c / (2 A)) / (2 pi a b), A = 1 - cos(radius): derivatives of its logarithm L first, then f (L_i L_j + L_ij). */
function ellipticalDerivatives(
  work: EllipseDerivatives,
  lon: number,
  lat: number,
  p: Float64Array,
  g: Float64Array,
  h: Float64Array,
): number {
  ellipseDerivatives(lon, lat, p, work);
  const { c, radius, first, second, logFirst, logSecond } = work;
  const a = oneMinusCos(radius);
  const inverse = 0.5 / a;
  // of c / (2 A) by ln(radius)
  const slope = radius * Math.sin(radius);
  const byRadius = (-c * inverse * slope) / a;
  const byRadius2 = c * inverse * ((2 * slope * slope) / (a * a) - (slope + radius * radius * Math.cos(radius)) / a);
  const mixed = (-inverse * slope) / a;
  const major = p[2]! * degree;
  const e = p[3]!;
  const flat = 1 - e * e;
  const value = Math.exp(-c * inverse) / (2 * Math.PI * major * major * Math.sqrt(flat));
  for (let i = 0; i < ELLIPSE; i++) g[i] = -inverse * first[i]! - byRadius * logFirst[i]!;
  g[2]! -= 2 / major;
  g[3]! += e / flat;
  for (let i = 0; i < ELLIPSE; i++) {
    for (let j = 0; j <= i; j++) {
      const k = i * ELLIPSE + j;
      const own = inverse * second[k]! + byRadius2 * logFirst[i]! * logFirst[j]! + byRadius * logSecond[k]!;
      h[k] = g[i]! * g[j]! - own - mixed * (first[i]! * logFirst[j]! + first[j]! * logFirst[i]!);
    }
  }
  h[12]! += 2 / (major * major);
  h[18]! += (1 + e * e) / (flat * flat);
  return toDegrees(value, g, h, ELLIPSE);
}

function ellipticalValue(lon: number, lat: number, p: Float64Array): number {
  const sigma = p[2]! * degree;
  const { c, minor, radius } = ellipse(lon, lat, p[0]!, p[1]!, sigma, p[3]!, p[4]! * degree);
  return Math.exp(-0.5 * (c / oneMinusCos(radius))) / (2 * Math.PI * sigma * minor);
}

function gaussianAt(p: Float64Array): Required<SpatialFunction> {
  if (p[3] === 0) {
    const shared = roundConstants(p);
    const { norm, a } = shared;
    return {
      evaluate: (lon, lat) => norm * Math.exp(-0.5 * (versine(lon, lat, p[0]!, p[1]!) / a)),
      derivatives: (lon, lat, g, h) => roundDerivatives(shared, lon, lat, p, g, h),
    };
  }
  const work = ellipseWork();
  return {
    evaluate: (lon, lat) => ellipticalValue(lon, lat, p),
    derivatives: (lon, lat, g, h) => ellipticalDerivatives(work, lon, lat, p, g, h),
  };
}

export const gaussianSpatial: SpatialDeclaration = {
  type: "GaussianSpatialModel",
  tag: "gauss",
  about: "Gaussian on the sphere, round or elliptical",
  latex: String.raw`N \exp\left\{-\frac{1}{2} \frac{1 - \cos\theta}{1 - \cos\sigma}\right\}`,
  position: ["lon_0", "lat_0"],
  parameters: {
    lon_0: lon0,
    lat_0: lat0,
    sigma: { unit: "deg", value: 1, min: 0, about: "width along the major axis" },
    e: eccentricity,
    phi,
  },
  reductions: [{ type: "PointSpatialModel", when: { sigma: 0 }, without: ["e", "phi"] }],
  ...functionsFrom(gaussianAt),
  evaluationRadius: (p) => 5 * p[2]!,
  binSizeMin: (p) => p[2]! / 3,
  covariance: (p) => ellipseCovariance(p[2]! ** 2, p[3]!, p[4]!),
};
