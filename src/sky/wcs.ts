/**
 * Celestial coordinates of pixels: FITS WCS Papers I (Greisen & Calabretta 2002) and II (Calabretta & Greisen 2002).
 * Pixels are 0-based here (the centre of the first pixel is 0), angles in deg, in the WCS's own frame.
 */
import { SpecError } from "../errors.js";
import { findProjection } from "./projections.js";
import type { Wcs } from "./types.js";

const RAD = Math.PI / 180;
const DEG = 180 / Math.PI;
const TOLERANCE = 1e-10;

/** A WCS with its rotation worked out: calls allocate nothing. Points that do not exist become NaN. */
export interface Projector {
  /** Writes pixel x, y into out[0], out[1]. */
  readonly skyToPix: (lon: number, lat: number, out: Float64Array) => void;
  /** Writes lon [0, 360), lat into out[0], out[1]. */
  readonly pixToSky: (x: number, y: number, out: Float64Array) => void;
}

/** sin of an angle in deg, exact at multiples of 90. */
function sind(x: number): number {
  const r = x % 360;
  if (r % 180 === 0) return 0;
  if (r % 90 === 0) return r === 90 || r === -270 ? 1 : -1;
  return Math.sin(r * RAD);
}

/** cos of an angle in deg, exact at multiples of 90. */
function cosd(x: number): number {
  const r = Math.abs(x % 360);
  if (r % 180 === 0) return r === 180 ? -1 : 1;
  return r % 90 === 0 ? 0 : Math.cos(r * RAD);
}

/** Celestial longitude and latitude of the native pole and native longitude of the celestial pole, deg. */
export interface NativePole {
  readonly lon: number;
  readonly lat: number;
  readonly lonpole: number;
}

/** Paper II equations (8) to (10) and the cases below them. */
export function nativePole(wcs: Wcs): NativePole {
  const { phi0, theta0 } = findProjection(wcs.projection, wcs.crval[1]);
  const [lon0, lat0] = wcs.crval;
  const { lonpole, latpole } = wcs;
  if (theta0 === 90) return { lon: lon0, lat: lat0, lonpole };
  const cosPhi = cosd(lonpole - phi0);
  const sinPhi = sind(lonpole - phi0);
  const x = cosd(theta0) * cosPhi;
  const y = sind(theta0);
  const z = Math.sqrt(x * x + y * y);
  let lat = latpole;
  if (z > 0) {
    const ratio = sind(lat0) / z;
    if (Math.abs(ratio) > 1 + TOLERANCE) {
      throw new SpecError(
        `WCS ${wcs.projection}: no native pole fits CRVAL2 ${lat0} with LONPOLE ${lonpole}; use the default LONPOLE (${lat0 >= theta0 ? 0 : 180})`,
      );
    }
    const u = Math.atan2(y, x) * DEG;
    const v = Math.acos(Math.min(1, Math.max(-1, ratio))) * DEG;
    lat = nearestLatitude(wrap180(u + v), wrap180(u - v), latpole);
  }
  const cosLat0 = cosd(lat0);
  const product = cosd(lat) * cosLat0;
  let lon: number;
  if (Math.abs(product) < TOLERANCE) {
    lon = Math.abs(cosLat0) < TOLERANCE ? lon0 : lat > 0 ? lon0 + lonpole - phi0 - 180 : lon0 - lonpole + phi0;
  } else {
    const s = (sinPhi * cosd(theta0)) / cosLat0;
    const c = (sind(theta0) - sind(lat) * sind(lat0)) / product;
    lon = lon0 - (s === 0 && c < 0 ? 180 : Math.atan2(s, c) * DEG);
  }
  return { lon, lat, lonpole };
}

const wrap180 = (x: number): number => (x > 180 ? x - 360 : x < -180 ? x + 360 : x);

/** Of two candidate latitudes of the pole the valid one, or of two valid ones the nearer to LATPOLE (the northern on a tie). */
function nearestLatitude(a: number, b: number, latpole: number): number {
  const validA = Math.abs(a) < 90 + TOLERANCE;
  const validB = Math.abs(b) < 90 + TOLERANCE;
  const chosen = !validB || (validA && Math.abs(latpole - a) <= Math.abs(latpole - b)) ? a : b;
  return Math.abs(chosen) > 90 - 1e-13 ? Math.sign(chosen) * 90 : chosen;
}

export function makeProjector(wcs: Wcs): Projector {
  const { forward, inverse } = findProjection(wcs.projection, wcs.crval[1]);
  const pole = nativePole(wcs);
  const toNative = makeRotation(pole.lon, pole.lat, pole.lonpole);
  const toSky = makeRotation(pole.lonpole, pole.lat, pole.lon);
  const [cdelt1, cdelt2] = wcs.cdelt;
  const [crpix1, crpix2] = wcs.crpix;
  return {
    skyToPix(lon, lat, out) {
      toNative(lon, lat, out);
      const phi = out[0]!;
      const wrapped = phi > 180 ? phi - 360 : phi < -180 ? phi + 360 : phi;
      const exists = forward(wrapped, out[1]!, out);
      out[0] = exists ? out[0]! / cdelt1 + crpix1 - 1 : Number.NaN;
      out[1] = exists ? out[1]! / cdelt2 + crpix2 - 1 : Number.NaN;
    },
    pixToSky(x, y, out) {
      if (inverse((x + 1 - crpix1) * cdelt1, (y + 1 - crpix2) * cdelt2, out)) {
        toSky(out[0]!, out[1]!, out);
        if (out[0]! < 0) out[0]! += 360;
        else if (out[0]! >= 360) out[0]! -= 360;
      } else {
        out[0] = Number.NaN;
        out[1] = Number.NaN;
      }
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

/** LONPOLE and LATPOLE of a WCS that names none (Paper II, section 2.4). */
export function defaultPoles(
  projection: string,
  crval: readonly [number, number],
): { lonpole: number; latpole: number } {
  const { phi0, theta0 } = findProjection(projection, crval[1]);
  const lonpole = phi0 + (crval[1] < theta0 ? 180 : 0);
  const pole = nativePole({ projection, crval, lonpole, latpole: 90, frame: "icrs", crpix: [1, 1], cdelt: [1, 1] });
  return { lonpole, latpole: pole.lat };
}
