import type { EDispKernel } from "../../irf/edisp.js";
import type { PsfKernel } from "../../irf/psf-kernel.js";
import { nBins } from "../../sky/axis.js";
import { imageGeom, nPix } from "../../sky/pixels.js";
import type { Frame, WcsGeom } from "../../sky/types.js";
import { makePixelDerivatives, type PixelDerivatives } from "../../sky/wcs-derivatives.js";
import { type FluxVector, packedLength } from "../flux/types.js";
import type { Response } from "../response.js";
import type { IrfSwitches, MaskPixels } from "../types.js";

/** One coordinate of the position: its index in the component's free parameters (-1: frozen), and its starting or frozen value in deg. */
export interface Coordinate {
  readonly slot: number;
  readonly value: number;
}

/** A point source of which at least one coordinate is free. */
export interface MovingSource {
  readonly name: string;
  /** Fluxes per true-energy bin, whose parameters come first; then the free coordinates. */
  readonly spectrum: FluxVector;
  readonly lon: Coordinate;
  readonly lat: Coordinate;
  readonly frame: Frame;
}

/** The pixels around the source, numbered c = 0 to 3 by x, then y: the flux is divided among them in proportion to bilinear weights. */
export const CORNERS = 4;

/** A moving source seen through one instrument. */
export interface Moving {
  readonly source: MovingSource;
  readonly response: Response;
  readonly geom: WcsGeom;
  readonly irf: IrfSwitches;
  /** The free coordinates, by the place of their first derivatives in x and y: 1 longitude, 2 latitude. */
  readonly free: readonly number[];
  /** z = weight of each corner times flux `[corner, energy_true]`, with its derivatives. */
  readonly vector: Pick<FluxVector, "size" | "n" | "s" | "ds" | "d2s">;
  readonly locate: PixelDerivatives;
  /** Pixel position of the source, and the weight of the corner in hand, each with its derivatives in the order of `PixelDerivatives`. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly weight: Float64Array;
  /** True-energy bins that can reach each energy bin, wherever the source is. */
  readonly reach: readonly Int32Array[];
  /** Corner 0, the psf and the energy dispersion where the source entered the cell between the corners. */
  cellX: number;
  cellY: number;
  psf: PsfKernel | null;
  kernel: EDispKernel;
  /** `maskedExposure` of the map, and what it was computed for. */
  readonly masked: Float64Array;
  maskedFor: { readonly mask: MaskPixels; readonly kernel: EDispKernel } | undefined;
}

export function createMoving(source: MovingSource, response: Response, irf: IrfSwitches): Moving {
  const { spectrum, lon, lat, frame } = source;
  const geom = imageGeom(response.geom, `model "${source.name}"`);
  const free = [lon, lat].flatMap((coordinate, i) => (coordinate.slot < 0 ? [] : [i + 1]));
  const n = spectrum.n + free.length;
  const size = CORNERS * spectrum.size;
  const array = (width: number) => new Float64Array(size * width);
  const m: Moving = {
    source,
    response,
    geom,
    irf,
    free,
    vector: { size, n, s: array(1), ds: array(n), d2s: array(packedLength(n)) },
    locate: makePixelDerivatives(geom.wcs, frame),
    x: new Float64Array(6),
    y: new Float64Array(6),
    weight: new Float64Array(6),
    reach: Array.from({ length: nBins(response.energy) }, (_, r) => response.reach(r, "anywhere", irf.edisp)),
    cellX: Number.NaN,
    cellY: Number.NaN,
    psf: null,
    kernel: response.edisp(null, irf.edisp),
    masked: new Float64Array(spectrum.size * nPix(geom)),
    maskedFor: undefined,
  };
  place(m, lon.value, lat.value, 0);
  return m;
}

/** Puts the source at (lon, lat), and takes psf and energy dispersion there if it has left its cell; false where it has not. */
export function place(m: Moving, lon: number, lat: number, order: 0 | 1 | 2): boolean {
  m.locate(lon, lat, order, m.x, m.y);
  const x = Math.floor(m.x[0]!);
  const y = Math.floor(m.y[0]!);
  if (x === m.cellX && y === m.cellY) return false;
  m.cellX = x;
  m.cellY = y;
  const position = { lon, lat, frame: m.source.frame };
  m.psf = m.irf.psf ? m.response.psf(position) : null;
  m.kernel = m.response.edisp(position, m.irf.edisp);
  return true;
}
