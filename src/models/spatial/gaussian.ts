import type { SpatialDeclaration } from "../declaration.js";
import { affine, chain, exp, inverse, multiply, unpack } from "../jet.js";
import { degree, eccentricity, ellipse, ellipseJets, lat0, lon0, phi, versine } from "./geometry.js";

/** Normalisation on the sphere, sr-1, for a = 1 - cos(sigma). */
const normalisation = (a: number) => -1 / (4 * Math.PI * a * Math.expm1(-1 / a));

/** 1 - cos(x) without cancellation. */
const oneMinusCos = (x: number) => 2 * Math.sin(x / 2) ** 2;

/** Closed form for e = 0: brightness = N(a) exp(-c / (2 a)), c = 1 - cos(separation), a = 1 - cos(sigma). */
function roundDerivatives(lon: number, lat: number, p: Float64Array, g: Float64Array, h: Float64Array): number {
  const sigma = p[2]! * degree;
  const a = oneMinusCos(sigma);
  const a1 = Math.sin(sigma);
  const dlon = (p[0]! - lon) * degree;
  const dlat = (p[1]! - lat) * degree;
  const cosLat = Math.cos(lat * degree);
  const cos0 = Math.cos(p[1]! * degree);
  const sin0 = Math.sin(p[1]! * degree);
  const verLon = oneMinusCos(dlon);
  const c = oneMinusCos(dlat) + cosLat * cos0 * verLon;
  const cLon = cosLat * cos0 * Math.sin(dlon);
  const cLat = Math.sin(dlat) - cosLat * sin0 * verLon;
  const value = normalisation(a) * Math.exp(-0.5 * (c / a));
  // ln N = -ln a - ln(1 - exp(-1/a)) + const; w = d ln(1 - exp(-1/a)) / d(1/a)
  const w = 1 / Math.expm1(1 / a);
  const k = -0.5 / a;
  const la = -1 / a + (w + 0.5 * c) / (a * a);
  const laa = 1 / (a * a) - (2 * w + c) / a ** 3 + (w * (1 + w)) / a ** 4;
  const ka = 0.5 / (a * a);
  const second = [
    k * cosLat * cos0 * Math.cos(dlon),
    k * -cosLat * sin0 * Math.sin(dlon),
    ka * cLon * a1,
    k * (Math.cos(dlat) - cosLat * cos0 * verLon),
    ka * cLat * a1,
    laa * a1 * a1 + la * Math.cos(sigma),
  ];
  const first = [k * cLon, k * cLat, la * a1];
  h.fill(0);
  g.fill(0);
  for (let i = 0, m = 0; i < 3; i++) {
    g[i] = value * first[i]! * degree;
    for (let j = i; j < 3; j++, m++) {
      const entry = value * (first[i]! * first[j]! + second[m]!) * degree * degree;
      h[i * 5 + j] = entry;
      h[j * 5 + i] = entry;
    }
  }
  // The shape depends on e^2 only: the gradient by e vanishes at 0, the curvature does not.
  const { alongShare } = ellipse(lon, lat, p[0]!, p[1]!, sigma, 0, p[4]! * degree);
  h[18] = value * (1 - ((c / 2) * a1 * sigma * (1 - alongShare)) / (a * a));
  return value;
}

export const gaussianSpatial: SpatialDeclaration = {
  type: "GaussianSpatialModel",
  tag: "gauss",
  about: "Gaussian on the sphere, round or elliptical",
  latex: String.raw`N \exp\left\{-\frac{1}{2} \frac{1 - \cos\theta}{1 - \cos\sigma}\right\}`,
  parameters: {
    lon_0: lon0,
    lat_0: lat0,
    sigma: { unit: "deg", value: 1, min: 0, about: "width along the major axis" },
    e: eccentricity,
    phi,
  },
  evaluate(lon, lat, p) {
    const sigma = p[2]! * degree;
    if (p[3] === 0) {
      const a = oneMinusCos(sigma);
      return normalisation(a) * Math.exp(-0.5 * (versine(lon, lat, p[0]!, p[1]!) / a));
    }
    const { c, minor, radius } = ellipse(lon, lat, p[0]!, p[1]!, sigma, p[3]!, p[4]! * degree);
    return Math.exp(-0.5 * (c / oneMinusCos(radius))) / (2 * Math.PI * sigma * minor);
  },
  derivatives(lon, lat, p, g, h) {
    if (p[3] === 0) return roundDerivatives(lon, lat, p, g, h);
    const { c, major, minor, radius } = ellipseJets(lon, lat, p, { major: 2, e: 3, phi: 4 });
    const half = radius.v / 2;
    const a = chain(radius, 2 * Math.sin(half) ** 2, Math.sin(radius.v), Math.cos(radius.v));
    const shape = exp(affine(-0.5, multiply(c, inverse(a))));
    return unpack(affine(1 / (2 * Math.PI), multiply(shape, inverse(multiply(major, minor)))), g, h);
  },
  evaluationRadius: (p) => 5 * p[2]!,
  binSizeMin: (p) => p[2]! / 3,
};
