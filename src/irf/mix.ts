/** Responses between the pixels of their map: mixes of those of the pixels around. */
import { JET } from "./around.js";
import type { EDispKernel } from "./edisp.js";
import type { PsfImages, PsfKernel } from "./psf-kernel.js";

/**
 * What the images of the psfs around a place count for, with derivatives, in `out` [psf, energy_true, JET]; `weights` [psf, JET]. The psf between pixels is linear in the
 * place before it is normalised, so each counts by weight times sum, over the sum of those.
 */
export function psfShares(
  psfs: readonly PsfImages[],
  weights: Float64Array,
  order: 0 | 1 | 2,
  out: Float64Array,
): void {
  const nTrue = psfs[0]!.half.length;
  for (let t = 0; t < nTrue; t++) {
    let [total, lon, lat, lon2, lonLat, lat2] = [0, 0, 0, 0, 0, 0];
    for (let j = 0, w = 0; j < psfs.length; j++, w += JET) {
      const sum = psfs[j]!.sums[t]!;
      total += weights[w]! * sum;
      if (order === 0) continue;
      lon += weights[w + 1]! * sum;
      lat += weights[w + 2]! * sum;
      lon2 += weights[w + 3]! * sum;
      lonLat += weights[w + 4]! * sum;
      lat2 += weights[w + 5]! * sum;
    }
    for (let j = 0, w = 0; j < psfs.length; j++, w += JET) {
      const k = (j * nTrue + t) * JET;
      // without an image anywhere there is none here
      const scale = total > 0 ? psfs[j]!.sums[t]! / total : 0;
      const u = weights[w]! * scale;
      out[k] = u;
      if (order === 0) continue;
      const slope = total > 0 ? 1 / total : 0;
      const uLon = weights[w + 1]! * scale - u * lon * slope;
      const uLat = weights[w + 2]! * scale - u * lat * slope;
      out[k + 1] = uLon;
      out[k + 2] = uLat;
      out[k + 3] = weights[w + 3]! * scale - (2 * uLon * lon + u * lon2) * slope;
      out[k + 4] = weights[w + 4]! * scale - (uLon * lat + uLat * lon + u * lonLat) * slope;
      out[k + 5] = weights[w + 5]! * scale - (2 * uLat * lat + u * lat2) * slope;
    }
  }
}

/** The psf at a place, of shares as `psfShares` finds them; `which`: its place in a jet, 0 the psf itself. */
export function mixPsfs(psfs: readonly PsfImages[], shares: Float64Array, which = 0): PsfKernel {
  const nTrue = psfs[0]!.half.length;
  const size = Math.max(...psfs.map((psf) => psf.size));
  const half = new Int32Array(nTrue);
  const data = new Float64Array(nTrue * size * size);
  psfs.forEach((psf, j) => {
    const margin = (size - psf.size) / 2;
    for (let t = 0; t < nTrue; t++) {
      const share = shares[(j * nTrue + t) * JET + which]!;
      if (share === 0) continue;
      half[t] = Math.max(half[t]!, psf.half[t]!);
      let from = t * psf.size * psf.size;
      for (let y = 0; y < psf.size; y++) {
        let to = (t * size + margin + y) * size + margin;
        for (let x = 0; x < psf.size; x++) data[to++]! += share * psf.data[from++]!;
      }
    }
  });
  return { size, half, data };
}

/** The energy dispersion at a place; `weights` [kernel, JET], `which` as in `mixPsfs`. */
export function mixEDisps(kernels: readonly EDispKernel[], weights: Float64Array, which = 0): EDispKernel {
  const { nTrue, nReco } = kernels[0]!;
  const data = new Float64Array(nTrue * nReco);
  kernels.forEach((kernel, j) => {
    const weight = weights[j * JET + which]!;
    if (weight !== 0) for (let k = 0; k < data.length; k++) data[k]! += weight * kernel.data[k]!;
  });
  return { nTrue, nReco, data };
}
