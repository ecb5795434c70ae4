/**
 * Native spherical coordinates (phi, theta) <-> projection plane (x, y), all in deg: FITS WCS Paper II (Calabretta &
 * Greisen 2002), section 5. Each function writes two numbers into `out` and returns whether the point exists.
 */
import { UnsupportedError } from "../errors.js";

const RAD = Math.PI / 180;
const DEG = 180 / Math.PI;
/** Plane points this far [deg] outside the map of the sphere still count as on its edge (rounding). */
const EDGE = 1e-12;

export type PlaneFunction = (a: number, b: number, out: Float64Array) => boolean;

export interface Projection {
  /** Native coordinates of the reference point, deg. */
  readonly phi0: number;
  readonly theta0: number;
  readonly forward: PlaneFunction;
  readonly inverse: PlaneFunction;
}

/** Zenithal projections (section 5.1): radius in the plane against the angle from the pole, both in rad; NaN where undefined. */
function zenithal(radius: (c: number) => number, angle: (r: number) => number): Projection {
  return {
    phi0: 0,
    theta0: 90,
    forward(phi, theta, out) {
      const r = radius((90 - theta) * RAD) * DEG;
      out[0] = r * Math.sin(phi * RAD);
      out[1] = -r * Math.cos(phi * RAD);
      return !Number.isNaN(r);
    },
    inverse(x, y, out) {
      const c = angle(Math.sqrt(x * x + y * y) * RAD) * DEG;
      out[0] = x === 0 && y === 0 ? 0 : Math.atan2(x, -y) * DEG;
      out[1] = 90 - c;
      return !Number.isNaN(c);
    },
  };
}

const HALF_PI = Math.PI / 2;
const nanUnless = (ok: boolean, value: number): number => (ok ? value : Number.NaN);
/** `r`, where a little beyond `max` is `max` and more is NaN. */
const upTo = (max: number, r: number): number => (r <= max ? r : nanUnless(r <= max + EDGE, max));

const tan = zenithal((c) => nanUnless(c < HALF_PI, Math.tan(c)), Math.atan);
const stg = zenithal(
  (c) => nanUnless(c < Math.PI, 2 * Math.tan(c / 2)),
  (r) => 2 * Math.atan(r / 2),
);
const sin = zenithal(
  (c) => nanUnless(c <= HALF_PI, Math.sin(c)),
  (r) => Math.asin(upTo(1, r)),
);
const arc = zenithal(
  (c) => c,
  (r) => upTo(Math.PI, r),
);
const zea = zenithal(
  (c) => 2 * Math.sin(c / 2),
  (r) => 2 * Math.asin(upTo(2, r) / 2),
);

const inside = (phi: number, theta: number): boolean => Math.abs(phi) <= 180 + EDGE && Math.abs(theta) <= 90 + EDGE;

/** Plate carree, section 5.2.3. */
const car: Projection = {
  phi0: 0,
  theta0: 0,
  forward(phi, theta, out) {
    out[0] = phi;
    out[1] = theta;
    return true;
  },
  inverse(x, y, out) {
    out[0] = x;
    out[1] = y;
    return inside(x, y);
  },
};

/** Sanson-Flamsteed, section 5.3.1; with `theta0` the reference point of an AIPS GLS map (section 6.1.4). */
function sfl(theta0: number): Projection {
  return {
    phi0: 0,
    theta0,
    forward(phi, theta, out) {
      out[0] = phi * Math.cos(theta * RAD);
      out[1] = theta - theta0;
      return true;
    },
    inverse(x, y, out) {
      const theta = y + theta0;
      const c = Math.abs(theta) >= 90 ? 0 : Math.cos(theta * RAD);
      out[0] = x === 0 ? 0 : x / c;
      out[1] = theta;
      return inside(out[0]!, theta);
    },
  };
}

/** Hammer-Aitoff, section 5.3.3. */
const ait: Projection = {
  phi0: 0,
  theta0: 0,
  forward(phi, theta, out) {
    const cosTheta = Math.cos(theta * RAD);
    const gamma = Math.sqrt(2 / (1 + cosTheta * Math.cos((phi / 2) * RAD)));
    out[0] = 2 * gamma * cosTheta * Math.sin((phi / 2) * RAD) * DEG;
    out[1] = gamma * Math.sin(theta * RAD) * DEG;
    return true;
  },
  inverse(x, y, out) {
    const u = x * RAD;
    const v = y * RAD;
    const z2 = 1 - (u * u) / 16 - (v * v) / 4;
    const z = Math.sqrt(Math.max(z2, 0.5));
    const c = 2 * z * z - 1;
    const s = (z * u) / 2;
    out[0] = s === 0 && c === 0 ? 0 : 2 * Math.atan2(s, c) * DEG;
    out[1] = Math.atan2(v * z, Math.sqrt(s * s + c * c)) * DEG;
    return z2 >= 0.5 - EDGE;
  },
};

/** d - sin d without cancellation. */
function angleMinusSine(d: number): number {
  if (d > 0.2) return d - Math.sin(d);
  const q = d * d;
  return ((d * q) / 6) * (1 - (q / 20) * (1 - (q / 42) * (1 - (q / 72) * (1 - q / 110))));
}

/**
 * Mollweide, section 5.3.2. The auxiliary angle gamma is reached through d = pi - 2 |gamma|, the angle from the pole,
 * where 2 gamma + sin 2 gamma = pi sin theta reads d - sin d = 2 pi sin^2(c/2), c = 90 deg - |theta|.
 */
const mol: Projection = {
  phi0: 0,
  theta0: 0,
  forward(phi, theta, out) {
    const d = mollweideAngle(theta);
    out[0] = ((2 * Math.SQRT2) / Math.PI) * phi * Math.sin(d / 2);
    out[1] = theta === 0 ? 0 : Math.sign(theta) * Math.SQRT2 * Math.cos(d / 2) * DEG;
    return true;
  },
  inverse(x, y, out) {
    const s = Math.abs(y * RAD) / Math.SQRT2;
    const c = Math.sqrt(Math.max(0, (1 - s) * (1 + s)));
    const d = 2 * Math.atan2(c, s);
    const colatitude = 2 * Math.asin(Math.min(1, Math.sqrt(angleMinusSine(d) / (2 * Math.PI)))) * DEG;
    out[0] = x === 0 ? 0 : (Math.PI * x) / (2 * Math.SQRT2 * c);
    out[1] = Math.sign(y) * (90 - colatitude);
    return s <= 1 + EDGE && inside(out[0]!, out[1]!);
  },
};

/** d = pi - 2 |gamma| of {@link mol} at native latitude `theta`, by Newton steps on a convex function. */
export function mollweideAngle(theta: number): number {
  const half = Math.sin(((90 - Math.abs(theta)) / 2) * RAD);
  const k = 2 * Math.PI * half * half;
  if (k === 0) return 0;
  let d = Math.min(Math.PI, Math.cbrt(6 * k));
  for (let i = 0; i < 30; i++) {
    const slope = 2 * Math.sin(d / 2) ** 2;
    const step = (angleMinusSine(d) - k) / slope;
    d = Math.min(Math.PI, d - step);
    if (Math.abs(step) <= 1e-15 * d) break;
  }
  return d;
}

const PROJECTIONS: Readonly<Record<string, Projection>> = {
  TAN: tan,
  STG: stg,
  SIN: sin,
  ARC: arc,
  ZEA: zea,
  CAR: car,
  SFL: sfl(0),
  AIT: ait,
  MOL: mol,
};

/** The projection of a three-letter code; `lat0` (CRVAL2) is the reference latitude of GLS. */
export function findProjection(code: string, lat0: number): Projection {
  const found = code === "GLS" ? sfl(lat0) : PROJECTIONS[code];
  if (found === undefined) {
    throw new UnsupportedError(
      `WCS projection "${code}" is not handled; expected one of ${Object.keys(PROJECTIONS).join(", ")}, GLS: reproject the map to one of them`,
    );
  }
  return found;
}
