/** Maps that go around the whole sky: their last column and their first one are neighbours. */
import { isAlongAxes } from "./linear.js";
import type { WcsGeom } from "./types.js";

/** Projections in which columns are equal steps of longitude. */
const CYLINDRICAL = ["CAR", "MER", "CEA"];
/** Of a column: what rounding of CDELT leaves. */
const ROUNDING = 1e-6;

/** Whether the columns of a map are all of 360 deg, none of them twice. */
export function isClosed({ wcs: { projection, cd }, npix }: WcsGeom): boolean {
  if (!CYLINDRICAL.includes(projection) || !isAlongAxes(cd)) return false;
  return npix[0] > 1 && Math.abs(npix[0] - 360 / Math.abs(cd[0])) < ROUNDING * npix[0];
}

/** Index of the column that is column x of a closed map of nx columns. */
export const closedColumn = (x: number, nx: number): number => ((x % nx) + nx) % nx;
