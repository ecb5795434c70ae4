/** Zenithal projections: Paper II, section 5.1. */
import { DEG, EDGE, type Projection, RAD } from "./types.js";

const HALF_PI = Math.PI / 2;
const nanUnless = (ok: boolean, value: number): number => (ok ? value : Number.NaN);
/** `r`, where a little beyond `max` is `max` and more is NaN. */
const upTo = (max: number, r: number): number => (r <= max ? r : nanUnless(r <= max + EDGE, max));

/** Radius in the plane against the angle from the pole, both in rad; NaN where undefined. */
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

/** Gnomonic. */
export const tan = zenithal((c) => nanUnless(c < HALF_PI, Math.tan(c)), Math.atan);

/** Stereographic. */
export const stg = zenithal(
  (c) => nanUnless(c < Math.PI, 2 * Math.tan(c / 2)),
  (r) => 2 * Math.atan(r / 2),
);

/** Zenithal equidistant. */
export const arc = zenithal(
  (c) => c,
  (r) => upTo(Math.PI, r),
);

/** Zenithal equal area. */
export const zea = zenithal(
  (c) => 2 * Math.sin(c / 2),
  (r) => 2 * Math.asin(upTo(2, r) / 2),
);

const orthographic = zenithal(
  (c) => nanUnless(c <= HALF_PI, Math.sin(c)),
  (r) => Math.asin(upTo(1, r)),
);

/**
 * Orthographic, seen from the direction that `xi` and `eta` (PV2_1, PV2_2) give: section 5.1.5. With z = 1 - sin theta the plane
 * point is (cos theta sin phi + xi z, -cos theta cos phi + eta z), so z is the smaller root of a quadratic equation.
 */
export function sin(xi: number, eta: number): Projection {
  if (xi === 0 && eta === 0) return orthographic;
  return {
    phi0: 0,
    theta0: 90,
    forward(phi, theta, out) {
      const z = 2 * Math.sin(((90 - theta) * RAD) / 2) ** 2;
      const c = Math.cos(theta * RAD);
      const sinPhi = Math.sin(phi * RAD);
      const cosPhi = Math.cos(phi * RAD);
      out[0] = (c * sinPhi + xi * z) * DEG;
      out[1] = (-c * cosPhi + eta * z) * DEG;
      return theta >= -Math.atan(xi * sinPhi - eta * cosPhi) * DEG;
    },
    inverse(x, y, out) {
      const u = x * RAD;
      const v = y * RAD;
      const r2 = u * u + v * v;
      const b = 1 + u * xi + v * eta;
      const root = b * b - (1 + xi * xi + eta * eta) * r2;
      const z = r2 / (b + Math.sqrt(Math.max(0, root)));
      const p = eta * z - v;
      const q = u - xi * z;
      out[0] = p === 0 && q === 0 ? 0 : Math.atan2(q, p) * DEG;
      out[1] = 90 - 2 * Math.asin(Math.sqrt(Math.min(2, z) / 2)) * DEG;
      return root >= -EDGE && z >= 0 && z <= 2 + EDGE;
    },
  };
}
