import { kernelStep } from "../irf/psf-kernel.js";
import type { Box } from "../math/convolution.js";
import { nBins } from "../sky/axis.js";
import { type Window, windowGeom } from "../sky/geom.js";
import { imageSize } from "../sky/pixels.js";
import type { WcsGeom } from "../sky/types.js";
import { windowAround } from "../sky/window.js";
import { type BlurKernel, blurEach } from "./blur.js";
import type { SourceImages } from "./convolved.js";
import { narrowRadius } from "./narrow.js";
import type { Response } from "./response.js";
import { positionOf, radiusOf, type Shape } from "./shape.js";
import { type ShapeImages, shapeImages } from "./shape-images.js";
import { halfWidthsOf, marginOf, type ShapeSampling, samplingsByEnergy } from "./shape-sampling.js";
import { timesExposure } from "./source-exposure.js";
import { multiplyByExposure, type Template } from "./template.js";

/** Gammapy's margin around the evaluation radius, deg. */
const CUTOUT_MARGIN = 0.1;

/** A shape at one set of parameters: its images on the window where Gammapy evaluates it, beyond the map as far as the psf reaches, and the psf. `limit`: the map. */
export interface Placed extends ShapeImages, SourceImages {
  readonly window: Window;
}

/** Numbers of the pixels of a window, [energy_true, ny, nx]. */
export interface OnWindow {
  readonly window: Window;
  readonly data: Float64Array;
}

/** Null where the window misses the map. `kept`: the shape before, whose arrays are taken over. */
export function placeShape(
  sampling: ShapeSampling,
  p: Float64Array,
  geom: WcsGeom,
  psf: BlurKernel | null,
  order: 0 | 1 | 2,
  kept?: Placed,
): Placed | null {
  const local = localGeom(sampling.shape, p, geom, psf);
  if (local === null) return null;
  const { window } = local;
  const images = shapeImages(sampling, p, local.geom, order, kept);
  return { ...images, window, width: window.nx, limit: mapWithin(window, geom), psf };
}

/** The pixels of a window that are on the map, in those of the window. */
export function mapWithin({ x0, y0, nx, ny }: Window, { npix }: WcsGeom): Box {
  return { x0: Math.max(0, -x0), x1: Math.min(nx, npix[0] - x0), y0: Math.max(0, -y0), y1: Math.min(ny, npix[1] - y0) };
}

/**
 * The window on which the source is evaluated: Gammapy's evaluation radius, its margin and the psf on either side. It goes beyond the map as far as the psf brings
 * events back in. Null where it misses the map.
 */
function localGeom(
  shape: Shape,
  p: Float64Array,
  geom: WcsGeom,
  kernel: BlurKernel | null,
): { geom: WcsGeom; window: Window } | null {
  const position = positionOf(shape, p);
  const radius = radiusOf(shape, p);
  const [nx, ny] = geom.npix;
  const margin = kernel === null ? 0 : (kernel.size - 1) / 2;
  if (position === null || !Number.isFinite(radius)) {
    const window = { x0: 0 - margin, y0: 0 - margin, nx: nx + 2 * margin, ny: ny + 2 * margin };
    return { geom: windowGeom(geom, window), window };
  }
  const psfWidth = kernel === null ? 0 : kernel.size * kernelStep(geom);
  const own = Math.max(radius + Math.max(CUTOUT_MARGIN, marginOf(shape, geom)), narrowRadius(shape, p, geom));
  const [x, y] = halfWidthsOf(shape, position, own, geom);
  const window = windowAround(geom, position, [psfWidth + 2 * x, psfWidth + 2 * y], { oddNpix: true, margin });
  if (window === null) return null;
  const { x0, x1, y0, y1 } = mapWithin(window, geom);
  return x1 > x0 && y1 > y0 ? { geom: windowGeom(geom, window), window } : null;
}

/** The template of a shape: image (x) psf x exposure, per true-energy bin. */
export function shapeTemplate(shape: Shape, p: Float64Array, response: Response, usePsf: boolean): Template {
  const psf = usePsf ? response.psf(positionOf(shape, p)) : null;
  const geom = response.geom as WcsGeom;
  const place = (one: ShapeSampling) => placeShape(one, p, geom, psf, 0);
  const [first = null, ...others] = samplingsByEnergy(shape, [], response).map(place);
  if (first === null) return { x0: 0, y0: 0, nx: 0, ny: 0, data: new Float64Array(0) };
  const { window, box, limit } = first;
  // windows and boxes do not depend on the energy
  const images = [first, ...others].map((placed) => placed!.images[0]!);
  const image = (t: number) => images[Math.min(t, images.length - 1)]!;
  const [width, height] = imageSize(response.geom);
  const n = window.nx * window.ny;
  const nTrue = response.exposure.length / (width * height);
  const data = new Float64Array(nTrue * n);
  const { sourceExposure } = response;
  const exposed = sourceExposure && Array.from({ length: nTrue }, () => new Float64Array(n));
  const isReached = sourceExposure && reachedBy(response);
  exposed?.forEach((product, t) => {
    if (isReached!.has(t)) timesExposure(image(t), sourceExposure!, geom, t, window, product);
  });
  const source = exposed ? (t: number) => exposed[t]! : image;
  const out = (t: number) => data.subarray(t * n, (t + 1) * n);
  if (psf === null) for (let t = 0; t < nTrue; t++) out(t).set(source(t));
  else blurEach(source, psf, { width: window.nx, from: box, to: limit }, out);
  // transforms leave rounding noise where the source is hardly; predicted counts must not be negative for it
  for (let k = 0; k < data.length; k++) if (data[k]! < 0) data[k] = 0;
  for (let t = 0; t < nTrue; t++) multiplyByExposure(data, t, window, response.exposure, width, height);
  return { ...window, data };
}

/** True-energy bins that reach some energy bin, with energy dispersion or without. */
function reachedBy({ reach, energy }: Response): Set<number> {
  const bins = Array.from({ length: nBins(energy) }, (_, r) => r);
  return new Set(bins.flatMap((r) => [...reach(r, true), ...reach(r, false)]));
}
