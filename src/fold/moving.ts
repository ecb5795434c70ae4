import type { EDispKernel } from "../irf/edisp.js";
import type { PsfKernel } from "../irf/psf-kernel.js";
import { nBins } from "../sky/axis.js";
import { convertFrame } from "../sky/frames.js";
import { imageGeom } from "../sky/pixels.js";
import type { Frame } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";
import { type FluxVector, packedLength } from "./flux/types.js";
import type { Response } from "./response.js";
import type { Component, MaskPixels } from "./types.js";
import { landing, visibleFrom } from "./visible.js";

/** Step of the differences of pixel coordinates, deg: they bend over tens of degrees, so this leaves 1e-10 of a derivative. */
const STEP = 0.02;

/** One coordinate of the position: its index in the component's free parameters (-1: frozen), and its starting or frozen value in deg. */
export interface Coordinate {
  readonly slot: number;
  readonly value: number;
}

/**
 * A point source with a free position. Its counts are bilinear in its pixel position, so inside a pixel cell they are exact with the templates
 * of the four corners; when the position leaves the cell, they, psf and edisp are read anew. `spectrum`: fluxes, whose n parameters come
 * first; then the free coordinates.
 */
export function movingComponent(
  name: string,
  spectrum: FluxVector,
  lon: Coordinate,
  lat: Coordinate,
  frame: Frame,
  response: Response,
  irf: { readonly psf: boolean; readonly edisp: boolean },
): Component {
  const { npix, wcs } = imageGeom(response.geom, `model "${name}"`);
  const [width, height] = npix;
  const projector = makeProjector(wcs);
  const nTrue = spectrum.size;
  const ns = spectrum.n;
  const spatial = [lon, lat].filter((c) => c.slot >= 0);
  const n = ns + spatial.length;
  const nn = packedLength(n);
  const size = 4 * nTrue;
  const s = new Float64Array(size);
  const ds = new Float64Array(size * n);
  const d2s = new Float64Array(size * nn);
  const columns = Array.from({ length: nBins(response.energy) }, (_, r) => {
    const t = response.reach(r, "anywhere", irf.edisp);
    return Int32Array.from([0, 1, 2, 3].flatMap((c) => Array.from(t, (k) => c * nTrue + k)));
  });
  const reach = columns.map((c) => c.slice(0, c.length / 4));
  let cellX = Number.NaN;
  let cellY = Number.NaN;
  let psf: PsfKernel | null = null;
  let kernel = response.edisp(null, irf.edisp);

  const sky = new Float64Array(2);
  const pix = new Float64Array(2);
  /** Pixel position for (lon, lat) of the model's frame, into pix. */
  const locate = (a: number, b: number) => {
    if (frame === wcs.frame) projector.skyToPix(a, b, pix);
    else {
      convertFrame(a, b, frame, wcs.frame, sky);
      projector.skyToPix(sky[0]!, sky[1]!, pix);
    }
  };
  /** x, y; their first derivatives by (lon, lat); their second by (lon lon, lon lat, lat lat). */
  const x = new Float64Array(6);
  const y = new Float64Array(6);
  const at = (a: number, b: number): readonly [number, number] => {
    locate(a, b);
    return [pix[0]!, pix[1]!];
  };
  function locateWithDerivatives(a: number, b: number, order: 0 | 1 | 2): void {
    const [x0, y0] = at(a, b);
    x[0] = x0;
    y[0] = y0;
    if (order === 0) return;
    const [xe, ye] = at(a + STEP, b);
    const [xw, yw] = at(a - STEP, b);
    const [xn, yn] = at(a, b + STEP);
    const [xs, ys] = at(a, b - STEP);
    x[1] = (xe - xw) / (2 * STEP);
    x[2] = (xn - xs) / (2 * STEP);
    y[1] = (ye - yw) / (2 * STEP);
    y[2] = (yn - ys) / (2 * STEP);
    if (order === 1) return;
    const [xne, yne] = at(a + STEP, b + STEP);
    const [xsw, ysw] = at(a - STEP, b - STEP);
    const [xnw, ynw] = at(a - STEP, b + STEP);
    const [xse, yse] = at(a + STEP, b - STEP);
    const q = STEP * STEP;
    x[3] = (xe - 2 * x0 + xw) / q;
    x[4] = (xne + xsw - xnw - xse) / (4 * q);
    x[5] = (xn - 2 * x0 + xs) / q;
    y[3] = (ye - 2 * y0 + yw) / q;
    y[4] = (yne + ysw - ynw - yse) / (4 * q);
    y[5] = (yn - 2 * y0 + ys) / q;
  }

  function enterCell(i: number, j: number, a: number, b: number): void {
    cellX = i;
    cellY = j;
    const position = { lon: a, lat: b, frame };
    psf = irf.psf ? response.psf(position) : null;
    kernel = response.edisp(position, irf.edisp);
  }

  /** Corners outside the map are lost, as in Gammapy. */
  const isLost = (x: number, y: number) => x < 0 || y < 0 || x >= width || y >= height;
  const landed = new Float64Array(nTrue * width * height);
  let landedFor: { mask: MaskPixels; kernel: EDispKernel } | undefined;

  /** Weight of corner c at the fractions (fx, fy), and its derivatives by lon, lat as in x, y. */
  const w = new Float64Array(6);
  function cornerWeight(c: number, fx: number, fy: number): void {
    const sx = c & 1 ? 1 : -1;
    const sy = c >> 1 ? 1 : -1;
    const wx = c & 1 ? fx : 1 - fx;
    const wy = c >> 1 ? fy : 1 - fy;
    w[0] = wx * wy;
    for (let k = 1; k < 6; k++) w[k] = sx * x[k]! * wy + wx * sy * y[k]!;
    w[3]! += 2 * sx * sy * x[1]! * y[1]!;
    w[4]! += sx * sy * (x[1]! * y[2]! + x[2]! * y[1]!);
    w[5]! += 2 * sx * sy * x[2]! * y[2]!;
  }

  const first = spatial.map((c) => (c === lon ? 1 : 2));
  const second = (i: number, j: number) => (first[i] === 1 && first[j] === 1 ? 3 : first[i] === first[j] ? 5 : 4);
  const coordinate = (c: Coordinate, p: Float64Array, offset: number) => (c.slot < 0 ? c.value : p[offset + c.slot]!);

  locateWithDerivatives(lon.value, lat.value, 0);
  enterCell(Math.floor(x[0]!), Math.floor(y[0]!), lon.value, lat.value);

  const vector: FluxVector = {
    size,
    n,
    s,
    ds,
    d2s,
    update(p, offset, order) {
      spectrum.update(p, offset, order);
      const ms = packedLength(ns);
      for (let c = 0; c < 4; c++) {
        cornerWeight(c, x[0]! - cellX, y[0]! - cellY);
        for (let t = 0; t < nTrue; t++) {
          const k = c * nTrue + t;
          const flux = spectrum.s[t]!;
          s[k] = w[0]! * flux;
          if (order === 0) continue;
          for (let a = 0; a < ns; a++) ds[k * n + a] = w[0]! * spectrum.ds[t * ns + a]!;
          for (let i = 0; i < spatial.length; i++) ds[k * n + ns + i] = w[first[i]!]! * flux;
          if (order === 1) continue;
          for (let q = 0; q < ms; q++) d2s[k * nn + q] = w[0]! * spectrum.d2s[t * ms + q]!;
          for (let i = 0; i < spatial.length; i++) {
            const row = k * nn + packedLength(ns + i);
            for (let a = 0; a < ns; a++) d2s[row + a] = w[first[i]!]! * spectrum.ds[t * ns + a]!;
            for (let j = 0; j <= i; j++) d2s[row + ns + j] = w[second(i, j)]! * flux;
          }
        }
      }
    },
  };

  return {
    name,
    vector,
    refresh(p, offset, order) {
      const a = coordinate(lon, p, offset);
      const b = coordinate(lat, p, offset);
      locateWithDerivatives(a, b, order);
      const i = Math.floor(x[0]!);
      const j = Math.floor(y[0]!);
      if (i === cellX && j === cellY) return false;
      enterCell(i, j, a, b);
      return true;
    },
    columns: (r) => columns[r]!,
    rows(r, pixels, out, stride, to) {
      const t = reach[r]!;
      const size = psf?.size ?? 1;
      const middle = (size - 1) / 2;
      for (let c = 0, column = to; c < 4; c++, column += t.length) {
        const px = cellX + (c & 1);
        const py = cellY + (c >> 1);
        const lost = isLost(px, py);
        for (let i = 0; i < pixels.length; i++) {
          const pixel = pixels[i]!;
          const u = (pixel % width) - px;
          const v = Math.floor(pixel / width) - py;
          const row = i * stride + column;
          if (lost || Math.abs(u) > middle || Math.abs(v) > middle) {
            out.fill(0, row, row + t.length);
            continue;
          }
          const k = (middle + v) * size + middle + u;
          for (let j = 0; j < t.length; j++) {
            const image = t[j]!;
            const share = psf === null ? 1 : psf.data[image * size * size + k]!;
            out[row + j] =
              kernel.data[image * kernel.nReco + r]! * (share * response.exposure[image * width * height + pixel]!);
          }
        }
      }
    },
    totals(mask, out) {
      if (landedFor?.mask !== mask || landedFor.kernel !== kernel) {
        landing(mask, kernel, response.exposure, width, { x0: 0, y0: 0, nx: width, ny: height }, landed);
        landedFor = { mask, kernel };
      }
      for (let c = 0, k = 0; c < 4; c++) {
        const px = cellX + (c & 1);
        const py = cellY + (c >> 1);
        for (let t = 0; t < nTrue; t++, k++) {
          out[k] = isLost(px, py) ? 0 : visibleFrom(landed, psf, t, px, py, width, height);
        }
      }
    },
  };
}
