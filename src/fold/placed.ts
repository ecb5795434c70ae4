import { kernelStep } from "../irf/psf-kernel.js";
import type { SpatialDeclaration } from "../models/declaration.js";
import { axisCenters } from "../sky/axis.js";
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
  /** Indices of the parameters that are longitude and latitude; -1 for models that have no position. */
  readonly lon: number;
  readonly lat: number;
  /** What tells it apart from others, but for its parameters. */
  readonly key: readonly unknown[];
}

/** The shape at the centre of each bin of true energy; one for all where it is the same at all energies. */
export function shapesByEnergy(shape: Shape, { energyTrue }: Response): readonly Shape[] {
  const { declaration } = shape;
  if (declaration.energyDependent !== true) return [shape];
  return Array.from(axisCenters(energyTrue), (energy) => ({
    ...shape,
    declaration: {
      ...declaration,
      evaluate: (lon, lat, p) => declaration.evaluate(lon, lat, p, energy),
      ...(declaration.derivatives && {
        derivatives: (lon, lat, p, g, h, _, order) => declaration.derivatives!(lon, lat, p, g, h, energy, order),
      }),
    },
  }));
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
  const samples = createSamples(response);
  const place = (one: Shape) => placeShape(one, p, [], response, usePsf, 0, positionOf(one, p), samples);
  const [first = null, ...others] = shapesByEnergy(shape, response).map(place);
  if (first === null) return { x0: 0, y0: 0, nx: 0, ny: 0, data: new Float64Array(0) };
  const { window, box, limit, psf } = first;
  // windows and boxes do not depend on the energy
  const images = [first, ...others].map((placed) => placed!.images[0]!);
  const image = (t: number) => images[Math.min(t, images.length - 1)]!;
  const [width, height] = imageSize(response.geom);
  const n = window.nx * window.ny;
  const nTrue = response.exposure.length / (width * height);
  const data = new Float64Array(nTrue * n);
  const out = (t: number) => data.subarray(t * n, (t + 1) * n);
  if (psf === null) for (let t = 0; t < nTrue; t++) out(t).set(image(t));
  else blurEach(image, psf, window.nx, box, limit, out);
  // transforms leave rounding noise where the source is hardly; predicted counts must not be negative for it
  for (let k = 0; k < data.length; k++) if (data[k]! < 0) data[k] = 0;
  for (let t = 0; t < nTrue; t++) multiplyByExposure(data, t, window, response.exposure, width, height);
  return { ...window, data };
}
