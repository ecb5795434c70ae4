import type { SpatialDeclaration, SpatialEvaluate } from "../declaration.js";
import { affine, combine, inverse, type Jet, multiply, sqrt, variable } from "../jet.js";
import { ballProfile } from "./ball.js";
import { angleOfVersine, degree, lat0, lon0, versine } from "./geometry.js";
import type { ProfilePart } from "./profile.js";

/**
 * A shell that radiates evenly between two radii [rad], seen from far: 3 / (2 pi (R^3 - r^3)) (sqrt(R^2 - theta^2) - sqrt(r^2 - theta^2)), roots of negative numbers left
 * out. At its rims the slope is infinite, but not that of its integral over a pixel.
 */
function brightness(lon: number, lat: number, p: Float64Array, inner: number, outer: number): number {
  const theta = angleOfVersine(versine(lon, lat, p[0]!, p[1]!));
  const chord = (radius: number) => (theta < radius ? Math.sqrt(radius * radius - theta * theta) : 0);
  return (3 * (chord(outer) - chord(inner))) / (2 * Math.PI * (outer ** 3 - inner ** 3));
}

/** Parameters of either shell. */
const N = 4;
const nothing = (): Jet => ({ v: 0, g: new Float64Array(N), h: new Float64Array(N * N) });

/** The ball within the outer radius [rad], less that within the inner one. */
function profiles(inner: Jet, outer: Jet): readonly ProfilePart[] {
  const cube = (x: Jet) => multiply(x, multiply(x, x));
  const density = inverse(combine((2 * Math.PI) / 3, cube(outer), (-2 * Math.PI) / 3, cube(inner)));
  const ball = (radius: Jet, sign: 1 | -1): ProfilePart[] => {
    if (radius.v <= 0) return [];
    const scale = inverse(radius);
    return [
      {
        weight: affine(sign, multiply(density, radius)),
        matrix: [scale, nothing(), nothing(), scale],
        profile: ballProfile(),
      },
    ];
  };
  return [...ball(outer, 1), ...ball(inner, -1)];
}

/** Widths over the outer radius below which `parted` acts, and its change at width 0. */
const [THIN, PART] = [0.01, 1e-3];

/**
 * Radii [rad] that are never the same: what a shell looks like is an even function of its width, with the middle of the radii held, so a width of 0 has a limit, but
 * its formula is 0 / 0. Widths w below 0.01 R are taken as the root of w^2 + (1e-3 R)^2 (1 - (w / 0.01 R)^2)^2, R the outer radius, which is smooth.
 */
function parted(inner: Jet, outer: Jet): readonly [inner: Jet, outer: Jet] {
  const width = combine(1, outer, -1, inner);
  if (Math.abs(width.v) >= THIN * outer.v || outer.v <= 0) return [inner, outer];
  const over = multiply(width, inverse(outer));
  const square = multiply(over, over);
  const rest = affine(-1 / (THIN * THIN), square, 1);
  const half = multiply(outer, sqrt(combine(0.25, square, (PART * PART) / 4, multiply(rest, rest))));
  const middle = combine(0.5, inner, 0.5, outer);
  return [combine(1, middle, -1, half), combine(1, middle, 1, half)];
}

/** Inner and outer radius of a shell. */
interface Radii {
  /** deg */
  readonly of: (p: Float64Array) => readonly [inner: number, outer: number];
  /** rad, by the parameters in deg */
  readonly jets: (p: Float64Array) => readonly [inner: Jet, outer: Jet];
}

function shell({ of, jets }: Radii): Pick<SpatialDeclaration, "evaluate" | "evaluationRadius" | "covariance"> {
  const evaluate: SpatialEvaluate = (lon, lat, p) => {
    const [inner, outer] = of(p);
    if (outer - inner >= THIN * outer) return brightness(lon, lat, p, inner * degree, outer * degree);
    const [a, b] = parted(...jets(p));
    return brightness(lon, lat, p, a.v, b.v);
  };
  return {
    evaluate: Object.assign(evaluate, { profiles: (p: Float64Array) => profiles(...parted(...jets(p))) }),
    evaluationRadius: (p) => of(p)[1],
    covariance: (p) => covariance(...of(p)),
  };
}

/** `SpatialDeclaration.covariance` of what fills the space between two radii [deg] evenly. */
function covariance(inner: number, outer: number): readonly [number, number, number] {
  // (b^5 - a^5) / (5 (b^3 - a^3)), without the factor b - a in both
  const [a, b] = [inner, outer];
  const below = 5 * (b * b + a * b + a * a);
  const variance = below === 0 ? 0 : (b ** 4 + a * b ** 3 + (a * b) ** 2 + a ** 3 * b + a ** 4) / below;
  return [variance, 0, variance];
}

const radiusOf = (p: Float64Array) => variable(N, 2, p[2]!, degree);

export const shellSpatial: SpatialDeclaration = {
  type: "ShellSpatialModel",
  tag: "shell",
  about: "Shell of a supernova remnant, by its inner radius and its width",
  latex: String.raw`\frac{3}{2 \pi (R^3 - r^3)} \left(\sqrt{R^2 - \theta^2} - \sqrt{r^2 - \theta^2}\right)`,
  position: ["lon_0", "lat_0"],
  parameters: {
    lon_0: lon0,
    lat_0: lat0,
    radius: { unit: "deg", value: 1, lowest: 0, about: "inner radius" },
    width: { unit: "deg", value: 0.2, lowest: 0, about: "outer minus inner radius" },
  },
  ...shell({
    of: (p) => [p[2]!, p[2]! + p[3]!],
    jets: (p) => [radiusOf(p), combine(1, radiusOf(p), 1, variable(N, 3, p[3]!, degree))],
  }),
  binSizeMin: (p) => p[3]!,
};

export const shell2Spatial: SpatialDeclaration = {
  type: "Shell2SpatialModel",
  tag: "shell2",
  about: "Shell of a supernova remnant, by its outer radius and its relative width",
  latex: String.raw`\frac{3}{2 \pi (r_0^3 - r^3)} \left(\sqrt{r_0^2 - \theta^2} - \sqrt{r^2 - \theta^2}\right),\ r = (1 - \eta) r_0`,
  position: ["lon_0", "lat_0"],
  parameters: {
    lon_0: lon0,
    lat_0: lat0,
    r_0: { unit: "deg", value: 1, lowest: 0, about: "outer radius" },
    eta: { unit: "", value: 0.2, min: 0.02, max: 1, about: "width over the outer radius" },
  },
  ...shell({
    of: (p) => [(1 - p[3]!) * p[2]!, p[2]!],
    jets: (p) => [multiply(affine(-1, variable(N, 3, p[3]!), 1), radiusOf(p)), radiusOf(p)],
  }),
  binSizeMin: (p) => p[2]! * p[3]!,
};
