import { digamma, lnGamma, trigamma } from "../../math/gamma.js";
import type { SpatialDeclaration, SpatialFunction } from "../declaration.js";
import { ELLIPSE, type EllipseDerivatives, ellipseDerivatives, ellipseWork, toDegrees } from "./ellipse-derivatives.js";
import {
  angleOfVersine,
  degree,
  eccentricity,
  ellipse,
  ellipseCovariance,
  functionsFrom,
  lat0,
  lon0,
  phi,
} from "./geometry.js";

/** Parameters; here eta comes after those of the ellipse. */
const N = ELLIPSE + 1;
/** Where each of the declared ones stands here: lon_0, lat_0, r_0, eta, e, phi. */
const ORDER = [0, 1, 2, 5, 3, 4];
/** exp(-x) is zero beyond. */
const UNDERFLOW = 745;

/** Solid angle over exp(-z^(1 / eta)), sr. */
const lnArea = (major: number, minor: number, eta: number) =>
  Math.log(2 * Math.PI * major * minor * eta) + lnGamma(2 * eta);

/** Work arrays of the points of one image: the parameters in the order used here [N], and the derivatives of ln f [N], [N, N]. */
interface Work {
  readonly ellipse: EllipseDerivatives;
  readonly own: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/**
 * Brightness f = exp(-T) / area, T = (theta / radius)^(1 / eta): derivatives of ln f first, then f (L_i L_j + L_ij). With m = ln(theta / radius) and w = 1 / eta
 * those of T are T w m_i and T (w^2 m_i m_j + w m_ij).
 */
function derivatives(
  { ellipse, own, first, second }: Work,
  lon: number,
  lat: number,
  p: Float64Array,
  g: Float64Array,
  h: Float64Array,
): number {
  for (let i = 0; i < N; i++) own[ORDER[i]!] = p[i]!;
  ellipseDerivatives(lon, lat, own, ellipse);
  const { c, radius, logFirst, logSecond } = ellipse;
  const eta = own[ELLIPSE]!;
  const w = 1 / eta;
  const theta = angleOfVersine(c);
  const m = Math.log(theta / radius);
  const T = Math.exp(w * m);
  g.fill(0);
  h.fill(0);
  if (!(T < UNDERFLOW)) return 0;
  const [major, e] = [own[2]! * degree, own[3]!];
  const flat = 1 - e * e;
  const value = Math.exp(-T - lnArea(major, major * Math.sqrt(flat), eta));
  // ln theta by c
  const sin = Math.sqrt(c * (2 - c));
  const slope = 1 / (sin * theta);
  const curvature = (slope * (c - 1)) / (sin * sin) - slope * slope;
  for (let i = 0; i < ELLIPSE; i++) {
    const mi = slope * ellipse.first[i]! - logFirst[i]!;
    first[i] = mi;
    for (let j = 0; j <= i; j++) {
      const k = i * ELLIPSE + j;
      const mij = slope * ellipse.second[k]! + curvature * ellipse.first[i]! * ellipse.first[j]! - logSecond[k]!;
      second[i * N + j] = -T * w * (w * mi * first[j]! + mij);
    }
    second[ELLIPSE * N + i] = T * w * w * mi * (w * m + 1);
  }
  for (let i = 0; i < ELLIPSE; i++) first[i]! *= -T * w;
  first[ELLIPSE] = T * m * w * w - w - 2 * digamma(2 * eta);
  second[N * N - 1] = w * w * (1 - T * m * (w * m + 2) * w) - 4 * trigamma(2 * eta);
  first[2]! -= 2 / major;
  first[3]! += e / flat;
  second[2 * N + 2]! += 2 / (major * major);
  second[3 * N + 3]! += (1 + e * e) / (flat * flat);
  for (let i = 0; i < N; i++) for (let j = 0; j <= i; j++) second[i * N + j]! += first[i]! * first[j]!;
  toDegrees(value, first, second, N);
  for (let i = 0; i < N; i++) {
    g[i] = first[ORDER[i]!]!;
    for (let j = 0; j < N; j++) h[i * N + j] = second[ORDER[i]! * N + ORDER[j]!]!;
  }
  return value;
}

function brightness(lon: number, lat: number, p: Float64Array): number {
  const major = p[2]! * degree;
  const { c, minor, radius } = ellipse(lon, lat, p[0]!, p[1]!, major, p[4]!, p[5]! * degree);
  const T = (angleOfVersine(c) / radius) ** (1 / p[3]!);
  return T < UNDERFLOW ? Math.exp(-T - lnArea(major, minor, p[3]!)) : 0;
}

function generalizedGaussianAt(p: Float64Array): Required<SpatialFunction> {
  const vector = () => new Float64Array(N);
  const work: Work = { ellipse: ellipseWork(), own: vector(), first: vector(), second: new Float64Array(N * N) };
  return {
    evaluate: (lon, lat) => brightness(lon, lat, p),
    derivatives: (lon, lat, g, h) => derivatives(work, lon, lat, p, g, h),
  };
}

export const generalizedGaussianSpatial: SpatialDeclaration = {
  type: "GeneralizedGaussianSpatialModel",
  tag: "gauss-general",
  about: "Disk (eta near 0), Gaussian (0.5), Laplace profile (1) and all between, round or elliptical",
  latex: String.raw`N \exp\left[-\left(\frac{\theta}{r_0}\right)^{1 / \eta}\right]`,
  position: ["lon_0", "lat_0"],
  parameters: {
    lon_0: lon0,
    lat_0: lat0,
    r_0: { unit: "deg", value: 1, lowest: 0, about: "radius along the major axis" },
    eta: { unit: "", value: 0.5, min: 0.01, max: 1, about: "shape" },
    e: eccentricity,
    phi,
  },
  ...functionsFrom(generalizedGaussianAt),
  evaluationRadius: (p) => p[2]! * (1 + 8 * p[3]!),
  binSizeMin: (p) => p[2]! / (3 + 8 * p[3]!) / (1 + p[4]!),
  covariance: ([, , r, eta, e, phi]) =>
    ellipseCovariance((r! ** 2 / 2) * Math.exp(lnGamma(4 * eta!) - lnGamma(2 * eta!)), e!, phi!),
};
