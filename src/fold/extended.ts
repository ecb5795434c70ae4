import type { EDispKernel } from "../irf/edisp.js";
import { nBins } from "../sky/axis.js";
import { imageGeom, nPix } from "../sky/pixels.js";
import type { SkyPosition, WcsGeom } from "../sky/types.js";
import { pixelPosition } from "../sky/wcs-pixels.js";
import { createBlurred } from "./blurred.js";
import { convolveAt } from "./direct.js";
import type { FluxVector } from "./flux/types.js";
import { placeShape, positionOf, type Shape } from "./placed.js";
import type { Response } from "./response.js";
import { addProducts, createSeen, secondDerivatives } from "./seen.js";
import { createSamples } from "./shape.js";
import { shapeVector } from "./shape-vector.js";
import type { Component } from "./types.js";

/** Number of the pixel that holds a position, also beyond the map. */
export function pixelOf(geom: WcsGeom, position: SkyPosition | null): number {
  const [x, y] = pixelPosition(geom, position);
  return Math.floor(y + 0.5) * 2 ** 20 + Math.floor(x + 0.5);
}

/**
 * A source whose place or extent is free. Around the current shape parameters the counts are blurred images (value, first and second derivatives by
 * the shape) times z = (S, S dq, S dq dq'), with dq = 0: so value, gradient and Hessian are exact. Rows have the value and the first derivatives.
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
  const blocks = 1 + free.length;
  const nTrue = spectrum.size;
  const p = p0.slice();
  const geom = imageGeom(response.geom, `model "${name}"`);
  const [width] = geom.npix;
  const n = nPix(geom);
  const reach = Array.from({ length: nBins(response.energy) }, (_, r) => response.reach(r, "anywhere", irf.edisp));
  const columns = reach.map((t) =>
    Int32Array.from(Array.from({ length: blocks }, (_, b) => b).flatMap((b) => Array.from(t, (k) => b * nTrue + k))),
  );
  let known: 0 | 1 | 2 = 0;
  /** Where psf and edisp are taken from: like those of a moving point they change when the source enters another pixel, so that the derivatives are exact inside. */
  let irfPosition = positionOf(shape, p);
  let home = pixelOf(geom, irfPosition);
  const samples = createSamples(response);
  let placed = placeShape(shape, p, free, response, irf.psf, 0, irfPosition, samples);
  let kernel: EDispKernel = response.edisp(irfPosition, irf.edisp);
  const blurred = createBlurred(nTrue);
  if (placed !== null) blurred.set(placed, 1);
  const seen = createSeen(response);
  /** Blurred images of each true-energy bin that reaches the energy bin in hand. */
  const maps: (readonly Float64Array[] | undefined)[] = [];

  return {
    name,
    vector: shapeVector(spectrum, free.length),
    refresh(x, offset, order) {
      let moved = order > known;
      for (let i = 0; i < free.length; i++) {
        const value = x[offset + spectrum.n + i]!;
        if (p[free[i]!] !== value) moved = true;
        p[free[i]!] = value;
      }
      if (!moved) return false;
      const position = positionOf(shape, p);
      const entered = pixelOf(geom, position);
      if (entered !== home) {
        home = entered;
        irfPosition = position;
        kernel = response.edisp(position, irf.edisp);
      }
      placed = placeShape(shape, p, free, response, irf.psf, order, irfPosition, samples, placed ?? undefined);
      if (placed !== null) blurred.set(placed, order === 0 ? 1 : blocks);
      known = order;
      return true;
    },
    columns: (r) => columns[r]!,
    rows(r, pixels, out, stride, at) {
      const t = reach[r]!;
      if (placed === null) {
        for (let i = 0; i < pixels.length; i++) out.fill(0, i * stride + at, i * stride + at + blocks * t.length);
        return;
      }
      const { images, box, window, psf, limit } = placed;
      const count = Math.min(images.length, blocks);
      for (let c = 0; c < t.length; c++) {
        maps[c] = kernel.data[t[c]! * kernel.nReco + r] === 0 ? undefined : blurred.maps(t[c]!, pixels.length);
      }
      for (let i = 0; i < pixels.length; i++) {
        const pixel = pixels[i]!;
        const row = (pixel / width) | 0;
        const x = pixel - row * width - window.x0;
        const y = row - window.y0;
        const from = y * window.nx + x;
        const isInside = x >= limit.x0 && y >= limit.y0 && x < limit.x1 && y < limit.y1;
        for (let c = 0, to = i * stride + at; c < t.length; c++, to++) {
          const k = t[c]!;
          const scale = isInside ? kernel.data[k * kernel.nReco + r]! * response.exposure[k * n + pixel]! : 0;
          const half = psf === null ? 0 : psf.half[k]!;
          // what transforms leave where the psf does not reach is noise
          const isReached = x >= box.x0 - half && y >= box.y0 - half && x < box.x1 + half && y < box.y1 + half;
          const own = maps[c];
          let b = 0;
          if (scale !== 0 && isReached) {
            if (own === undefined) convolveAt(images, count, window.nx, box, psf!, k, x, y, scale, out, to, t.length);
            else for (; b < count; b++) out[to + b * t.length] = scale * own[b]![from]!;
            b = count;
          }
          for (; b < blocks; b++) out[to + b * t.length] = 0;
        }
      }
    },
    totals(mask, out) {
      out.fill(0);
      if (placed !== null) addProducts(placed, 0, seen(mask, kernel, placed), nTrue, 1, out, 0);
    },
    hidden: secondDerivatives(response, blocks, () => ({ placed, kernel }), reach),
  };
}
