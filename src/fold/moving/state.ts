import { fillWeight, JET } from "../../irf/around.js";
import { nBins } from "../../sky/axis.js";
import { imageGeom, nPix } from "../../sky/pixels.js";
import { isClosed } from "../../sky/seam.js";
import type { Frame, WcsGeom } from "../../sky/types.js";
import { makePixelDerivatives, type PixelDerivatives } from "../../sky/wcs-derivatives.js";
import { type FluxVector, packedLength } from "../flux/types.js";
import type { IrfsAround } from "../irfs.js";
import type { Response } from "../response.js";
import type { IrfSwitches } from "../types.js";

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
  /** The map goes around the sky. */
  readonly closed: boolean;
  /** Psfs and energy dispersions around the source. */
  readonly irfs: IrfsAround;
  /** How many psfs are mixed, at least 1. */
  readonly nPsfs: number;
  /** Number of energy bins where energy dispersions are mixed, each bin having fluxes of its own in `vector`; 1 where there is one of them, which the rows have. */
  readonly layers: number;
  /** The free coordinates, by the place of their first derivatives in jets: 1 longitude, 2 latitude. */
  readonly free: readonly number[];
  /** z = weight of each corner times share of each psf times energy dispersion times flux `[layer, corner, psf, energy_true]`, with its derivatives. */
  readonly vector: Pick<FluxVector, "size" | "n" | "s" | "ds" | "d2s">;
  readonly locate: PixelDerivatives;
  /** How far the source is from corner 0, with derivatives in the order of `PixelDerivatives`. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Weights of the corners [CORNERS, JET], mixed energy dispersions [layers, energy_true, JET], and work arrays [JET]. */
  readonly corners: Float64Array;
  readonly dispersion: Float64Array;
  readonly share: Float64Array;
  readonly jet: Float64Array;
  /** True-energy bins that can reach each energy bin, wherever the source is. */
  readonly reach: readonly Int32Array[];
  /** Corner 0. */
  cellX: number;
  cellY: number;
  /** Exposure times mask [energy_true, pixels], and what it was computed for. */
  readonly masked: Float64Array;
  maskedFor: readonly unknown[];
}

export function createMoving(source: MovingSource, response: Response, irf: IrfSwitches): Moving {
  const { spectrum, lon, lat, frame } = source;
  const geom = imageGeom(response.geom, `model "${source.name}"`);
  const free = [lon, lat].flatMap((coordinate, i) => (coordinate.slot < 0 ? [] : [i + 1]));
  const n = spectrum.n + free.length;
  const irfs = response.around(frame, irf);
  const nReco = nBins(response.energy);
  const nPsfs = Math.max(1, irfs.shares.length / (spectrum.size * JET));
  const layers = irfs.weights.length > JET ? nReco : 1;
  const size = layers * CORNERS * nPsfs * spectrum.size;
  const array = (width: number) => new Float64Array(size * width);
  const m: Moving = {
    source,
    response,
    geom,
    closed: isClosed(geom),
    irfs,
    nPsfs,
    layers,
    free,
    vector: { size, n, s: array(1), ds: array(n), d2s: array(packedLength(n)) },
    locate: makePixelDerivatives(geom.wcs, frame),
    x: new Float64Array(JET),
    y: new Float64Array(JET),
    corners: new Float64Array(CORNERS * JET),
    dispersion: new Float64Array(layers * spectrum.size * JET),
    share: new Float64Array(JET),
    jet: new Float64Array(JET),
    reach: Array.from({ length: nReco }, (_, r) => response.reach(r, irf.edisp)),
    cellX: Number.NaN,
    cellY: Number.NaN,
    masked: new Float64Array(spectrum.size * nPix(geom)),
    maskedFor: [],
  };
  place(m, lon.value, lat.value, 0);
  return m;
}

/** A pixel that no psf reaches from: where the map has no pixel coordinates, as on the far side of a TAN projection. */
const NOWHERE = -(2 ** 30);

/** Puts the source at (lon, lat); true where it is between other pixels than before, of the map or of the responses. */
export function place(m: Moving, lon: number, lat: number, order: 0 | 1 | 2): boolean {
  const { x, y } = m;
  m.locate(lon, lat, order, x, y);
  if (!Number.isFinite(x[0]! + y[0]!)) {
    x.fill(0);
    y.fill(0);
    x[0] = NOWHERE;
    y[0] = NOWHERE;
  }
  const cellX = Math.floor(x[0]!);
  const cellY = Math.floor(y[0]!);
  const isOther = cellX !== m.cellX || cellY !== m.cellY;
  m.cellX = cellX;
  m.cellY = cellY;
  x[0]! -= cellX;
  y[0]! -= cellY;
  for (let c = 0; c < CORNERS; c++) fillWeight(m.corners, c * JET, c & 1, x, c >> 1, y);
  return m.irfs.locate(lon, lat, order) || isOther;
}
