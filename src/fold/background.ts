import type { FluxVector } from "./flux/types.js";
import type { Component } from "./types.js";

/** A map of predicted counts `[energy, lat, lon]` times a factor per energy bin (`vector` [energy]). */
export function backgroundComponent(name: string, vector: FluxVector, map: Float64Array): Component {
  const nPix = map.length / vector.size;
  const columns = Array.from({ length: vector.size }, (_, r) => Int32Array.of(r));
  return {
    name,
    vector,
    columns: (r) => columns[r]!,
    touches: (r, pixel) => map[r * nPix + pixel] !== 0,
    rows(r, pixels, out, stride, at) {
      for (let i = 0; i < pixels.length; i++) out[i * stride + at] = map[r * nPix + pixels[i]!]!;
    },
    totals(mask, out) {
      for (let r = 0; r < vector.size; r++) {
        const pixels = mask[r]!;
        let sum = 0;
        for (let i = 0; i < pixels.length; i++) sum += map[r * nPix + pixels[i]!]!;
        out[r] = sum;
      }
    },
  };
}
