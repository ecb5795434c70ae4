import { erfc } from "../../math/special.js";
import type { SpatialDeclaration } from "../declaration.js";
import { affine, chain, chain2, inverse, type Jet, multiply, sin, unpack, variable } from "../jet.js";
import { angleOfVersine, degree, eccentricity, ellipse, ellipseJets, lat0, lon0, phi } from "./geometry.js";

/** erf reaches +-0.98 (95 % of the step) at +-`edge_width` of the radius. */
const edge95 = 2.326174307353347;
/** erfc is 0 or 2 to the last bit beyond this argument. */
const saturation = 6;

/**
 * Solid angle of an ellipse on the sphere as a function of A = 1 / sin^2 a and B = 1 / sin^2 b, with derivatives
 * [v, A, B, AA, AB, BB]: 2 int_0^pi [1 - sqrt(1 - q)] dt, q = 1 / (A cos^2 t + B sin^2 t). The trapezoid rule converges exponentially on
 * the periodic integrand.
 */
function solidAngle(A: number, B: number): Float64Array {
  const out = new Float64Array(6);
  const n = Math.min(4000, 16 + Math.ceil(20 * Math.sqrt(B / A)));
  const weight = (2 * Math.PI) / n;
  for (let k = 0; k < n; k++) {
    const c = Math.cos((k * Math.PI) / n) ** 2;
    const s = 1 - c;
    const q = 1 / (A * c + B * s);
    const root = Math.sqrt(1 - q);
    const first = (-0.5 * q * q) / root;
    const second = (0.25 / root ** 3 + 1 / (q * root)) * q ** 4;
    out[0]! += (weight * q) / (1 + root);
    out[1]! += weight * first * c;
    out[2]! += weight * first * s;
    out[3]! += weight * second * c * c;
    out[4]! += weight * second * c * s;
    out[5]! += weight * second * s * s;
  }
  return out;
}

function solidAngleOf(p: Float64Array): number {
  const a = p[2]! * degree;
  if (p[3] === 0 && a <= Math.PI / 2) return 4 * Math.PI * Math.sin(a / 2) ** 2;
  return solidAngle(1 / Math.sin(a) ** 2, 1 / Math.sin(a * Math.sqrt(1 - p[3]! ** 2)) ** 2)[0]!;
}

const inverseSineSquared = (x: Jet): Jet => {
  const s = sin(x);
  return inverse(multiply(s, s));
};

export const diskSpatial: SpatialDeclaration = {
  type: "DiskSpatialModel",
  tag: "disk",
  about: "Disk of even brightness with a soft edge, round or elliptical",
  latex: String.raw`\frac{1}{2 \Omega} \left[1 - \mathrm{erf}\left(\frac{\theta - r_0}{\Delta}\right)\right]`,
  parameters: {
    lon_0: lon0,
    lat_0: lat0,
    r_0: { unit: "deg", value: 1, min: 0, about: "radius along the major axis" },
    e: eccentricity,
    phi,
    edge_width: { unit: "", value: 0.01, frozen: true, min: 0, max: 1, about: "width of the edge over the radius" },
  },
  evaluate(lon, lat, p) {
    const { c, radius } = ellipse(lon, lat, p[0]!, p[1]!, p[2]! * degree, p[3]!, p[4]! * degree);
    const z = (edge95 * (angleOfVersine(c) - radius)) / (radius * p[5]!);
    return z > saturation ? 0 : (0.5 * erfc(z)) / solidAngleOf(p);
  },
  derivatives(lon, lat, p, g, h) {
    const { c, major, minor, radius } = ellipseJets(lon, lat, p, { major: 2, e: 3, phi: 4 });
    const angle = angleOfVersine(c.v);
    const z = (edge95 * (angle - radius.v)) / (radius.v * p[5]!);
    if (z > saturation) {
      g.fill(0);
      h.fill(0);
      return 0;
    }
    const A = inverseSineSquared(major);
    const B = inverseSineSquared(minor);
    const [v, dA, dB, dAA, dAB, dBB] = solidAngle(A.v, B.v);
    const density = inverse(chain2(A, B, v!, dA!, dB!, dAA!, dAB!, dBB!));
    if (z < -saturation) return unpack(density, g, h);
    // theta = 2 asin(sqrt(c / 2))
    const d = c.v * (2 - c.v);
    const theta = chain(c, angle, 1 / Math.sqrt(d), (c.v - 1) / d ** 1.5);
    const width = variable(6, 5, p[5]!);
    const argument = affine(edge95, multiply(affine(1, multiply(theta, inverse(radius)), -1), inverse(width)));
    const slope = -Math.exp(-z * z) / Math.sqrt(Math.PI);
    const edge = chain(argument, 0.5 * erfc(z), slope, -2 * z * slope);
    return unpack(multiply(edge, density), g, h);
  },
  evaluationRadius: (p) => 1.1 * p[2]! * (1 + p[5]!),
  binSizeMin: (p) => (p[2]! * (1 - p[5]!)) / 10,
};
