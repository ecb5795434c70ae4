/** A source seen through an instrument whose psf is known by reconstructed energy: in each energy bin through the psf of this bin. */
import { type FluxVector, packedLength } from "./flux/types.js";
import type { Component, MaskPixels } from "./types.js";

/** One component of the parts, of which part r counts in energy bin r alone. Their vectors are joined, unless they are all the same one. */
export function joinBins(parts: readonly Component[]): Component {
  const { name, vector } = parts[0]!;
  const isOne = parts.every((part) => part.vector === vector);
  const shift = isOne ? 0 : vector.size;
  const columns = parts.map((part, r) => part.columns(r).map((k) => k + r * shift));
  const maskOf = maskByBin();
  const own = new Float64Array(vector.size);
  return {
    name,
    vector: isOne ? vector : joinVectors(parts.map((part) => part.vector)),
    refresh(p, offset, order) {
      let isOther = false;
      for (const part of parts) if (part.refresh?.(p, offset, order)) isOther = true;
      return isOther;
    },
    columns: (r) => columns[r]!,
    touches: (r, pixel) => parts[r]!.touches?.(r, pixel) ?? true,
    rows: (r, pixels, out, stride, at) => parts[r]!.rows(r, pixels, out, stride, at),
    ...(parts.every((part) => part.totals !== undefined) && {
      totals(mask: MaskPixels, out: Float64Array) {
        out.fill(0);
        parts.forEach((part, r) => {
          part.totals!(maskOf(mask, r), own);
          for (let k = 0; k < own.length; k++) out[r * shift + k]! += own[k]!;
        });
      },
    }),
  };
}

/** The pixels of one energy bin of a mask, and no others; the same object as long as the mask is the same. */
function maskByBin(): (mask: MaskPixels, r: number) => MaskPixels {
  const none = new Int32Array(0);
  let of: MaskPixels | undefined;
  let masks: MaskPixels[] = [];
  return (mask, r) => {
    if (of !== mask) masks = mask.map((_, bin) => mask.map((pixels, i) => (i === bin ? pixels : none)));
    of = mask;
    return masks[r]!;
  };
}

/** One after the other; all depend on the same parameters. */
function joinVectors(vectors: readonly FluxVector[]): FluxVector {
  const { size: width, n, refine } = vectors[0]!;
  const size = vectors.length * width;
  const [s, ds, d2s] = [1, n, packedLength(n)].map((m) => new Float64Array(size * m)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return {
    size,
    n,
    s,
    ds,
    d2s,
    ...(refine && { refine }),
    update(p, offset, order) {
      vectors.forEach((vector, i) => {
        vector.update(p, offset, order);
        s.set(vector.s, i * width);
        if (order > 0) ds.set(vector.ds, i * width * n);
        if (order > 1) d2s.set(vector.d2s, i * width * packedLength(n));
      });
    },
  };
}
