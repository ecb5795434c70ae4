import type { EDispKernel } from "../../irf/edisp.js";
import { fractionalPixel } from "../../irf/position.js";
import type { CacheScope } from "../../math/cache.js";
import { nBins } from "../../sky/axis.js";
import type { Geom, SkyPosition, WcsGeom } from "../../sky/types.js";
import { type Convolved, createConvolved, setImages } from "../convolved.js";
import type { FluxVector } from "../flux/types.js";
import { type Placed, placeShape } from "../placed.js";
import type { Response } from "../response.js";
import { positionOf, type Shape } from "../shape.js";
import { type ShapeSampling, shapeSampling } from "../shape-images.js";
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

/** An extended source seen through one instrument. */
export interface Extended {
  readonly source: ExtendedSource;
  readonly response: Response;
  readonly irf: IrfSwitches;
  readonly sampling: ShapeSampling;
  /** Images with rows: the value and the first derivatives by the shape. */
  readonly nImages: number;
  /** True-energy bins that can reach each energy bin, wherever the source is. */
  readonly reach: readonly Int32Array[];
  /** The present parameters of the shape, and the order of derivatives to which its images are known; null: off the map. */
  readonly p: Float64Array;
  order: 0 | 1 | 2;
  placed: Placed | null;
  readonly convolved: Convolved;
  /** Psf and energy dispersion are those at the position where the source entered the pixel it is in, as for a moving point: so the derivatives inside of it are exact. */
  position: SkyPosition | null;
  pixel: number;
  kernel: EDispKernel;
  /** `convolvedExposure` of earlier windows. */
  readonly exposures: CacheScope<Float64Array>;
  /** Work arrays: the convolved images of each true-energy bin of an energy bin, and their values at one pixel [nImages + 1]. */
  readonly maps: (readonly Float64Array[] | undefined)[];
  readonly values: Float64Array;
  /** Work arrays of second derivatives: weights on the pixels of the window [energy_true, ny, nx], after and before the psf. */
  weights: Float64Array;
  unconvolved: Float64Array;
}

export function createExtended(source: ExtendedSource, response: Response, irf: IrfSwitches): Extended {
  const { shape, free, spectrum } = source;
  const p = source.p.slice();
  const position = positionOf(shape, p);
  const nImages = 1 + free.length;
  const e: Extended = {
    source,
    response,
    irf,
    sampling: shapeSampling(shape, free, response),
    nImages,
    reach: Array.from({ length: nBins(response.energy) }, (_, r) => response.reach(r, "anywhere", irf.edisp)),
    p,
    order: 0,
    placed: null,
    convolved: createConvolved(spectrum.size),
    position,
    pixel: pixelOf(response.geom, position),
    kernel: response.edisp(position, irf.edisp),
    exposures: response.arrays("counts seen from windows"),
    maps: [],
    values: new Float64Array(nImages + 1),
    weights: new Float64Array(0),
    unconvolved: new Float64Array(0),
  };
  computeImages(e, 0);
  return e;
}

/** Takes the shape parameters x[at ..], and computes images where they are others, or derivatives are wanted that are not known; false where nothing is to do. */
export function update(e: Extended, x: Float64Array, at: number, order: 0 | 1 | 2): boolean {
  const { p, source, response } = e;
  const { free } = source;
  let isOther = order > e.order;
  for (let i = 0; i < free.length; i++) {
    const value = x[at + i]!;
    if (p[free[i]!] !== value) isOther = true;
    p[free[i]!] = value;
  }
  if (!isOther) return false;
  const position = positionOf(source.shape, p);
  const pixel = pixelOf(response.geom, position);
  if (pixel !== e.pixel) {
    e.pixel = pixel;
    e.position = position;
    e.kernel = response.edisp(position, e.irf.edisp);
  }
  computeImages(e, order);
  return true;
}

function computeImages(e: Extended, order: 0 | 1 | 2): void {
  const { response, irf, placed } = e;
  const psf = irf.psf ? response.psf(e.position) : null;
  e.placed = placeShape(e.sampling, e.p, response.geom as WcsGeom, psf, order, placed ?? undefined);
  if (e.placed !== null) setImages(e.convolved, e.placed, order === 0 ? 1 : e.nImages);
  e.order = order;
}

/** Number of the pixel that holds a position, also beyond the map. */
function pixelOf(geom: Geom, position: SkyPosition | null): number {
  const [x, y] = fractionalPixel(geom, position);
  return Math.floor(y + 0.5) * 2 ** 20 + Math.floor(x + 0.5);
}
