import { type FluxVector, packedLength } from "./types.js";

/** A vector times a number (`factor` of size 1) or another vector, bin by bin, each with parameters of its own: first those of the vector, then those of the factor. */
export function productVector(inner: FluxVector, factor: FluxVector): FluxVector {
  const { size } = inner;
  const m = inner.n;
  const k = factor.n;
  const n = m + k;
  const kk = packedLength(k);
  const mm = packedLength(m);
  const nn = packedLength(n);
  const s = new Float64Array(size);
  const ds = new Float64Array(size * n);
  const d2s = new Float64Array(size * nn);
  const limit = inner.limit?.bind(inner);
  return {
    size,
    n,
    s,
    ds,
    d2s,
    ...(limit !== undefined && { limit }),
    ...(inner.refine !== undefined && { refine: inner.refine.bind(inner) }),
    update(p, offset, order) {
      inner.update(p, offset, order);
      factor.update(p, offset + m, order);
      const isNumber = factor.size === 1;
      for (let t = 0; t < size; t++) {
        const value = inner.s[t]!;
        const f = isNumber ? 0 : t;
        const scale = factor.s[f]!;
        const slope = f * k;
        const bend = f * kk;
        s[t] = scale * value;
        if (order === 0) continue;
        for (let a = 0; a < m; a++) ds[t * n + a] = scale * inner.ds[t * m + a]!;
        for (let a = m; a < n; a++) ds[t * n + a] = factor.ds[slope + a - m]! * value;
        if (order === 1) continue;
        // rows of the packed matrix that belong to the vector come first
        for (let e = 0; e < mm; e++) d2s[t * nn + e] = scale * inner.d2s[t * mm + e]!;
        for (let a = m, e = t * nn + mm; a < n; a++) {
          for (let b = 0; b < m; b++) d2s[e++] = factor.ds[slope + a - m]! * inner.ds[t * m + b]!;
          for (let b = 0; b <= a - m; b++) d2s[e++] = factor.d2s[bend + packedLength(a - m) + b]! * value;
        }
      }
    },
  };
}
