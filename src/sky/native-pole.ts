/** Where the native pole of a projection lies on the sky: FITS WCS Paper II (Calabretta & Greisen 2002), section 2.4. */
import { SpecError } from "../errors.js";
import { findProjection } from "./projections/index.js";
import type { Wcs } from "./types.js";

const RAD = Math.PI / 180;
const DEG = 180 / Math.PI;
const TOLERANCE = 1e-10;

/** sin of an angle in deg, exact at multiples of 90. */
export function sind(x: number): number {
  const r = x % 360;
  if (r % 180 === 0) return 0;
  if (r % 90 === 0) return r === 90 || r === -270 ? 1 : -1;
  return Math.sin(r * RAD);
}

/** cos of an angle in deg, exact at multiples of 90. */
export function cosd(x: number): number {
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

/** What decides where the pole lies. */
type Reference = Pick<Wcs, "projection" | "crval" | "lonpole" | "latpole" | "pv">;

/** Paper II equations (8) to (10) and the cases below them. */
export function nativePole(wcs: Reference): NativePole {
  const { phi0, theta0 } = findProjection(wcs);
  const [lon0, lat0] = wcs.crval;
  const { lonpole } = wcs;
  if (theta0 === 90) return { lon: lon0, lat: lat0, lonpole };
  const lat = poleLatitude(wcs, lonpole - phi0, theta0);
  const cosLat0 = cosd(lat0);
  const product = cosd(lat) * cosLat0;
  let lon: number;
  if (Math.abs(product) < TOLERANCE) {
    lon = Math.abs(cosLat0) < TOLERANCE ? lon0 : lat > 0 ? lon0 + lonpole - phi0 - 180 : lon0 - lonpole + phi0;
  } else {
    const s = (sind(lonpole - phi0) * cosd(theta0)) / cosLat0;
    const c = (sind(theta0) - sind(lat) * sind(lat0)) / product;
    lon = lon0 - (s === 0 && c < 0 ? 180 : Math.atan2(s, c) * DEG);
  }
  return { lon, lat, lonpole };
}

/** Equation (8): of two latitudes the one nearer to LATPOLE. `turn`: LONPOLE - phi0. */
function poleLatitude({ projection, crval, lonpole, latpole }: Reference, turn: number, theta0: number): number {
  const lat0 = crval[1];
  const x = cosd(theta0) * cosd(turn);
  const y = sind(theta0);
  const z = Math.sqrt(x * x + y * y);
  const ratio = sind(lat0) / z;
  const fail = () => {
    const remedy = `use the default LONPOLE (${lat0 >= theta0 ? 0 : 180})`;
    return new SpecError(
      `WCS ${projection}: no native pole fits CRVAL2 ${lat0} with LONPOLE ${lonpole} and LATPOLE ${latpole}; ${remedy}`,
    );
  };
  // no height of the reference point over the native equator: LATPOLE alone decides
  if (z === 0) {
    if (sind(lat0) !== 0) throw fail();
    return Math.min(90, Math.max(-90, latpole));
  }
  if (Math.abs(ratio) > 1 + TOLERANCE) throw fail();
  const u = Math.atan2(y, x) * DEG;
  const v = Math.acos(Math.min(1, Math.max(-1, ratio))) * DEG;
  const lat = nearestLatitude(wrap180(u + v), wrap180(u - v), latpole);
  if (lat === undefined) throw fail();
  return Math.abs(lat) > 90 - 1e-13 ? Math.sign(lat) * 90 : lat;
}

const wrap180 = (x: number): number => (x > 180 ? x - 360 : x < -180 ? x + 360 : x);

/** The valid one of two candidates; of two the nearer to LATPOLE, and of two equally near the northern. Undefined where neither is valid. */
function nearestLatitude(a: number, b: number, latpole: number): number | undefined {
  const valid = [a, b].filter((lat) => Math.abs(lat) < 90 + TOLERANCE);
  if (valid.length < 2) return valid[0];
  const difference = Math.abs(latpole - a) - Math.abs(latpole - b);
  // equally near up to rounding
  if (Math.abs(difference) < TOLERANCE) return Math.max(a, b);
  return difference < 0 ? a : b;
}

/** LONPOLE and LATPOLE of a WCS that does not name them (Paper II, section 2.4). */
export function defaultPoles(
  wcs: Pick<Wcs, "projection" | "crval" | "pv">,
  lonpole = defaultLonpole(wcs),
): { lonpole: number; latpole: number } {
  return { lonpole, latpole: nativePole({ ...wcs, lonpole, latpole: 90 }).lat };
}

function defaultLonpole(wcs: Pick<Wcs, "projection" | "crval" | "pv">): number {
  const { phi0, theta0 } = findProjection(wcs);
  return phi0 + (wcs.crval[1] < theta0 ? 180 : 0);
}
