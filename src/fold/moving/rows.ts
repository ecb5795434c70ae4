import type { PsfKernel } from "../../irf/psf-kernel.js";
import { nPix } from "../../sky/pixels.js";
import { convolvedExposureAt, exposureWithin, maskedExposure } from "../masked-exposure.js";
import type { MaskPixels } from "../types.js";
import { CORNERS, type Moving } from "./state.js";

/** Pixel of corner c, on the map or beyond it. */
const corner = ({ cellX, cellY }: Moving, c: number) => ({ x: cellX + (c & 1), y: cellY + (c >> 1) });

/** Columns in each energy bin: those of its layer, by corner, psf and true energy. */
export function columnsOf({ reach, layers, nPsfs, source }: Moving): Int32Array[] {
  const blocks = CORNERS * nPsfs;
  return reach.map((bins, r) => {
    const first = layers > 1 ? r * blocks : 0;
    const columns = new Int32Array(blocks * bins.length);
    for (let b = 0, k = 0; b < blocks; b++) for (const t of bins) columns[k++] = (first + b) * source.spectrum.size + t;
    return columns;
  });
}

/** Rows of `Component.rows`: counts in each pixel from a unit of flux on each corner, blurred with each psf. */
export function fillRows(m: Moving, r: number, pixels: Int32Array, out: Float64Array, stride: number, at: number) {
  const width = m.reach[r]!.length;
  for (let c = 0, to = at; c < CORNERS; c++) {
    for (let j = 0; j < m.nPsfs; j++, to += width) {
      fillCorner(m, c, m.irfs.psfs[j], r, pixels, { out, stride, at: to });
    }
  }
}

interface Place {
  readonly out: Float64Array;
  readonly stride: number;
  readonly at: number;
}

function fillCorner(
  m: Moving,
  c: number,
  psf: PsfKernel | undefined,
  r: number,
  pixels: Int32Array,
  { out, stride, at }: Place,
): void {
  const { irfs, layers, response, geom, closed } = m;
  const kernel = irfs.edisps[0]!;
  const [width] = geom.npix;
  const n = nPix(geom);
  const reach = m.reach[r]!;
  const { x, y } = corner(m, c);
  const size = psf?.size ?? 1;
  const middle = (size - 1) / 2;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    const apart = (pixel % width) - x;
    const u = closed ? apart - width * Math.round(apart / width) : apart;
    const v = Math.floor(pixel / width) - y;
    const row = i * stride + at;
    if (Math.abs(u) > middle || Math.abs(v) > middle) {
      out.fill(0, row, row + reach.length);
      continue;
    }
    const k = (middle + v) * size + middle + u;
    for (let j = 0; j < reach.length; j++) {
      const t = reach[j]!;
      const share = psf === undefined ? 1 : psf.data[t * size * size + k]!;
      const dispersed = layers > 1 ? 1 : kernel.data[t * kernel.nReco + r]!;
      out[row + j] = dispersed * (share * response.exposure[t * n + pixel]!);
    }
  }
}

/** Sums of the rows over the mask: counts in it from a unit of flux on each corner. */
export function fillTotals(m: Moving, mask: MaskPixels, out: Float64Array): void {
  const { irfs, response, geom, masked, layers } = m;
  const [kernel] = irfs.edisps;
  const block = CORNERS * m.nPsfs * m.source.spectrum.size;
  if (layers === 1) {
    if (m.maskedFor[0] !== mask || m.maskedFor[1] !== kernel) {
      const window = { x0: 0, y0: 0, nx: geom.npix[0], ny: geom.npix[1] };
      maskedExposure(mask, kernel!, response.exposure, geom.npix[0], window, masked);
      m.maskedFor = [mask, kernel];
    }
    fillLayer(m, out, 0);
    return;
  }
  for (let r = 0; r < layers; r++) {
    const same = mask.indexOf(mask[r]!);
    if (same < r) {
      out.copyWithin(r * block, same * block, (same + 1) * block);
      continue;
    }
    if (m.maskedFor[0] !== mask[r]) {
      exposureWithin(mask[r]!, response.exposure, nPix(geom), masked);
      m.maskedFor = [mask[r]];
    }
    fillLayer(m, out, r * block);
  }
}

/** Sums for the exposure that is in `masked`. */
function fillLayer(m: Moving, out: Float64Array, at: number): void {
  const { irfs, geom, masked, closed, source, nPsfs } = m;
  const [nx] = geom.npix;
  for (let c = 0, k = at; c < CORNERS; c++) {
    const { x, y } = corner(m, c);
    for (let j = 0; j < nPsfs; j++) {
      const psf = irfs.psfs[j] ?? null;
      for (let t = 0; t < source.spectrum.size; t++, k++) {
        out[k] = convolvedExposureAt(masked, psf, t, x, y, geom.npix);
        if (!closed) continue;
        // the same pixel, once around the sky on either side
        out[k]! += convolvedExposureAt(masked, psf, t, x - nx, y, geom.npix);
        out[k]! += convolvedExposureAt(masked, psf, t, x + nx, y, geom.npix);
      }
    }
  }
}
