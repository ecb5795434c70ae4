import type { EDispKernel } from "../irf/edisp.js";
import { imageSize } from "../sky/pixels.js";
import type { FluxVector } from "./flux/types.js";
import type { Response } from "./response.js";
import { type Template, templateRows, templateTotals } from "./template.js";
import type { Component } from "./types.js";

/** A source whose place and extent are frozen: one template. */
export function fixedComponent(
  name: string,
  vector: FluxVector,
  template: Template,
  kernel: EDispKernel,
  response: Response,
): Component {
  const [width] = imageSize(response.geom);
  const { x0, y0, nx, ny, data } = template;
  const columns = Array.from({ length: kernel.nReco }, (_, r) => {
    const out: number[] = [];
    for (let t = 0; t < kernel.nTrue; t++) if (kernel.data[t * kernel.nReco + r]! !== 0) out.push(t);
    return Int32Array.from(out);
  });
  return {
    name,
    vector,
    columns: (r) => columns[r]!,
    touches(r, pixel) {
      const x = (pixel % width) - x0;
      const y = Math.floor(pixel / width) - y0;
      if (x < 0 || y < 0 || x >= nx || y >= ny) return false;
      const t = columns[r]!;
      for (let c = 0; c < t.length; c++) if (data[(t[c]! * ny + y) * nx + x] !== 0) return true;
      return false;
    },
    rows: (r, pixels, out, stride, at) =>
      templateRows(template, kernel, columns[r]!, r, pixels, width, out, stride, at),
    totals: (mask, out) => templateTotals(template, kernel, columns, mask, width, out),
  };
}
