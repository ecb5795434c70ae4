/** A source seen through an instrument whose counts are in HEALPix pixels. */
import { nBins } from "../../sky/axis.js";
import { nPix } from "../../sky/pixels.js";
import { blockColumns } from "../columns.js";
import type { ExtendedSource } from "../extended/free-shape.js";
import type { Response } from "../response.js";
import { positionOf } from "../shape.js";
import { shapeVector } from "../shape-vector.js";
import type { Component, IrfSwitches } from "../types.js";
import { type HealpixImages, imagesOf, type MakeImages } from "./images.js";

/** Psf and energy dispersion are those of the place at which the source starts. Value, gradient and Hessian are exact: rows have the second derivatives too. */
export function imagesComponent(
  source: ExtendedSource,
  response: Response,
  irf: IrfSwitches,
  make: MakeImages,
): Component {
  const { name, spectrum, shape, free } = source;
  const n = nPix(response.geom);
  const nImages = imagesOf(free.length);
  const kernel = response.edisp(positionOf(shape, source.p), irf.edisp);
  const reach = Array.from({ length: nBins(response.energy) }, (_, r) =>
    Int32Array.from(
      Array.from({ length: kernel.nTrue }, (_, t) => t).filter((t) => kernel.data[t * kernel.nReco + r] !== 0),
    ),
  );
  const columns = blockColumns(reach, nImages, spectrum.size);
  const p = source.p.slice();
  const places = new Int32Array(n).fill(-1);
  let known: 0 | 1 | 2 = 0;
  let made: HealpixImages | undefined;
  const compute = (order: 0 | 1 | 2): HealpixImages => {
    const former = made?.pixels;
    made = make(p, order, made);
    known = order;
    if (made.pixels === former) return made;
    if (former !== undefined) for (const pixel of former) places[pixel] = -1;
    made.pixels.forEach((pixel, i) => {
      places[pixel] = i;
    });
    return made;
  };
  let current = compute(0);
  return {
    name,
    vector: free.length === 0 ? spectrum : shapeVector(spectrum, free.length),
    refresh(x, offset, order) {
      let isOther = free.length > 0 && order > known;
      for (let i = 0; i < free.length; i++) {
        const value = x[offset + spectrum.n + i]!;
        if (p[free[i]!] !== value) isOther = true;
        p[free[i]!] = value;
      }
      if (isOther) current = compute(order);
      return isOther;
    },
    columns: (r) => columns[r]!,
    ...(free.length === 0 && { touches: (_: number, pixel: number) => places[pixel]! >= 0 }),
    rows(r, pixels, out, stride, at) {
      const seen = reach[r]!;
      for (let i = 0; i < pixels.length; i++) {
        const pixel = pixels[i]!;
        const place = places[pixel]!;
        const to = i * stride + at;
        if (place < 0) {
          out.fill(0, to, to + nImages * seen.length);
          continue;
        }
        for (let c = 0; c < seen.length; c++) {
          const t = seen[c]!;
          const scale = kernel.data[t * kernel.nReco + r]! * response.exposure[t * n + pixel]!;
          const from = t * current.pixels.length + place;
          for (let b = 0; b < nImages; b++) out[to + b * seen.length + c] = scale * current.images[b]![from]!;
        }
      }
    },
  };
}
