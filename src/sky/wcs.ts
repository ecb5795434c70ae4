/**
 * Celestial coordinates of pixels: FITS WCS Papers I (Greisen & Calabretta 2002) and II (Calabretta & Greisen 2002).
 * Pixels are 0-based here (the centre of the first pixel is 0), angles in deg, in the WCS's own frame.
 */
import { determinant, isAlongAxes, stepLengths } from "./linear.js";
import { cosd, nativePole, sind } from "./native-pole.js";
import { findProjection, parametersOf } from "./projections/index.js";
import type { Wcs } from "./types.js";

const RAD = Math.PI / 180;
const DEG = 180 / Math.PI;

/** A WCS with its rotation worked out: calls allocate nothing. Points that do not exist become NaN. */
export interface Projector {
  /** Writes pixel x, y into out[0], out[1]. */
  readonly skyToPix: (lon: number, lat: number, out: Float64Array) => void;
  /** Writes lon [0, 360), lat into out[0], out[1]. */
  readonly pixToSky: (x: number, y: number, out: Float64Array) => void;
}

/**
 * The projection of a WCS, ready for many positions (deg, in the frame of the WCS).
 * @throws UnsupportedError where the projection is not known.
 */
export function makeProjector(wcs: Wcs): Projector {
  const { forward, inverse } = findProjection(wcs);
  const pole = nativePole(wcs);
  const toNative = makeRotation(pole.lon, pole.lat, pole.lonpole);
  const toSky = makeRotation(pole.lonpole, pole.lat, pole.lon);
  const [a, b, c, d] = wcs.cd;
  const [crpix1, crpix2] = wcs.crpix;
  const along = isAlongAxes(wcs.cd);
  const det = determinant(wcs.cd);
  return {
    skyToPix(lon, lat, out) {
      toNative(lon, lat, out);
      const phi = out[0]!;
      const wrapped = phi > 180 ? phi - 360 : phi < -180 ? phi + 360 : phi;
      if (!forward(wrapped, out[1]!, out)) {
        out.fill(Number.NaN, 0, 2);
        return;
      }
      const x = out[0]!;
      const y = out[1]!;
      out[0] = (along ? x / a : (d * x - b * y) / det) + crpix1 - 1;
      out[1] = (along ? y / d : (a * y - c * x) / det) + crpix2 - 1;
    },
    pixToSky(x, y, out) {
      const dx = x + 1 - crpix1;
      const dy = y + 1 - crpix2;
      if (inverse(along ? dx * a : a * dx + b * dy, along ? dy * d : c * dx + d * dy, out)) {
        toSky(out[0]!, out[1]!, out);
        if (out[0]! < 0) out[0]! += 360;
        else if (out[0]! >= 360) out[0]! -= 360;
      } else out.fill(Number.NaN, 0, 2);
    },
  };
}

/**
 * The rotation between celestial and native coordinates (Paper II equations (2) and (5), which have the same form):
 * longitudes `from` and `to` of the other system's pole in either system, `lat` the latitude common to both. The
 * meridian of the pole is exact, so that reference points fall on their pixel. Longitudes come out within (-360, 720).
 */
function makeRotation(from: number, lat: number, to: number): (a: number, b: number, out: Float64Array) => void {
  const colatitude = 90 - lat;
  if (colatitude === 0 || colatitude === 180) {
    const sign = colatitude === 0 ? 1 : -1;
    return (a, b, out) => {
      out[0] = wrap360(sign > 0 ? a + (to - from - 180) : to + from - a);
      out[1] = sign * b;
    };
  }
  const sinC = sind(colatitude);
  const cosC = cosd(colatitude);
  return (a, b, out) => {
    const d = a - from;
    if (d % 180 === 0) {
      const forward = d % 360 === 0;
      const theta = forward ? b + colatitude : b - colatitude;
      const beyond = Math.abs(theta) > 90;
      out[1] = !beyond ? theta : theta > 0 ? 180 - theta : -180 - theta;
      out[0] = wrap360(to + (forward === beyond ? 0 : 180));
      return;
    }
    const sinB = Math.sin(b * RAD);
    const cosB = Math.cos(b * RAD);
    const cosD = Math.cos(d * RAD);
    const x = sinB * sinC - cosB * cosC * cosD;
    const y = -cosB * Math.sin(d * RAD);
    const z = sinB * cosC + cosB * sinC * cosD;
    out[0] = wrap360(to + Math.atan2(y, x) * DEG);
    out[1] = Math.atan2(z, Math.sqrt(x * x + y * y)) * DEG;
  };
}

/** Into [-180, 360]: exact, and nothing is changed that already lies there. */
function wrap360(x: number): number {
  if (x >= -180 && x <= 360) return x;
  const r = x % 360;
  return r < -180 ? r + 360 : r;
}

/** Differences of coordinates [deg] and pixels below this are taken for rounding, as in Gammapy. */
const SAME = 1e-6;
/** Part of a pixel by which its steps may differ: a hundredth of a pixel over a thousand of them. */
const SAME_STEP = 1e-5;
const close = (x: readonly number[], y: readonly number[], tolerance = SAME): boolean =>
  x.every((v, k) => Math.abs(v - y[k]!) <= tolerance);

/** Whether two WCS have one plane with equal steps of pixels, so that their pixels differ by a shift. */
export function sharePlane(a: Wcs, b: Wcs): boolean {
  return (
    a.projection === b.projection &&
    a.frame === b.frame &&
    close(a.crval, b.crval) &&
    close(a.cd, b.cd, SAME_STEP * Math.max(...stepLengths(a.cd))) &&
    Math.abs(sind((a.lonpole - b.lonpole) / 2)) <= SAME * RAD &&
    Math.abs(nativePole(a).lat - nativePole(b).lat) <= SAME &&
    parametersOf(a).every((p, k) => p === parametersOf(b)[k])
  );
}

/** Whether two WCS give all pixels the same places. */
export const sameWcs = (a: Wcs, b: Wcs): boolean => sharePlane(a, b) && close(a.crpix, b.crpix);

/** 0-based pixel x, y of a sky position, into out[0], out[1]. For many positions use {@link makeProjector}. */
export function skyToPix(wcs: Wcs, lon: number, lat: number, out: Float64Array = new Float64Array(2)): Float64Array {
  makeProjector(wcs).skyToPix(lon, lat, out);
  return out;
}

/** Sky position lon [0, 360), lat of a 0-based pixel position, into out[0], out[1]. For many positions use {@link makeProjector}. */
export function pixToSky(wcs: Wcs, x: number, y: number, out: Float64Array = new Float64Array(2)): Float64Array {
  makeProjector(wcs).pixToSky(x, y, out);
  return out;
}
