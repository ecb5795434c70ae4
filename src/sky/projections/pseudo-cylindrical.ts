/** Pseudo-cylindrical projections, and Hammer-Aitoff: Paper II, section 5.3. */
import { DEG, EDGE, inside, type Projection, RAD } from "./types.js";

/** Sanson-Flamsteed, section 5.3.1; with `theta0` the reference point of an AIPS GLS map (section 6.1.4). */
export function sfl(theta0: number): Projection {
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

/** Parabolic. */
export const par: Projection = {
  phi0: 0,
  theta0: 0,
  forward(phi, theta, out) {
    const s = Math.sin((theta / 3) * RAD);
    out[0] = phi * (1 - 4 * s * s);
    out[1] = 180 * s;
    return true;
  },
  inverse(x, y, out) {
    const s = y / 180;
    const width = (1 - 2 * s) * (1 + 2 * s);
    out[0] = x === 0 ? 0 : x / width;
    out[1] = 3 * Math.asin(Math.min(1, Math.max(-1, s))) * DEG;
    return inside(out[0]!, out[1]!);
  },
};

/** Hammer-Aitoff, section 5.3.3. */
export const ait: Projection = {
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
export const mol: Projection = {
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
