import type { CacheScope } from "../../math/cache.js";
import { type Convolved, createConvolved, setImages } from "../convolved.js";
import { type Placed, placeShape } from "../placed.js";
import type { Response } from "../response.js";
import { type ShapeSampling, shapeSampling } from "../shape-sampling.js";
import type { IrfSwitches } from "../types.js";
import { createFreeShape, type ExtendedSource, type FreeShape, takeParameters } from "./free-shape.js";

/** An extended source seen through one instrument. */
export interface Extended extends FreeShape {
  readonly sampling: ShapeSampling;
  /** Images with rows: the value and the first derivatives by the shape. */
  readonly nImages: number;
  /** The images; null: off the map. */
  placed: Placed | null;
  readonly convolved: Convolved;
  /** The source itself, convolved with the derivatives of the psf: one for each of `slopes`. */
  readonly inclined: readonly Convolved[];
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
  const nImages = 1 + free.length;
  const e: Extended = {
    ...createFreeShape(source, response, irf),
    sampling: shapeSampling(shape, free, response),
    nImages,
    placed: null,
    convolved: createConvolved(spectrum.size),
    inclined: [createConvolved(spectrum.size, true), createConvolved(spectrum.size, true)],
    exposures: response.arrays("counts seen from windows"),
    maps: [],
    values: new Float64Array(nImages + 1),
    weights: new Float64Array(0),
    unconvolved: new Float64Array(0),
  };
  computeImages(e);
  return e;
}

/** Takes the shape parameters x[at ..], and computes images where they are others, or derivatives are wanted that are not known; false where nothing is to do. */
export function update(e: Extended, x: Float64Array, at: number, order: 0 | 1 | 2): boolean {
  if (!takeParameters(e, x, at, order)) return false;
  computeImages(e);
  return true;
}

function computeImages(e: Extended): void {
  const { sampling, p, geom, psf, order, nImages, convolved, inclined, placed, slopes } = e;
  e.placed = placeShape(sampling, p, geom, psf, order, placed ?? undefined);
  if (e.placed === null) return;
  setImages(convolved, e.placed, order === 0 ? 1 : nImages);
  for (const [i, slope] of slopes.entries()) {
    if (slope.psf !== null) setImages(inclined[i]!, { ...e.placed, psf: slope.psf }, 1);
  }
}
