/** Pixel positions with their exact first and second derivatives by longitude and latitude, for models whose position is free. */
import { makeNativeDirection } from "./derivatives/direction.js";
import { findProject } from "./derivatives/index.js";
import type { Jet } from "./derivatives/jet.js";
import { createWork } from "./derivatives/project.js";
import { convertFrame } from "./frames.js";
import { determinant } from "./linear.js";
import type { Frame, Wcs } from "./types.js";
import { makeProjector } from "./wcs.js";

const RAD = Math.PI / 180;

/** Fills x and y [6] with a 0-based pixel position, from order 1 on with its derivatives: [x, x_lon, x_lat, x_lonlon, x_lonlat, x_latlat], per deg. */
export type PixelDerivatives = (lon: number, lat: number, order: 0 | 1 | 2, x: Float64Array, y: Float64Array) => void;

/** The pixel positions of a map for places in `frame`, with their derivatives by longitude and latitude in it. Calls allocate nothing. */
export function makePixelDerivatives(wcs: Wcs, frame: Frame): PixelDerivatives {
  const { skyToPix } = makeProjector(wcs);
  const project = findProject(wcs);
  const fillNative = makeNativeDirection(wcs, frame);
  const work = createWork();
  const [px, py] = work.plane;
  const place = new Float64Array(2);
  const [a, b, c, d] = wcs.cd;
  const det = determinant(wcs.cd);
  return (lon, lat, order, x, y) => {
    convertFrame(lon, lat, frame, wcs.frame, place);
    skyToPix(place[0]!, place[1]!, place);
    x[0] = place[0]!;
    y[0] = place[1]!;
    if (order === 0) return;
    fillNative(lon, lat, work.native);
    project(work);
    fillDerivatives(x, d / det, px, -b / det, py);
    fillDerivatives(y, -c / det, px, a / det, py);
  };
}

/** Derivatives of a pixel coordinate, along p + across q of the plane, by deg from those in rad by rad. */
function fillDerivatives(out: Float64Array, along: number, p: Jet, across: number, q: Jet): void {
  for (let k = 1; k < 6; k++) out[k] = along * p[k]! + across * q[k]!;
  for (let k = 3; k < 6; k++) out[k]! *= RAD;
}
