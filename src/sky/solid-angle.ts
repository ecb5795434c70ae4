/** Solid angles of the pixels of an image from the directions of their corners. */
import { pixelGrid } from "./pixel-grid.js";
import type { WcsGeom } from "./types.js";

const RAD = Math.PI / 180;

/**
 * Solid angle [sr] of each pixel, [ny, nx]; NaN where a corner is off the sky. With corners a (x0, y0), b (x0, y1),
 * c (x1, y0), d (x1, y1) it is the sum of two planar triangles, sides as great-circle distances and angles from position angles:
 * |1/2 ab bd sin(PA(b->d) - PA(b->a)) - 1/2 cd ac sin(PA(c->d) - PA(c->a))|. Gammapy has PA(a->c) for PA(c->a) - 180 deg, which is another near the poles.
 */
export function imageSolidAngles(geom: WcsGeom): Float64Array {
  const [nx, ny] = geom.npix;
  const row = nx + 1;
  const corners = pixelGrid(geom, -0.5, row, ny + 1);
  // Per corner sin lon, cos lon, sin lat, cos lat.
  const frame = new Float64Array(4 * row * (ny + 1));
  for (let k = 0; k < corners.lon.length; k++) {
    const lon = corners.lon[k]! * RAD;
    const lat = corners.lat[k]! * RAD;
    frame[4 * k] = Math.sin(lon);
    frame[4 * k + 1] = Math.cos(lon);
    frame[4 * k + 2] = Math.sin(lat);
    frame[4 * k + 3] = Math.cos(lat);
  }
  const out = new Float64Array(nx * ny);
  const first = new Float64Array(2);
  const second = new Float64Array(2);
  for (let j = 0, k = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++, k++) {
      const a = j * row + i;
      const b = a + row;
      const c = a + 1;
      const d = b + 1;
      side(frame, b, d, first);
      side(frame, b, a, second);
      const upper = first[0]! * second[1]! - first[1]! * second[0]!;
      side(frame, c, d, first);
      side(frame, c, a, second);
      out[k] = 0.5 * Math.abs(upper - (first[0]! * second[1]! - first[1]! * second[0]!));
    }
  }
  return out;
}

/** Great-circle distance [rad] from corner p to q times sin and cos of its position angle at p. */
function side(frame: Float64Array, p: number, q: number, out: Float64Array): void {
  const sinLon = frame[4 * p]!;
  const cosLon = frame[4 * p + 1]!;
  const sinLat = frame[4 * p + 2]!;
  const cosLat = frame[4 * p + 3]!;
  const c = frame[4 * q + 3]!;
  const x = c * frame[4 * q + 1]! - cosLat * cosLon;
  const y = c * frame[4 * q]! - cosLat * sinLon;
  const z = frame[4 * q + 2]! - sinLat;
  const east = y * cosLon - x * sinLon;
  const north = z * cosLat - sinLat * (x * cosLon + y * sinLon);
  // The side 2 asin(chord / 2) over its sine; for sides below a degree by the series of arcsin.
  const chord2 = x * x + y * y + z * z;
  const h2 = chord2 / 4;
  const arc =
    h2 < 1e-4
      ? 1 + h2 * (1 / 6 + h2 * (3 / 40 + h2 * (15 / 336)))
      : Math.asin(Math.min(1, Math.sqrt(h2))) / Math.sqrt(h2);
  const sine2 = east * east + north * north;
  const scale = sine2 === 0 ? 1 : arc * Math.sqrt(chord2 / sine2);
  out[0] = scale * east;
  out[1] = scale * north;
}
