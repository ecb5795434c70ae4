import { convertFrame } from "../../sky/frames.js";
import type { Frame, Wcs } from "../../sky/types.js";
import { makeProjector } from "../../sky/wcs.js";

/** Step of the differences of pixel coordinates, deg: they bend over tens of degrees, so this leaves 1e-7 of a derivative. */
const STEP = 0.02;

/** Fills x and y [6] with a pixel position, from order 1 on with its derivatives: [x, x_lon, x_lat, x_lonlon, x_lonlat, x_latlat], per deg. */
export type PixelDerivatives = (lon: number, lat: number, order: 0 | 1 | 2, x: Float64Array, y: Float64Array) => void;

export function makePixelDerivatives(wcs: Wcs, frame: Frame): PixelDerivatives {
  const projector = makeProjector(wcs);
  const pix = new Float64Array(2);
  const at = (lon: number, lat: number): readonly [number, number] => {
    convertFrame(lon, lat, frame, wcs.frame, pix);
    projector.skyToPix(pix[0]!, pix[1]!, pix);
    return [pix[0]!, pix[1]!];
  };
  return (a, b, order, x, y) => {
    const [x0, y0] = at(a, b);
    x[0] = x0;
    y[0] = y0;
    if (order === 0) return;
    const [xe, ye] = at(a + STEP, b);
    const [xw, yw] = at(a - STEP, b);
    const [xn, yn] = at(a, b + STEP);
    const [xs, ys] = at(a, b - STEP);
    x[1] = (xe - xw) / (2 * STEP);
    x[2] = (xn - xs) / (2 * STEP);
    y[1] = (ye - yw) / (2 * STEP);
    y[2] = (yn - ys) / (2 * STEP);
    if (order === 1) return;
    const [xne, yne] = at(a + STEP, b + STEP);
    const [xsw, ysw] = at(a - STEP, b - STEP);
    const [xnw, ynw] = at(a - STEP, b + STEP);
    const [xse, yse] = at(a + STEP, b - STEP);
    const q = STEP * STEP;
    x[3] = (xe - 2 * x0 + xw) / q;
    x[4] = (xne + xsw - xnw - xse) / (4 * q);
    x[5] = (xn - 2 * x0 + xs) / q;
    y[3] = (ye - 2 * y0 + yw) / q;
    y[4] = (yne + ysw - ynw - yse) / (4 * q);
    y[5] = (yn - 2 * y0 + ys) / q;
  };
}
