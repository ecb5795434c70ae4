import type { EDispKernel } from "../irf/edisp.js";
import type { FluxVector } from "./flux/types.js";
import type { Template } from "./template.js";
import type { Component, MaskPixels } from "./types.js";

/** A template, and the energy dispersion from its true energies. */
interface Fixed {
  readonly template: Template;
  readonly kernel: EDispKernel;
  /** True-energy bins that reach each energy bin. */
  readonly columns: readonly Int32Array[];
  /** Pixels of a map row. */
  readonly width: number;
}

/** A source whose place and extent are frozen: one template. `width`: pixels of a map row. */
export function fixedComponent(
  name: string,
  vector: FluxVector,
  template: Template,
  kernel: EDispKernel,
  width: number,
): Component {
  const columns = Array.from({ length: kernel.nReco }, (_, r) => {
    const out: number[] = [];
    for (let t = 0; t < kernel.nTrue; t++) if (kernel.data[t * kernel.nReco + r]! !== 0) out.push(t);
    return Int32Array.from(out);
  });
  const f: Fixed = { template, kernel, columns, width };
  return {
    name,
    vector,
    columns: (r) => columns[r]!,
    touches: (r, pixel) => touches(f, r, pixel),
    rows: (r, pixels, out, stride, at) => fillRows(f, r, pixels, out, stride, at),
    totals: (mask, out) => fillTotals(f, mask, out),
  };
}

function touches({ template, columns, width }: Fixed, r: number, pixel: number): boolean {
  const { x0, y0, nx, ny, data } = template;
  const x = (pixel % width) - x0;
  const y = Math.floor(pixel / width) - y0;
  if (x < 0 || y < 0 || x >= nx || y >= ny) return false;
  const t = columns[r]!;
  for (let c = 0; c < t.length; c++) if (data[(t[c]! * ny + y) * nx + x] !== 0) return true;
  return false;
}

/** Rows of `Component.rows`: energy dispersion times template. */
function fillRows(f: Fixed, r: number, pixels: Int32Array, out: Float64Array, stride: number, at: number): void {
  const { template, kernel, width } = f;
  const { x0, y0, nx, ny, data } = template;
  const columns = f.columns[r]!;
  const n = nx * ny;
  for (let i = 0; i < pixels.length; i++) {
    const row = (pixels[i]! / width) | 0;
    const x = pixels[i]! - row * width - x0;
    const y = row - y0;
    const inside = x >= 0 && y >= 0 && x < nx && y < ny;
    const pixel = y * nx + x;
    for (let c = 0; c < columns.length; c++) {
      const t = columns[c]!;
      out[i * stride + at + c] = inside ? kernel.data[t * kernel.nReco + r]! * data[t * n + pixel]! : 0;
    }
  }
}

/** Sums of the rows over the mask. Energy bins of one pixel set share the sums of their templates. */
function fillTotals({ template, kernel, columns, width }: Fixed, mask: MaskPixels, out: Float64Array): void {
  const { data } = template;
  const n = template.nx * template.ny;
  const sums = new Float64Array(kernel.nTrue);
  let pixels: Int32Array | undefined;
  let inside: Int32Array = new Int32Array(0);
  out.fill(0);
  for (let r = 0; r < mask.length; r++) {
    if (mask[r]!.length === 0) continue;
    if (mask[r] !== pixels) {
      pixels = mask[r]!;
      inside = pixelsInside(template, pixels, width);
      sums.fill(Number.NaN);
    }
    for (const t of columns[r]!) {
      if (Number.isNaN(sums[t])) {
        let sum = 0;
        for (let i = 0; i < inside.length; i++) sum += data[t * n + inside[i]!]!;
        sums[t] = sum;
      }
      out[t]! += kernel.data[t * kernel.nReco + r]! * sums[t]!;
    }
  }
}

/** Flat indices in the window of the pixels that lie in it. */
function pixelsInside({ x0, y0, nx, ny }: Template, pixels: Int32Array, width: number): Int32Array {
  const out = new Int32Array(pixels.length);
  let count = 0;
  for (let i = 0; i < pixels.length; i++) {
    const row = (pixels[i]! / width) | 0;
    const x = pixels[i]! - row * width - x0;
    const y = row - y0;
    if (x >= 0 && y >= 0 && x < nx && y < ny) out[count++] = y * nx + x;
  }
  return out.subarray(0, count);
}
