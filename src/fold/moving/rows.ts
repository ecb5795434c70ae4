import { nPix } from "../../sky/pixels.js";
import { convolvedExposureAt, maskedExposure } from "../masked-exposure.js";
import type { MaskPixels } from "../types.js";
import { CORNERS, type Moving } from "./state.js";

/** Pixel of corner c, on the map or beyond it. */
const corner = ({ cellX, cellY }: Moving, c: number) => ({ x: cellX + (c & 1), y: cellY + (c >> 1) });

/** Rows of `Component.rows`: counts in each pixel from a unit of flux on each corner. */
export function fillRows(m: Moving, r: number, pixels: Int32Array, out: Float64Array, stride: number, at: number) {
  const reach = m.reach[r]!;
  for (let c = 0; c < CORNERS; c++) fillCorner(m, c, r, pixels, { out, stride, at: at + c * reach.length });
}

interface Place {
  readonly out: Float64Array;
  readonly stride: number;
  readonly at: number;
}

function fillCorner(m: Moving, c: number, r: number, pixels: Int32Array, { out, stride, at }: Place): void {
  const { psf, kernel, response, geom } = m;
  const [width] = geom.npix;
  const n = nPix(geom);
  const reach = m.reach[r]!;
  const { x, y } = corner(m, c);
  const size = psf?.size ?? 1;
  const middle = (size - 1) / 2;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    const u = (pixel % width) - x;
    const v = Math.floor(pixel / width) - y;
    const row = i * stride + at;
    if (Math.abs(u) > middle || Math.abs(v) > middle) {
      out.fill(0, row, row + reach.length);
      continue;
    }
    const k = (middle + v) * size + middle + u;
    for (let j = 0; j < reach.length; j++) {
      const t = reach[j]!;
      const share = psf === null ? 1 : psf.data[t * size * size + k]!;
      out[row + j] = kernel.data[t * kernel.nReco + r]! * (share * response.exposure[t * n + pixel]!);
    }
  }
}

/** Sums of the rows over the mask: counts in it from a unit of flux on each corner. */
export function fillTotals(m: Moving, mask: MaskPixels, out: Float64Array): void {
  const { kernel, response, geom, masked, psf } = m;
  const { npix } = geom;
  if (m.maskedFor?.mask !== mask || m.maskedFor.kernel !== kernel) {
    const window = { x0: 0, y0: 0, nx: npix[0], ny: npix[1] };
    maskedExposure(mask, kernel, response.exposure, npix[0], window, masked);
    m.maskedFor = { mask, kernel };
  }
  const nTrue = m.source.spectrum.size;
  for (let c = 0, k = 0; c < CORNERS; c++) {
    const { x, y } = corner(m, c);
    for (let t = 0; t < nTrue; t++, k++) out[k] = convolvedExposureAt(masked, psf, t, x, y, npix);
  }
}
