import type { EDispKernel } from "../../irf/edisp.js";
import { nBins } from "../../sky/axis.js";
import { imageGeom } from "../../sky/pixels.js";
import type { SkyPosition, WcsGeom } from "../../sky/types.js";
import { pixelPosition } from "../../sky/wcs-pixels.js";
import type { BlurKernel } from "../blur.js";
import type { FluxVector } from "../flux/types.js";
import type { Response } from "../response.js";
import { positionOf, type Shape } from "../shape.js";
import type { IrfSwitches } from "../types.js";

/** A source with some free shape parameters. */
export interface ExtendedSource {
  readonly name: string;
  /** Fluxes per true-energy bin, whose parameters come first; then the free ones of the shape. */
  readonly spectrum: FluxVector;
  readonly shape: Shape;
  /** The parameters of the shape, and the indices of the free ones. */
  readonly p: Float64Array;
  readonly free: readonly number[];
}

/** Its present shape parameters, and the instrument that sees it. */
export interface FreeShape {
  readonly source: ExtendedSource;
  readonly response: Response;
  readonly geom: WcsGeom;
  readonly irf: IrfSwitches;
  /** True-energy bins that can reach each energy bin, wherever the source is. */
  readonly reach: readonly Int32Array[];
  readonly p: Float64Array;
  /** The order of derivatives to which its images are known. */
  order: 0 | 1 | 2;
  /** Psf and energy dispersion are those at the position where the source entered the pixel it is in, as for a moving point: so the derivatives inside of it are exact. */
  position: SkyPosition | null;
  pixel: number;
  kernel: EDispKernel;
}

export function createFreeShape(source: ExtendedSource, response: Response, irf: IrfSwitches): FreeShape {
  const geom = imageGeom(response.geom, `model "${source.name}"`);
  const p = source.p.slice();
  const position = positionOf(source.shape, p);
  return {
    source,
    response,
    geom,
    irf,
    reach: Array.from({ length: nBins(response.energy) }, (_, r) => response.reach(r, "anywhere", irf.edisp)),
    p,
    order: 0,
    position,
    pixel: pixelOf(geom, position),
    kernel: response.edisp(position, irf.edisp),
  };
}

/** Takes the shape parameters x[at ..]; false where they are the same, and derivatives of this order are known. */
export function takeParameters(f: FreeShape, x: Float64Array, at: number, order: 0 | 1 | 2): boolean {
  const { p, source, response, geom, irf } = f;
  const { free, shape } = source;
  let isOther = order > f.order;
  for (let i = 0; i < free.length; i++) {
    const value = x[at + i]!;
    if (p[free[i]!] !== value) isOther = true;
    p[free[i]!] = value;
  }
  if (!isOther) return false;
  f.order = order;
  const position = positionOf(shape, p);
  const pixel = pixelOf(geom, position);
  if (pixel !== f.pixel) {
    f.pixel = pixel;
    f.position = position;
    f.kernel = response.edisp(position, irf.edisp);
  }
  return true;
}

export const psfOf = ({ irf, response, position }: FreeShape): BlurKernel | null =>
  irf.psf ? response.psf(position) : null;

/** Number of the pixel that holds a position, also beyond the map. */
function pixelOf(geom: WcsGeom, position: SkyPosition | null): number {
  const [x, y] = pixelPosition(geom, position);
  return Math.floor(y + 0.5) * 2 ** 20 + Math.floor(x + 0.5);
}
