import { JET } from "../../irf/around.js";
import type { EDispKernel } from "../../irf/edisp.js";
import { mixEDisps, mixPsfs } from "../../irf/mix.js";
import { nBins } from "../../sky/axis.js";
import { imageGeom } from "../../sky/pixels.js";
import type { WcsGeom } from "../../sky/types.js";
import type { BlurKernel } from "../blur.js";
import type { FluxVector } from "../flux/types.js";
import type { IrfsAround } from "../irfs.js";
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

/** A coordinate that is free. */
export interface FreeCoordinate {
  /** The image of the derivative by it. */
  readonly image: number;
  /** Its place in a jet: 1 longitude, 2 latitude. */
  readonly which: 1 | 2;
}

/** How psf and energy dispersion change with one free coordinate, per deg. */
export interface IrfSlope extends FreeCoordinate {
  /** Null: it does not change. */
  readonly psf: BlurKernel | null;
  readonly kernel: EDispKernel | null;
}

/** Its present shape parameters, and the instrument that sees it. */
export interface FreeShape {
  readonly source: ExtendedSource;
  readonly response: Response;
  readonly geom: WcsGeom;
  /** True-energy bins that can reach each energy bin, wherever the source is. */
  readonly reach: readonly Int32Array[];
  readonly p: Float64Array;
  /** The order of derivatives to which its images are known. */
  order: 0 | 1 | 2;
  /** Psfs and energy dispersions around it, if it moves. */
  readonly irfs: IrfsAround;
  /** Those at its position. */
  psf: BlurKernel | null;
  kernel: EDispKernel;
  readonly coordinates: readonly FreeCoordinate[];
  /** How they change with these, from order 1 on; none where they are the same everywhere. */
  slopes: readonly IrfSlope[];
}

export function createFreeShape(source: ExtendedSource, response: Response, irf: IrfSwitches): FreeShape {
  const { shape } = source;
  const position = positionOf(shape, source.p);
  const f: FreeShape = {
    source,
    response,
    geom: imageGeom(response.geom, `model "${source.name}"`),
    reach: Array.from({ length: nBins(response.energy) }, (_, r) => response.reach(r, irf.edisp)),
    p: source.p.slice(),
    order: 0,
    irfs: response.around(shape.frame, irf),
    psf: irf.psf ? response.psf(position) : null,
    kernel: response.edisp(position, irf.edisp),
    coordinates: coordinatesOf(source),
    slopes: [],
  };
  if (f.coordinates.length > 0) takeIrfs(f);
  return f;
}

/** Takes the shape parameters x[at ..]; false where they are the same, and derivatives of this order are known. */
export function takeParameters(f: FreeShape, x: Float64Array, at: number, order: 0 | 1 | 2): boolean {
  const { p, source } = f;
  const { free, shape } = source;
  let isOther = order > f.order;
  let isElsewhere = false;
  for (let i = 0; i < free.length; i++) {
    const value = x[at + i]!;
    const k = free[i]!;
    if (p[k] !== value) {
      isOther = true;
      if (k === shape.lon || k === shape.lat) isElsewhere = true;
    }
    p[k] = value;
  }
  if (!isOther) return false;
  const areSlopesWanted = order > 0 && f.order === 0 && f.coordinates.length > 0;
  f.order = order;
  if (isElsewhere || areSlopesWanted) takeIrfs(f);
  return true;
}

/** Takes psf and energy dispersion at the position, and how they change there. */
function takeIrfs(f: FreeShape): void {
  const { source, irfs, response, order } = f;
  const position = positionOf(source.shape, f.p);
  irfs.locate(position?.lon ?? Number.NaN, position?.lat ?? Number.NaN, order === 0 ? 0 : 2);
  const { psfs, shares, edisps, weights } = irfs;
  const arePsfsMixed = psfs.length > 1;
  const areEDispsMixed = weights.length > JET;
  f.psf = arePsfsMixed ? response.blurring(mixPsfs(psfs, shares)) : (psfs[0] ?? null);
  f.kernel = areEDispsMixed ? mixEDisps(edisps, weights) : edisps[0]!;
  f.slopes = [];
  if (order === 0 || !(arePsfsMixed || areEDispsMixed)) return;
  f.slopes = f.coordinates.map(({ image, which }) => ({
    image,
    which,
    psf: arePsfsMixed ? response.blurring(mixPsfs(psfs, shares, which)) : null,
    kernel: areEDispsMixed ? mixEDisps(edisps, weights, which) : null,
  }));
}

function coordinatesOf({ free, shape }: ExtendedSource): FreeCoordinate[] {
  return ([shape.lon, shape.lat] as const).flatMap((parameter, i) => {
    const at = parameter < 0 ? -1 : free.indexOf(parameter);
    return at < 0 ? [] : [{ image: 1 + at, which: i === 0 ? 1 : 2 }];
  });
}
