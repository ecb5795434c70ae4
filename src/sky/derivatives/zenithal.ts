/** Zenithal projections (Paper II, section 5.1) with their derivatives. */
import { chain, combine, multiply, scale } from "./jet.js";
import type { Project } from "./project.js";

/** Fills [3] with R / sin c and its derivatives by z = cos c, c the angle from the native pole and R the radius in the plane. */
type Factor = (z: number, out: Float64Array) => void;

const zenithal =
  (factor: Factor): Project =>
  ({ native: [x, y, z], plane: [px, py], steps: [g], factor: f }) => {
    factor(z[0]!, f);
    chain(g, z, f[0]!, f[1]!, f[2]!);
    multiply(px, g, y);
    multiply(py, g, x);
    scale(py, -1, py);
  };

export const gnomonic = zenithal((z, out) => {
  out[0] = 1 / z;
  out[1] = -1 / z ** 2;
  out[2] = 2 / z ** 3;
});

export const stereographic = zenithal((z, out) => {
  const w = 1 + z;
  out[0] = 2 / w;
  out[1] = -2 / w ** 2;
  out[2] = 4 / w ** 3;
});

export const equalArea = zenithal((z, out) => {
  const w = 1 + z;
  const f = Math.sqrt(2 / w);
  out[0] = f;
  out[1] = -f / (2 * w);
  out[2] = (3 * f) / (4 * w * w);
});

/** c / sin c; near the pole by its series in 1 - z, whose coefficients are n! / (2n+1)!!. */
export const equidistant = zenithal((z, out) => {
  const u = 1 - z;
  if (u > 0.1) {
    const s2 = u * (1 + z);
    out[0] = Math.acos(z) / Math.sqrt(s2);
    out[1] = (z * out[0] - 1) / s2;
    out[2] = (out[0] + 3 * z * out[1]) / s2;
    return;
  }
  out[0] = 1;
  out[1] = out[2] = 0;
  let a = 1;
  let power = 1;
  for (let n = 1; n <= 16; n++) {
    a *= n / (2 * n + 1);
    out[1] -= n * a * power;
    out[2] += (n + 1) * n * ((a * (n + 1)) / (2 * n + 3)) * power;
    power *= u;
    out[0] += a * power;
  }
});

/** SIN seen from the direction (xi, eta), PV2_1 and PV2_2: the plane coordinates of the orthographic one plus (xi, eta) (1 - z). */
export const slantOrthographic =
  ([xi, eta]: readonly number[]): Project =>
  ({ native: [x, y, z], plane: [px, py] }) => {
    combine(px, 1, y, -xi!, z);
    combine(py, -1, x, -eta!, z);
    px[0]! += xi!;
    py[0]! += eta!;
  };
