import { kernelStep } from "../irf/psf-kernel.js";
import type { SpatialDeclaration } from "../models/declaration.js";
import { cutout, type Window } from "../sky/geom.js";
import { imageSize } from "../sky/pixels.js";
import type { Frame, SkyPosition, WcsGeom } from "../sky/types.js";
import { type BlurKernel, blurEach } from "./blur.js";
import type { Sharp } from "./blurred.js";
import type { Response } from "./response.js";
import { CUTOUT_MARGIN, createSamples, type Samples, type ShapeImages, shapeImages } from "./shape.js";
import { multiplyByExposure, type Template } from "./template.js";

/** The spatial model of a source as the templates need it. */
export interface Shape {
  readonly declaration: SpatialDeclaration;
  readonly frame: Frame;
  /** Indices of lon_0 and lat_0; -1 for models that have no position. */
  readonly lon: number;
  readonly lat: number;
}

export function positionOf(shape: Shape, p: Float64Array): SkyPosition | null {
  return shape.lon < 0 ? null : { lon: p[shape.lon]!, lat: p[shape.lat]!, frame: shape.frame };
}

/** A shape at one set of parameters: its images on the window where Gammapy evaluates it, and the psf. */
export interface Placed extends ShapeImages, Sharp {
  readonly window: Window;
}

/** Null where the window misses the map. `psfPosition`: where the psf is taken from; `kept`: the shape before, whose arrays are taken over. */
export function placeShape(
  shape: Shape,
  p: Float64Array,
  free: readonly number[],
  response: Response,
  usePsf: boolean,
  order: 0 | 1 | 2,
  psfPosition: SkyPosition | null,
  samples: Samples,
  kept?: Placed,
): Placed | null {
  const geom = response.geom as WcsGeom;
  const position = positionOf(shape, p);
  const psf = usePsf ? response.psf(psfPosition) : null;
  const local = localGeom(shape, p, geom, position, psf);
  if (local === null) return null;
  const { window } = local;
  const images = shapeImages(shape.declaration, p, shape.frame, free, position, local.geom, order, samples, kept);
  return { ...images, window, width: window.nx, limit: { x0: 0, x1: window.nx, y0: 0, y1: window.ny }, psf };
}

/** The window on which Gammapy evaluates the source: evaluation radius, margin and psf on either side; null without overlap. */
function localGeom(
  shape: Shape,
  p: Float64Array,
  geom: WcsGeom,
  position: SkyPosition | null,
  kernel: BlurKernel | null,
): { geom: WcsGeom; window: Window } | null {
  const radius = shape.declaration.global === true ? Number.POSITIVE_INFINITY : shape.declaration.evaluationRadius(p);
  if (position === null || !Number.isFinite(radius)) {
    return { geom, window: { x0: 0, y0: 0, nx: geom.npix[0], ny: geom.npix[1] } };
  }
  const psfWidth = kernel === null ? 0 : kernel.size * kernelStep(geom);
  return cutout(geom, position, psfWidth + 2 * (radius + CUTOUT_MARGIN), { oddNpix: true });
}

/** The template of a shape: image (x) psf x exposure, per true-energy bin. */
export function shapeTemplate(shape: Shape, p: Float64Array, response: Response, usePsf: boolean): Template {
  const placed = placeShape(shape, p, [], response, usePsf, 0, positionOf(shape, p), createSamples(response));
  if (placed === null) return { x0: 0, y0: 0, nx: 0, ny: 0, data: new Float64Array(0) };
  const { images, window, box, limit, psf } = placed;
  const [width, height] = imageSize(response.geom);
  const n = window.nx * window.ny;
  const nTrue = response.exposure.length / (width * height);
  const data = new Float64Array(nTrue * n);
  const image = images[0]!;
  if (psf === null) for (let t = 0; t < nTrue; t++) data.set(image, t * n);
  else
    blurEach(
      () => image,
      psf,
      window.nx,
      box,
      limit,
      (t) => data.subarray(t * n, (t + 1) * n),
    );
  // transforms leave rounding noise where the source is hardly; predicted counts must not be negative for it
  for (let k = 0; k < data.length; k++) if (data[k]! < 0) data[k] = 0;
  for (let t = 0; t < nTrue; t++) multiplyByExposure(data, t, window, response.exposure, width, height);
  return { ...window, data };
}
