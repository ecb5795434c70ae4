/** Cylindrical projections: Paper II, section 5.2. */
import { SpecError } from "../../errors.js";
import { DEG, EDGE, inside, type Projection, RAD } from "./types.js";

/** Plate carree. */
export const car: Projection = {
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

/** Mercator. */
export const mer: Projection = {
  phi0: 0,
  theta0: 0,
  forward(phi, theta, out) {
    out[0] = phi;
    out[1] = Math.log(Math.tan(((90 + theta) / 2) * RAD)) * DEG;
    return Math.abs(theta) < 90;
  },
  inverse(x, y, out) {
    out[0] = x;
    out[1] = 2 * Math.atan(Math.exp(y * RAD)) * DEG - 90;
    return inside(x, 0);
  },
};

/** Cylindrical equal area; `lambda` is PV2_1, 0 to 1. */
export function cea(lambda: number): Projection {
  if (!(lambda > 0 && lambda <= 1)) {
    throw new SpecError(`WCS CEA: PV2_1 (lambda) is ${lambda}, expected a number above 0 and up to 1`);
  }
  return {
    phi0: 0,
    theta0: 0,
    forward(phi, theta, out) {
      out[0] = phi;
      out[1] = (Math.sin(theta * RAD) / lambda) * DEG;
      return true;
    },
    inverse(x, y, out) {
      const s = lambda * y * RAD;
      out[0] = x;
      out[1] = Math.asin(Math.min(1, Math.max(-1, s))) * DEG;
      return inside(x, 0) && Math.abs(s) <= 1 + EDGE;
    },
  };
}

/** Cylindrical perspective, from a point `mu` (PV2_1) sphere radii behind the centre to a cylinder of radius `lambda` (PV2_2). */
export function cyp(mu: number, lambda: number): Projection {
  if (lambda === 0 || mu + lambda === 0) {
    throw new SpecError(
      `WCS CYP: PV2_1 (mu) is ${mu} and PV2_2 (lambda) ${lambda}, expected lambda and mu + lambda other than 0`,
    );
  }
  return {
    phi0: 0,
    theta0: 0,
    forward(phi, theta, out) {
      const distance = mu + Math.cos(theta * RAD);
      out[0] = lambda * phi;
      out[1] = (((mu + lambda) * Math.sin(theta * RAD)) / distance) * DEG;
      return distance !== 0;
    },
    inverse(x, y, out) {
      const eta = (y * RAD) / (mu + lambda);
      const s = (eta * mu) / Math.sqrt(eta * eta + 1);
      out[0] = x / lambda;
      out[1] = (Math.atan(eta) + Math.asin(Math.min(1, Math.max(-1, s)))) * DEG;
      return inside(out[0]!, out[1]!) && Math.abs(s) <= 1 + EDGE;
    },
  };
}
