import type { EDispKernel } from "../../irf/edisp.js";
import { fractionalPixel } from "../../irf/position.js";
import type { PsfKernel } from "../../irf/psf-kernel.js";
import { type ConvolutionPlan, planConvolution } from "../../math/fft.js";
import type { SpatialDeclaration } from "../../models/declaration.js";
import { nBins } from "../../sky/axis.js";
import { cutout, pixelScales, type Window } from "../../sky/geom.js";
import type { Frame, Geom, SkyPosition, WcsGeom } from "../../sky/types.js";
import { type FluxVector, packedLength } from "../flux/types.js";
import type { Component } from "../terms/component.js";
import type { Response } from "./response.js";
import { CUTOUT_MARGIN, shapeImages } from "./shape.js";
import { multiplyByExposure, type Template, templateRows } from "./template.js";

/** The spatial model of a source as the templates need it. */
export interface Shape {
  readonly declaration: SpatialDeclaration;
  readonly frame: Frame;
  /** Indices of lon_0 and lat_0; -1 for models that have no position. */
  readonly lon: number;
  readonly lat: number;
}

const emptyWindow: Window = { x0: 0, y0: 0, nx: 0, ny: 0 };

export function positionOf(shape: Shape, p: Float64Array): SkyPosition | null {
  return shape.lon < 0 ? null : { lon: p[shape.lon]!, lat: p[shape.lat]!, frame: shape.frame };
}

/** Templates of the shape (block 0) and of its derivatives by the parameters `free`: shape (x) psf x exposure, per true-energy bin. `psfPosition`: where the psf is taken from. */
export function shapeTemplates(
  shape: Shape,
  p: Float64Array,
  free: readonly number[],
  response: Response,
  usePsf: boolean,
  order: 0 | 1 | 2,
  psfPosition: SkyPosition | null = positionOf(shape, p),
): Template[] {
  const geom = response.geom as WcsGeom;
  const [width, height] = geom.npix;
  const position = positionOf(shape, p);
  const kernel = usePsf ? response.psf(psfPosition) : null;
  const local = localGeom(shape, p, geom, position, kernel);
  if (local === null) {
    const count = order === 0 ? 1 : order === 1 ? 1 + free.length : 1 + free.length + packedLength(free.length);
    return Array.from({ length: count }, () => ({ ...emptyWindow, data: new Float64Array(0) }));
  }
  const images = shapeImages(shape.declaration, p, shape.frame, free, position, local.geom, order);
  const { nx, ny } = local.window;
  const nTrue = response.exposure.length / (width * height);
  const templates = images.map(() => ({ ...local.window, data: new Float64Array(nTrue * nx * ny) }));
  const plan = kernel === null ? null : planConvolution(ny, nx, kernel.size, kernel.size);
  for (let t = 0; t < nTrue; t++) {
    const out = templates.map(({ data }) => data.subarray(t * nx * ny, (t + 1) * nx * ny));
    if (kernel === null || plan === null) for (let i = 0; i < out.length; i++) out[i]!.set(images[i]!);
    else convolveAll(images, out, plan, kernel, t);
    for (const { data } of templates) multiplyByExposure(data, t, local.window, response.exposure, width, height);
  }
  return templates;
}

function convolveAll(
  images: readonly Float64Array[],
  out: readonly Float64Array[],
  plan: ConvolutionPlan,
  kernel: PsfKernel,
  t: number,
): void {
  const n = kernel.size * kernel.size;
  const prepared = plan.prepare(kernel.data.subarray(t * n, (t + 1) * n));
  for (let i = 0; i + 1 < images.length; i += 2)
    prepared.convolvePair(images[i]!, images[i + 1]!, out[i]!, out[i + 1]!);
  if (images.length % 2 === 1) prepared.convolve(images.at(-1)!, out.at(-1)!);
  // the transform leaves rounding noise where the source is not; predicted counts must not be negative for it
  const first = out[0]!;
  for (let k = 0; k < first.length; k++) if (first[k]! < 0) first[k] = 0;
}

/** The window on which Gammapy evaluates the source: evaluation radius, margin and psf on either side; null without overlap. */
function localGeom(
  shape: Shape,
  p: Float64Array,
  geom: WcsGeom,
  position: SkyPosition | null,
  kernel: PsfKernel | null,
): { geom: WcsGeom; window: Window } | null {
  const radius = shape.declaration.global === true ? Number.POSITIVE_INFINITY : shape.declaration.evaluationRadius(p);
  if (position === null || !Number.isFinite(radius)) {
    return { geom, window: { x0: 0, y0: 0, nx: geom.npix[0], ny: geom.npix[1] } };
  }
  const psfWidth = kernel === null ? 0 : kernel.size * Math.max(...pixelScales(geom));
  return cutout(geom, position, psfWidth + 2 * (radius + CUTOUT_MARGIN), { oddNpix: true });
}

/** Number of the pixel that holds a position, also beyond the map. */
function pixelOf(geom: Geom, position: SkyPosition | null): number {
  const [x, y] = fractionalPixel(geom, position);
  return Math.floor(y + 0.5) * 2 ** 20 + Math.floor(x + 0.5);
}

/**
 * A source whose place or extent is free. Around the current shape parameters the counts are templates (value, first and second derivatives by
 * the shape) times z = (S, S dq, S dq dq'), with dq = 0: so value, gradient and Hessian are exact, and the templates are made anew for each point.
 * Parameters: the n of `spectrum`, then the free ones of the shape.
 */
export function shapeComponent(
  name: string,
  spectrum: FluxVector,
  shape: Shape,
  p0: Float64Array,
  free: readonly number[],
  response: Response,
  irf: { readonly psf: boolean; readonly edisp: boolean },
): Component {
  const nTrue = spectrum.size;
  const ns = spectrum.n;
  const nq = free.length;
  const n = ns + nq;
  const nn = packedLength(n);
  const blocks = 1 + nq + packedLength(nq);
  const s = new Float64Array(blocks * nTrue);
  const ds = new Float64Array(blocks * nTrue * n);
  const d2s = new Float64Array(blocks * nTrue * nn);
  const p = p0.slice();
  const width = response.geom.npix[0];
  const reach = Array.from({ length: nBins(response.energy) }, (_, r) => response.reach(r, "anywhere", irf.edisp));
  const columns = reach.map((t) =>
    Int32Array.from(Array.from({ length: blocks }, (_, b) => b).flatMap((b) => Array.from(t, (k) => b * nTrue + k))),
  );
  let known: 0 | 1 | 2 = 2;
  let templates = shapeTemplates(shape, p, free, response, irf.psf, 2);
  /** Where psf and edisp are taken from: like those of a moving point they change when the source enters another pixel, so that the derivatives are exact inside. */
  let irfPosition = positionOf(shape, p);
  let pixel = pixelOf(response.geom, irfPosition);
  let kernel: EDispKernel = response.edisp(irfPosition, irf.edisp);

  const vector: FluxVector = {
    size: blocks * nTrue,
    n,
    s,
    ds,
    d2s,
    update(x, offset, order) {
      spectrum.update(x, offset, order);
      const ms = packedLength(ns);
      for (let t = 0; t < nTrue; t++) {
        const flux = spectrum.s[t]!;
        s[t] = flux;
        if (order === 0) continue;
        for (let a = 0; a < ns; a++) ds[t * n + a] = spectrum.ds[t * ns + a]!;
        for (let i = 0; i < nq; i++) ds[((1 + i) * nTrue + t) * n + ns + i] = flux;
        if (order === 1) continue;
        for (let q = 0; q < ms; q++) d2s[t * nn + q] = spectrum.d2s[t * ms + q]!;
        for (let i = 0, block = 1 + nq; i < nq; i++) {
          const row = packedLength(ns + i);
          for (let a = 0; a < ns; a++) d2s[((1 + i) * nTrue + t) * nn + row + a] = spectrum.ds[t * ns + a]!;
          for (let j = 0; j <= i; j++, block++) d2s[(block * nTrue + t) * nn + row + ns + j] = flux;
        }
      }
    },
  };

  return {
    name,
    vector,
    refresh(x, offset, order) {
      let moved = order > known;
      for (let i = 0; i < nq; i++) {
        const value = x[offset + ns + i]!;
        if (p[free[i]!] !== value) moved = true;
        p[free[i]!] = value;
      }
      if (!moved) return false;
      const position = positionOf(shape, p);
      const entered = pixelOf(response.geom, position);
      if (entered !== pixel) {
        pixel = entered;
        irfPosition = position;
        kernel = response.edisp(position, irf.edisp);
      }
      templates = shapeTemplates(shape, p, free, response, irf.psf, order, irfPosition);
      known = order;
      return true;
    },
    columns: (r) => columns[r]!,
    rows(r, pixels, out, stride, at) {
      const t = reach[r]!;
      for (let b = 0; b < blocks; b++) {
        const template = templates[b];
        if (template === undefined) {
          for (let i = 0; i < pixels.length; i++)
            out.fill(0, i * stride + at + b * t.length, i * stride + at + (b + 1) * t.length);
        } else templateRows(template, kernel, t, r, pixels, width, out, stride, at + b * t.length);
      }
    },
  };
}
