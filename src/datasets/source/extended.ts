import type { EDispKernel } from "../../irf/edisp.js";
import { fractionalPixel } from "../../irf/position.js";
import type { PsfKernel } from "../../irf/psf-kernel.js";
import { type ConvolutionPlan, planConvolution } from "../../math/fft.js";
import type { SpatialDeclaration } from "../../models/declaration.js";
import { nBins } from "../../sky/axis.js";
import { cutout, pixelScales, type Window } from "../../sky/geom.js";
import type { Frame, Geom, SkyPosition, WcsGeom } from "../../sky/types.js";
import { type FluxVector, packedLength } from "../flux/types.js";
import type { Component, MaskPixels } from "../terms/component.js";
import { convolveAt } from "./direct.js";
import type { Response } from "./response.js";
import { CUTOUT_MARGIN, type SampleGrid, type ShapeImages, shapeImages } from "./shape.js";
import { multiplyByExposure, type Template, templateRows } from "./template.js";
import { landing, visible } from "./visible.js";

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

/** A shape at one set of parameters: its images on the window where Gammapy evaluates it, and the psf. */
interface Placed extends ShapeImages {
  readonly window: Window;
  readonly psf: PsfKernel | null;
  readonly grid: SampleGrid;
}

/** Null where the window misses the map. `psfPosition`: where the psf is taken from. */
function placeShape(
  shape: Shape,
  p: Float64Array,
  free: readonly number[],
  response: Response,
  usePsf: boolean,
  order: 0 | 1 | 2,
  psfPosition: SkyPosition | null,
  kept?: SampleGrid,
): Placed | null {
  const geom = response.geom as WcsGeom;
  const position = positionOf(shape, p);
  const psf = usePsf ? response.psf(psfPosition) : null;
  const local = localGeom(shape, p, geom, position, psf);
  if (local === null) return null;
  const images = shapeImages(shape.declaration, p, shape.frame, free, position, local.geom, order, kept);
  return { ...images, window: local.window, psf };
}

/** The template of a shape: image (x) psf x exposure, per true-energy bin. */
export function shapeTemplate(shape: Shape, p: Float64Array, response: Response, usePsf: boolean): Template {
  const placed = placeShape(shape, p, [], response, usePsf, 0, positionOf(shape, p));
  return placed === null ? { ...emptyWindow, data: new Float64Array(0) } : templatesOf(placed, response)[0]!;
}

/** Templates of all images of a placed shape. */
function templatesOf({ images, window, psf }: Placed, response: Response): Template[] {
  const [width, height] = response.geom.npix;
  const { nx, ny } = window;
  const nTrue = response.exposure.length / (width * height);
  const templates = images.map(() => ({ ...window, data: new Float64Array(nTrue * nx * ny) }));
  const plan = psf === null ? null : planConvolution(ny, nx, psf.size, psf.size);
  for (let t = 0; t < nTrue; t++) {
    const out = templates.map(({ data }) => data.subarray(t * nx * ny, (t + 1) * nx * ny));
    if (psf === null || plan === null) for (let i = 0; i < out.length; i++) out[i]!.set(images[i]!);
    else convolveAll(images, out, plan, psf, t);
    for (const { data } of templates) multiplyByExposure(data, t, window, response.exposure, width, height);
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
 * the shape) times z = (S, S dq, S dq dq'), with dq = 0: so value, gradient and Hessian are exact. Where few pixels are asked for, the
 * templates are summed at these alone.
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
  const { vector, blocks } = shapeVector(spectrum, free.length);
  const nTrue = spectrum.size;
  const p = p0.slice();
  const [width, height] = response.geom.npix;
  const reach = Array.from({ length: nBins(response.energy) }, (_, r) => response.reach(r, "anywhere", irf.edisp));
  const columns = reach.map((t) =>
    Int32Array.from(Array.from({ length: blocks }, (_, b) => b).flatMap((b) => Array.from(t, (k) => b * nTrue + k))),
  );
  let known: 0 | 1 | 2 = 0;
  /** Where psf and edisp are taken from: like those of a moving point they change when the source enters another pixel, so that the derivatives are exact inside. */
  let irfPosition = positionOf(shape, p);
  let home = pixelOf(response.geom, irfPosition);
  let placed = placeShape(shape, p, free, response, irf.psf, 0, irfPosition);
  let kernel: EDispKernel = response.edisp(irfPosition, irf.edisp);
  let templates: readonly Template[] | undefined;
  /** Multiply-adds of direct sums since the shape changed. */
  let spent = 0;
  const seen = createSeen(response, width);

  /** Direct sums are worth their while until they have cost as much as the templates. */
  function isDirect(pixels: number, energies: number): boolean {
    if (placed === null || placed.psf === null || templates !== undefined) return false;
    const { box, images, window, psf } = placed;
    const area = Math.min((box.x1 - box.x0) * (box.y1 - box.y0), psf.size * psf.size);
    spent += pixels * energies * images.length * area;
    const points = (window.nx + psf.size / 2) * (window.ny + psf.size / 2);
    return spent < nTrue * (images.length + 1) * 8 * points * Math.log2(points);
  }

  return {
    name,
    vector,
    refresh(x, offset, order) {
      let moved = order > known;
      for (let i = 0; i < free.length; i++) {
        const value = x[offset + spectrum.n + i]!;
        if (p[free[i]!] !== value) moved = true;
        p[free[i]!] = value;
      }
      if (!moved) return false;
      const position = positionOf(shape, p);
      const entered = pixelOf(response.geom, position);
      if (entered !== home) {
        home = entered;
        irfPosition = position;
        kernel = response.edisp(position, irf.edisp);
      }
      placed = placeShape(shape, p, free, response, irf.psf, order, irfPosition, placed?.grid);
      templates = undefined;
      spent = 0;
      known = order;
      return true;
    },
    columns: (r) => columns[r]!,
    rows(r, pixels, out, stride, at) {
      const t = reach[r]!;
      if (placed === null || placed.images.length < blocks) {
        const from = (placed?.images.length ?? 0) * t.length;
        for (let i = 0; i < pixels.length; i++)
          out.fill(0, i * stride + at + from, i * stride + at + blocks * t.length);
      }
      if (placed === null) return;
      const energies = t.reduce((sum, k) => sum + (kernel.data[k * kernel.nReco + r] === 0 ? 0 : 1), 0);
      if (isDirect(pixels.length, energies)) {
        directRows(placed, kernel, t, r, pixels, response.exposure, width, height, out, stride, at);
        return;
      }
      templates ??= templatesOf(placed, response);
      for (let b = 0; b < templates.length; b++) {
        templateRows(templates[b]!, kernel, t, r, pixels, width, out, stride, at + b * t.length);
      }
    },
    totals(mask, out) {
      out.fill(0);
      if (placed === null) return;
      const { images, box, window, psf } = placed;
      const { nx, ny } = window;
      const weights = seen(mask, kernel, psf, window);
      for (let b = 0; b < images.length; b++) {
        const image = images[b]!;
        for (let t = 0; t < nTrue; t++) {
          let sum = 0;
          for (let y = box.y0; y < box.y1; y++) {
            const from = t * nx * ny;
            for (let k = y * nx + box.x0; k < y * nx + box.x1; k++) sum += weights[from + k]! * image[k]!;
          }
          out[b * nTrue + t] = sum;
        }
      }
    },
  };
}

/** Counts in the mask by the pixel of the window that a unit of flux comes from, kept while mask, response and window stay the same. */
function createSeen(response: Response, width: number) {
  type Key = readonly [MaskPixels, EDispKernel, PsfKernel | null, string];
  let known: Key | undefined;
  let weights: Float64Array = new Float64Array(0);
  return (mask: MaskPixels, kernel: EDispKernel, psf: PsfKernel | null, window: Window): Float64Array => {
    const { x0, y0, nx, ny } = window;
    const key: Key = [mask, kernel, psf, `${x0} ${y0} ${nx} ${ny}`];
    if (known?.every((part, i) => part === key[i])) return weights;
    known = key;
    const landed = new Float64Array(kernel.nTrue * nx * ny);
    landing(mask, kernel, response.exposure, width, window, landed);
    weights = psf === null ? landed : visible(landed, psf, nx, ny);
    return weights;
  };
}

/** `templateRows` for all images without templates. */
function directRows(
  { images, box, window, psf }: Placed,
  kernel: EDispKernel,
  columns: Int32Array,
  r: number,
  pixels: Int32Array,
  exposure: Float64Array,
  width: number,
  height: number,
  out: Float64Array,
  stride: number,
  at: number,
): void {
  const { x0, y0, nx, ny } = window;
  const step = columns.length;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    const x = (pixel % width) - x0;
    const y = Math.floor(pixel / width) - y0;
    const inside = x >= 0 && y >= 0 && x < nx && y < ny;
    for (let c = 0; c < step; c++) {
      const t = columns[c]!;
      const share = kernel.data[t * kernel.nReco + r]!;
      const to = i * stride + at + c;
      if (inside && share !== 0) {
        const scale = share * exposure[t * width * height + pixel]!;
        convolveAt(images, nx, box, psf!, t, x, y, scale, out, to, step);
      } else for (let b = 0; b < images.length; b++) out[to + b * step] = 0;
    }
  }
}

/** z = (S, S dq, S dq dq') at dq = 0 with its derivatives by the spectrum's parameters and the nq of the shape. */
function shapeVector(spectrum: FluxVector, nq: number): { vector: FluxVector; blocks: number } {
  const nTrue = spectrum.size;
  const ns = spectrum.n;
  const n = ns + nq;
  const nn = packedLength(n);
  const ms = packedLength(ns);
  const blocks = 1 + nq + packedLength(nq);
  const size = blocks * nTrue;
  const s = new Float64Array(size);
  const ds = new Float64Array(size * n);
  const d2s = new Float64Array(size * nn);
  const vector: FluxVector = {
    size,
    n,
    s,
    ds,
    d2s,
    update(x, offset, order) {
      spectrum.update(x, offset, order);
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
  return { vector, blocks };
}
