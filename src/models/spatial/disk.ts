import { once } from "../../math/cache.js";
import { erfc } from "../../math/special.js";
import type { SpatialDeclaration, SpatialFunction } from "../declaration.js";
import { affine, chain2, inverse, type Jet, multiply, sin, sqrt, variable } from "../jet.js";
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
import type { ProfilePart } from "./profile.js";
import { EDGE, softDisk } from "./soft-disk.js";

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

/** Parameters. */
const N = ELLIPSE + 1;

/** 1 / solid angle with its derivatives by the parameters. */
function densityJet(p: Float64Array): Jet {
  const major = variable(N, 2, p[2]!, degree);
  const e = variable(N, 3, p[3]!);
  const A = inverseSineSquared(major);
  const B = inverseSineSquared(multiply(major, sqrt(affine(-1, multiply(e, e), 1))));
  const [v, dA, dB, dAA, dAB, dBB] = solidAngle(A.v, B.v);
  return inverse(chain2(A, B, v!, dA!, dB!, dAA!, dAB!, dBB!));
}

/** What the points of a disk share: brightness = erfc(z) / 2 times the density. */
interface DiskWork {
  /** 1 / solid angle. */
  readonly density: () => Jet;
  /** Work arrays: the ellipse, and the derivatives of z [N], [N, N]. */
  readonly ellipse: EllipseDerivatives;
  readonly z1: Float64Array;
  readonly z2: Float64Array;
}

/** Fills z1 and z2 for z = EDGE (theta / radius - 1) / width from the ellipse. */
function edgeDerivatives({ ellipse, z1, z2 }: DiskWork, theta: number, width: number): void {
  const { c, first, second, radius, logFirst, logSecond } = ellipse;
  const scale = EDGE / width;
  const ratio = theta / radius;
  // theta = 2 asin(sqrt(c / 2))
  const d = c * (2 - c);
  const slope = 1 / (Math.sqrt(d) * radius);
  const curvature = (slope * (c - 1)) / d;
  for (let i = 0; i < ELLIPSE; i++) {
    z1[i] = scale * (slope * first[i]! - ratio * logFirst[i]!);
    z2[ELLIPSE * N + i] = -z1[i]! / width;
    for (let j = 0; j <= i; j++) {
      const k = i * ELLIPSE + j;
      z2[i * N + j] =
        scale *
        (slope * (second[k]! - first[i]! * logFirst[j]! - first[j]! * logFirst[i]!) +
          curvature * first[i]! * first[j]! +
          ratio * (logFirst[i]! * logFirst[j]! - logSecond[k]!));
    }
  }
  const z = scale * (ratio - 1);
  z1[ELLIPSE] = -z / width;
  z2[N * N - 1] = (2 * z) / (width * width);
}

function diskDerivatives(
  work: DiskWork,
  lon: number,
  lat: number,
  p: Float64Array,
  g: Float64Array,
  h: Float64Array,
): number {
  const { z1, z2 } = work;
  ellipseDerivatives(lon, lat, p, work.ellipse);
  const { c, radius } = work.ellipse;
  const theta = angleOfVersine(c);
  const z = (EDGE * (theta - radius)) / (radius * p[5]!);
  g.fill(0);
  h.fill(0);
  if (z > saturation) return 0;
  const { v, g: dg, h: dh } = work.density();
  const edge = 0.5 * erfc(z);
  if (z >= -saturation) {
    edgeDerivatives(work, theta, p[5]!);
    const slope = (-v * Math.exp(-z * z)) / Math.sqrt(Math.PI);
    for (let i = 0; i < N; i++) {
      g[i] = slope * z1[i]!;
      for (let j = 0; j <= i; j++) h[i * N + j] = slope * (z2[i * N + j]! - 2 * z * z1[i]! * z1[j]!);
    }
    toDegrees(1, g, h, N);
  }
  for (let i = 0; i < N; i++) {
    for (let j = 0; j <= i; j++) {
      const mixed = (g[i]! * dg[j]! + g[j]! * dg[i]!) / v;
      h[i * N + j] = h[j * N + i] = h[i * N + j]! + mixed + edge * dh[i * N + j]!;
    }
  }
  for (let i = 0; i < N; i++) g[i]! += edge * dg[i]!;
  return edge * v;
}

function diskAt(p: Float64Array): Required<SpatialFunction> {
  const area = once(() => solidAngleOf(p));
  const work: DiskWork = {
    density: once(() => densityJet(p)),
    ellipse: ellipseWork(),
    z1: new Float64Array(N),
    z2: new Float64Array(N * N),
  };
  return {
    evaluate(lon, lat) {
      const { c, radius } = ellipse(lon, lat, p[0]!, p[1]!, p[2]! * degree, p[3]!, p[4]! * degree);
      const z = (EDGE * (angleOfVersine(c) - radius)) / (radius * p[5]!);
      return z > saturation ? 0 : (0.5 * erfc(z)) / area();
    },
    derivatives: (lon, lat, g, h) => diskDerivatives(work, lon, lat, p, g, h),
  };
}

/** A disk of radius 1 in offsets along and across the major axis, over the semi-axes. */
function profiles(p: Float64Array): readonly ProfilePart[] {
  const major = inverse(variable(N, 2, p[2]!, degree));
  const e = variable(N, 3, p[3]!);
  const minor = multiply(major, inverse(sqrt(affine(-1, multiply(e, e), 1))));
  const angle = variable(N, 4, p[4]!, degree);
  const [s, c] = [sin(angle), sin(affine(1, angle, Math.PI / 2))];
  const matrix = [multiply(s, major), multiply(c, major), multiply(c, minor), affine(-1, multiply(s, minor))] as const;
  return [{ weight: densityJet(p), matrix, profile: softDisk(p[5]!, N - 1) }];
}

const functions = functionsFrom(diskAt);

export const diskSpatial: SpatialDeclaration = {
  type: "DiskSpatialModel",
  tag: "disk",
  about: "Disk of even brightness with a soft edge, round or elliptical",
  latex: String.raw`\frac{1}{2 \Omega} \left[1 - \mathrm{erf}\left(\frac{\theta - r_0}{\Delta}\right)\right]`,
  position: ["lon_0", "lat_0"],
  parameters: {
    lon_0: lon0,
    lat_0: lat0,
    r_0: { unit: "deg", value: 1, min: 0, about: "radius along the major axis" },
    e: eccentricity,
    phi,
    edge_width: { unit: "", value: 0.01, frozen: true, min: 0, max: 1, about: "width of the edge over the radius" },
  },
  reductions: [{ type: "PointSpatialModel", when: { r_0: 0 }, without: ["e", "phi", "edge_width"] }],
  ...functions,
  evaluate: Object.assign(functions.evaluate, { profiles }),
  evaluationRadius: (p) => 1.1 * p[2]! * (1 + p[5]!),
  binSizeMin: (p) => (p[2]! * (1 - p[5]!)) / 10,
  covariance: (p) => ellipseCovariance(p[2]! ** 2 / 4, p[3]!, p[4]!),
};
