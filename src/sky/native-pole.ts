/** Where the native pole of a projection lies on the sky: FITS WCS Paper II (Calabretta & Greisen 2002), section 2.4. */
import { SpecError } from "../errors.js";
import { findProjection } from "./projections/index.js";
import type { Wcs } from "./types.js";

const RAD = Math.PI / 180;
const DEG = 180 / Math.PI;
const TOLERANCE = 1e-10;

/** sin of an angle in deg, exact at multiples of 90 and to the last digits near them. */
export function sind(x: number): number {
  const n = Math.round(x / 90);
  // exact: n and x have few digits, or are near each other
  const r = (x - 90 * n) * RAD;
  const quarter = ((n % 4) + 4) % 4;
  const value = quarter % 2 === 0 ? Math.sin(r) : Math.cos(r);
  return quarter < 2 ? value : -value;
}

/** cos of an angle in deg, likewise. */
export const cosd = (x: number): number => sind(90 - Math.abs(x));

/** Celestial longitude and latitude of the native pole and native longitude of the celestial pole, deg. */
export interface NativePole {
  readonly lon: number;
  readonly lat: number;
  readonly lonpole: number;
}

/** What decides where the pole lies. */
type Reference = Pick<Wcs, "projection" | "crval" | "lonpole" | "latpole" | "pv">;

/**
 * Paper II, equations (8) to (10), with t = LONPOLE - phi0, in forms that lose no digits near the poles: 1 - (cos theta0 sin t)^2 is z^2 of
 * equation (8), and less sin^2 lat0 also the square of cos(alpha0 - alphap) cos lat0 of equation (10).
 */
export function nativePole(wcs: Reference): NativePole {
  const { phi0, theta0 } = findProjection(wcs);
  const [lon0, lat0] = wcs.crval;
  const { lonpole } = wcs;
  if (theta0 === 90) return { lon: lon0, lat: lat0, lonpole };
  const side = cosd(theta0) * sind(lonpole - phi0);
  const along = cosd(theta0) * cosd(lonpole - phi0);
  const lat = poleLatitude(wcs, theta0, along, side);
  if (lat === undefined) {
    const remedy = `use the default LONPOLE (${lat0 >= theta0 ? 0 : 180})`;
    throw new SpecError(
      `WCS ${wcs.projection}: no native pole fits CRVAL2 ${lat0} with LONPOLE ${lonpole} and LATPOLE ${wcs.latpole}; ${remedy}`,
    );
  }
  if (cosd(lat0) === 0) return { lon: lon0, lat, lonpole };
  const isBehind = sind(theta0) * cosd(lat) < along * sind(lat);
  const root = rootOf(lat0, side);
  const turn = side === 0 ? (isBehind ? 180 : 0) : Math.atan2(side, isBehind ? -root : root) * DEG;
  return { lon: lon0 - turn, lat, lonpole };
}

/** sqrt(cos^2 lat0 - side^2) */
const rootOf = (lat0: number, side: number): number =>
  Math.sqrt(Math.max(0, (cosd(lat0) - side) * (cosd(lat0) + side)));

/** Of the latitudes u + v and u - v the one nearer to LATPOLE, with (cos u, sin u) = (along, sin theta0) / z and cos v = sin lat0 / z. Undefined where neither is one. */
function poleLatitude({ crval, latpole }: Reference, theta0: number, along: number, side: number): number | undefined {
  const lat0 = crval[1];
  // the reference point lies 90 deg from the pole whatever its latitude: LATPOLE alone decides
  if (along === 0 && sind(theta0) === 0) return lat0 === 0 ? Math.min(90, Math.max(-90, latpole)) : undefined;
  if (Math.abs(side) - cosd(lat0) > TOLERANCE) return undefined;
  // both angles from the nearer end of the half circle
  const sign = along < 0 ? -1 : 1;
  const u = side === 0 ? sign * theta0 : Math.atan2(sign * sind(theta0), sign * along) * DEG;
  const v = side === 0 ? 90 - sign * lat0 : Math.atan2(rootOf(lat0, side), sign * sind(lat0)) * DEG;
  const lat = nearestLatitude(wrap180(u + v), wrap180(u - v), latpole);
  return lat && Math.min(90, Math.max(-90, lat));
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
