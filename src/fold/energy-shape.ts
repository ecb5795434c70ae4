import type { EDispKernel } from "../irf/edisp.js";
import { nBins } from "../sky/axis.js";
import { imageGeom } from "../sky/pixels.js";
import { blurEach } from "./blur.js";
import { pixelOf } from "./extended.js";
import { type FluxVector, packedLength } from "./flux/types.js";
import { type Placed, placeShape, positionOf, type Shape, shapesByEnergy } from "./placed.js";
import type { Response } from "./response.js";
import { createSamples } from "./shape.js";
import { shapeVector } from "./shape-vector.js";
import type { Component } from "./types.js";

/** The blurred images of each block (value, first derivatives, second ones), `[energy_true, ny, nx]` on the window of `placed`. */
interface Blocks {
  readonly placed: Placed;
  readonly images: readonly Float64Array[];
}

/**
 * A source of free place or extent whose shape differs with energy: as `shapeComponent`, with images of its own in each bin of true energy. All of them are
 * blurred whenever the shape changes.
 */
export function energyShapeComponent(
  name: string,
  spectrum: FluxVector,
  shape: Shape,
  p0: Float64Array,
  free: readonly number[],
  response: Response,
  irf: { readonly psf: boolean; readonly edisp: boolean },
): Component {
  const shapes = shapesByEnergy(shape, response);
  const samples = createSamples(response);
  const nTrue = spectrum.size;
  const blocks = 1 + free.length + packedLength(free.length);
  const p = p0.slice();
  const geom = imageGeom(response.geom, `model "${name}"`);
  const [width, height] = geom.npix;
  const reach = Array.from({ length: nBins(response.energy) }, (_, r) => response.reach(r, "anywhere", irf.edisp));
  const columns = reach.map((t) =>
    Int32Array.from({ length: blocks * t.length }, (_, i) => Math.floor(i / t.length) * nTrue + t[i % t.length]!),
  );
  let known: 0 | 1 | 2 = 0;
  /** As in `shapeComponent`: psf and edisp change when the source enters another pixel. */
  let irfPosition = positionOf(shape, p);
  let home = pixelOf(geom, irfPosition);
  let kernel: EDispKernel = response.edisp(irfPosition, irf.edisp);
  let made = place(0);

  function place(order: 0 | 1 | 2): Blocks | null {
    const placed = shapes.map((one) => placeShape(one, p, free, response, irf.psf, order, irfPosition, samples));
    const [first] = placed;
    // windows and boxes do not depend on the energy
    if (first === undefined || first === null) return null;
    const { window, width: nx, box, limit, psf } = first;
    const n = window.nx * window.ny;
    const images = first.images.map((_, b) => {
      const sharp = (t: number) => placed[t]!.images[b]!;
      const data = new Float64Array(nTrue * n);
      const out = (t: number) => data.subarray(t * n, (t + 1) * n);
      if (psf === null) for (let t = 0; t < nTrue; t++) out(t).set(sharp(t));
      else blurEach(sharp, psf, nx, box, limit, out);
      return data;
    });
    // transforms leave rounding noise where the source is hardly; predicted counts must not be negative for it
    const value = images[0]!;
    for (let k = 0; k < value.length; k++) if (value[k]! < 0) value[k] = 0;
    return { placed: first, images };
  }

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
      made = place(order);
      known = order;
      return true;
    },
    columns: (r) => columns[r]!,
    rows(r, pixels, out, stride, at) {
      const t = reach[r]!;
      for (let i = 0; i < pixels.length; i++) {
        const pixel = pixels[i]!;
        const row = (pixel / width) | 0;
        const to = i * stride + at;
        out.fill(0, to, to + blocks * t.length);
        if (made === null) continue;
        const { window } = made.placed;
        const x = pixel - row * width - window.x0;
        const y = row - window.y0;
        if (x < 0 || y < 0 || x >= window.nx || y >= window.ny) continue;
        for (let c = 0; c < t.length; c++) {
          const k = t[c]!;
          const scale = kernel.data[k * kernel.nReco + r]! * response.exposure[k * width * height + pixel]!;
          const from = (k * window.ny + y) * window.nx + x;
          for (let b = 0; b < made.images.length; b++) out[to + b * t.length + c] = scale * made.images[b]![from]!;
        }
      }
    },
  };
}
