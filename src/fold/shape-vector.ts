import { type FluxVector, packedLength } from "./flux/types.js";

/** z = (S, S dq, S dq dq') at dq = 0 with its derivatives by the spectrum's parameters and the nq of the shape. */
export function shapeVector(spectrum: FluxVector, nq: number): FluxVector {
  const nTrue = spectrum.size;
  const ns = spectrum.n;
  const n = ns + nq;
  const nn = packedLength(n);
  const ms = packedLength(ns);
  const size = (1 + nq + packedLength(nq)) * nTrue;
  const s = new Float64Array(size);
  const ds = new Float64Array(size * n);
  const d2s = new Float64Array(size * nn);
  return {
    size,
    n,
    s,
    ds,
    d2s,
    ...(spectrum.refine !== undefined && { refine: spectrum.refine }),
    update(x, offset, order) {
      spectrum.update(x, offset, order);
      for (let t = 0; t < nTrue; t++) {
        const flux = spectrum.s[t]!;
        s[t] = flux;
        if (order === 0) continue;
        for (let a = 0; a < ns; a++) ds[t * n + a] = spectrum.ds[t * ns + a]!;
        for (let i = 0; i < nq; i++) ds[((1 + i) * nTrue + t) * n + ns + i] = flux;
        if (order === 1) continue;
        for (let q = 0; q < ms; q++) d2s[t * nn + q] = spectrum.d2s[t * ms + q]!;
        for (let i = 0, block = 1 + nq; i < nq; i++) {
          const row = packedLength(ns + i);
          for (let a = 0; a < ns; a++) d2s[((1 + i) * nTrue + t) * nn + row + a] = spectrum.ds[t * ns + a]!;
          for (let j = 0; j <= i; j++, block++) d2s[(block * nTrue + t) * nn + row + ns + j] = flux;
        }
      }
    },
  };
}
