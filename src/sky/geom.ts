/**
 * Pixelised map geometries: made, measured, cut, sampled finer or coarser. Pixel positions are 0-based, angles in deg;
 * images are [ny, nx] in C order.
 */
import { SpecError, unknownName } from "../errors.js";
import { downsampleAxis, roundHalfEven, squashAxis, upsampleAxis } from "./axis-groups.js";
import { toFrame } from "./frames.js";
import { dividedSteps, rotatedSteps, stepLengths } from "./linear.js";
import { defaultPoles } from "./native-pole.js";
import type { Frame, Geom, MapAxis, SkyPosition, Wcs, WcsGeom } from "./types.js";
import { makeProjector } from "./wcs.js";
import { roundUpToOdd, type Window, windowAround } from "./window.js";

export { roundUpToOdd, type Window };

type Pair = number | readonly [number, number];
const pair = (x: Pair): readonly [number, number] => (typeof x === "number" ? [x, x] : x);

/** Options of `wcsGeom`. */
export interface WcsGeomOptions {
  /** Default: longitude and latitude 0 of `frame`. */
  readonly center?: SkyPosition;
  /** Pixel size, deg; one number or [lon, lat]. */
  readonly binsz?: Pair;
  /** Numbers of pixels; or else `width` [deg], by default the whole sky. */
  readonly npix?: Pair;
  readonly width?: Pair;
  readonly proj?: string;
  /** Of the pixel grid, deg, as CROTA2 has it: columns run from south to north at the position angle -rotation. */
  readonly rotation?: number;
  readonly frame?: Frame;
  readonly axes?: readonly MapAxis[];
}

/**
 * A geometry centred on a position: the reference point of the projection and the centre of the image.
 * @throws SpecError where it would have no pixels.
 */
export function wcsGeom(options: WcsGeomOptions = {}): WcsGeom {
  const { proj = "CAR", frame = options.center?.frame ?? "icrs", axes = [] } = options;
  const center = toFrame(options.center ?? { lon: 0, lat: 0, frame }, frame);
  const [bx, by] = pair(options.binsz ?? 0.5);
  const [wx, wy] = pair(options.width ?? [360, 180]);
  const npix = pair(options.npix ?? [roundHalfEven(wx / bx), roundHalfEven(wy / by)]);
  if (!(npix[0] >= 1 && npix[1] >= 1 && Number.isInteger(npix[0]) && Number.isInteger(npix[1]))) {
    throw new SpecError(
      `Geometry of ${npix[0]} x ${npix[1]} pixels; expected whole numbers of at least 1: check width and binsz`,
    );
  }
  const crval = [center.lon, center.lat] as const;
  const crpix = [(npix[0] + 1) / 2, (npix[1] + 1) / 2] as const;
  const cd = rotatedSteps(-bx, by, options.rotation);
  const wcs: Wcs = { projection: proj, frame, crval, crpix, cd, ...defaultPoles({ projection: proj, crval }) };
  return { kind: "wcs", wcs, npix: [npix[0], npix[1]], axes };
}

/** Lengths of the sides of a pixel at the reference point, deg. */
export function pixelScales(geom: WcsGeom): [number, number] {
  return stepLengths(geom.wcs.cd);
}

/** Position of the middle of the image. */
export function centerPosition(geom: WcsGeom): SkyPosition {
  const out = new Float64Array(2);
  makeProjector(geom.wcs).pixToSky((geom.npix[0] - 1) / 2, (geom.npix[1] - 1) / 2, out);
  return { lon: out[0]!, lat: out[1]!, frame: geom.wcs.frame };
}

/**
 * The part of `geom` within `width` [deg] (lon, lat; along rows and columns where the map is rotated) around `center`, trimmed at its borders, and
 * where it lies; null if there is no overlap. Numbers of pixels are rounded to the nearest (ties to even) as in Astropy's Cutout2D, or up to
 * the next odd one.
 */
export function cutout(
  geom: WcsGeom,
  center: SkyPosition,
  width: Pair,
  options: { readonly oddNpix?: boolean; readonly minNpix?: number } = {},
): { geom: WcsGeom; window: Window } | null {
  const window = windowAround(geom, center, pair(width), options);
  return window === null ? null : { geom: windowGeom(geom, window), window };
}

/** The geometry of a window of pixels. */
export function windowGeom(geom: WcsGeom, window: Window): WcsGeom {
  const [cx, cy] = geom.wcs.crpix;
  return {
    ...geom,
    wcs: { ...geom.wcs, crpix: [cx - window.x0, cy - window.y0] },
    npix: [window.nx, window.ny],
  };
}

/** `factor` x `factor` pixels for one; or, with `axisName`, `factor` bins for one of that axis. */
export function upsampleGeom(geom: WcsGeom, factor: number, axisName?: string): WcsGeom {
  if (axisName !== undefined) return mapAxis(geom, axisName, (axis) => upsampleAxis(axis, factor));
  return resample(geom, factor, [geom.npix[0] * factor, geom.npix[1] * factor]);
}

/**
 * One pixel for `factor` x `factor`; or, with `axisName`, one bin for `factor` of that axis.
 * @throws SpecError where `factor` does not divide the number of pixels or bins, or a region has no pixels to join.
 */
export function downsampleGeom<G extends Geom>(geom: G, factor: number, axisName?: string): G {
  if (axisName !== undefined) return mapAxis(geom, axisName, (axis) => downsampleAxis(axis, factor));
  if (geom.kind !== "wcs") {
    throw new SpecError("Only the pixels of an image can be joined into larger ones; give the name of an axis");
  }
  const [nx, ny] = geom.npix;
  if (nx % factor !== 0 || ny % factor !== 0) {
    throw new SpecError(
      `Geometry of ${nx} x ${ny} pixels is not divisible by ${factor}; cut it or choose another factor`,
    );
  }
  return resample(geom, 1 / factor, [nx / factor, ny / factor]) as G;
}

function resample(geom: WcsGeom, factor: number, npix: readonly [number, number]): WcsGeom {
  const { cd, crpix } = geom.wcs;
  const wcs: Wcs = {
    ...geom.wcs,
    cd: dividedSteps(cd, factor),
    crpix: [(crpix[0] - 0.5) * factor + 0.5, (crpix[1] - 0.5) * factor + 0.5],
  };
  return { ...geom, wcs, npix };
}

/** A new geometry around the middle of `geom` with square pixels of its larger scale and an odd number of them covering `maxRadius` [deg] (default: the whole image). */
export function toOddNpix(geom: WcsGeom, maxRadius?: number): WcsGeom {
  const scales = pixelScales(geom);
  const binsz = Math.max(...scales);
  const width = maxRadius === undefined ? Math.max(geom.npix[0] * scales[0], geom.npix[1] * scales[1]) : 2 * maxRadius;
  const { projection, frame } = geom.wcs;
  const npix = roundUpToOdd(width / binsz);
  return wcsGeom({ center: centerPosition(geom), binsz, npix, proj: projection, frame, axes: geom.axes });
}

/** The geometry with other axes in place of its own. */
export function withAxes<G extends Geom>(geom: G, axes: readonly MapAxis[]): G {
  return { ...geom, axes };
}

/** The geometry without the axes of these names. */
export function dropAxes<G extends Geom>(geom: G, ...names: readonly string[]): G {
  return withAxes(
    geom,
    geom.axes.filter((axis) => !names.includes(axis.name)),
  );
}

/** The geometry with one axis replaced by a single bin over its range. */
export function squashGeom<G extends Geom>(geom: G, axisName: string): G {
  return mapAxis(geom, axisName, squashAxis);
}

/** The axis of a geometry by name. */
export function findAxis(geom: Geom, name: string): MapAxis {
  return geom.axes[axisPosition(geom, name)]!;
}

/**
 * Index in `geom.axes` of the axis of that name.
 * @throws SpecError where there is none of that name.
 */
export function axisPosition(geom: Geom, name: string): number {
  const k = geom.axes.findIndex((axis) => axis.name === name);
  if (k < 0) {
    throw unknownName(
      "geometry",
      "axis",
      name,
      geom.axes.map((a) => a.name),
    );
  }
  return k;
}

function mapAxis<G extends Geom>(geom: G, name: string, change: (axis: MapAxis) => MapAxis): G {
  const k = axisPosition(geom, name);
  return withAxes(
    geom,
    geom.axes.map((axis, i) => (i === k ? change(axis) : axis)),
  );
}
