import { JET, multiplyJets } from "../../irf/around.js";
import { packedLength } from "../flux/types.js";
import { exposureNear } from "../source-exposure.js";
import { CORNERS, type Moving } from "./state.js";

/** z, and from order 1 and 2 its derivatives, for the position as it is. */
export function fillFluxes(m: Moving, order: 0 | 1 | 2): void {
  if (m.layers > 1) fillDispersion(m, order);
  for (let layer = 0, k = 0; layer < m.layers; layer++) {
    for (let c = 0; c < CORNERS; c++) {
      for (let j = 0; j < m.nPsfs; j++, k += m.source.spectrum.size) fillPart(m, layer, c, j, k, order);
    }
  }
}

/** Mixed energy dispersions of the bins that can be reached. */
function fillDispersion({ irfs, reach, layers, source, dispersion }: Moving, order: 0 | 1 | 2): void {
  const { edisps, weights } = irfs;
  const count = order === 0 ? 1 : JET;
  for (let r = 0; r < layers; r++) {
    for (let i = 0; i < reach[r]!.length; i++) {
      const t = reach[r]![i]!;
      const at = (r * source.spectrum.size + t) * JET;
      for (let q = 0; q < count; q++) {
        let sum = 0;
        for (let e = 0; e < edisps.length; e++) {
          const { data, nReco } = edisps[e]!;
          sum += weights[e * JET + q]! * data[t * nReco + r]!;
        }
        dispersion[at + q] = sum;
      }
    }
  }
}

/** The entries of one layer, corner and psf, from entry k on. */
function fillPart(m: Moving, layer: number, c: number, j: number, k: number, order: 0 | 1 | 2): void {
  const { corners, irfs, nPsfs, layers, share, jet, dispersion, source, response, geom } = m;
  const { sourceExposure } = response;
  const nTrue = source.spectrum.size;
  for (let t = 0; t < nTrue; t++) {
    const isMixed = nPsfs > 1;
    if (isMixed) multiplyJets(corners, c * JET, irfs.shares, (j * nTrue + t) * JET, share, 0);
    else for (let q = 0; q < JET; q++) share[q] = corners[c * JET + q]!;
    if (layers > 1) multiplyJets(share, 0, dispersion, (layer * nTrue + t) * JET, jet, 0);
    const w = layers > 1 ? jet : share;
    if (sourceExposure !== undefined) {
      const exposure = exposureNear(sourceExposure, geom, t, m.cellX + (c & 1), m.cellY + (c >> 1));
      for (let q = 0; q < JET; q++) w[q]! *= exposure;
    }
    m.vector.s[k + t] = w[0]! * source.spectrum.s[t]!;
    if (order > 0) fillFirst(m, k + t, t, w);
    if (order > 1) fillSecond(m, k + t, t, w);
  }
}

function fillFirst({ source: { spectrum }, vector: { n, ds }, free }: Moving, k: number, t: number, w: Float64Array) {
  const { n: ns } = spectrum;
  let to = k * n;
  for (let a = 0; a < ns; a++) ds[to++] = w[0]! * spectrum.ds[t * ns + a]!;
  for (let i = 0; i < free.length; i++) ds[to++] = w[free[i]!]! * spectrum.s[t]!;
}

function fillSecond({ source: { spectrum }, vector: { n, d2s }, free }: Moving, k: number, t: number, w: Float64Array) {
  const { n: ns } = spectrum;
  const ms = packedLength(ns);
  let to = k * packedLength(n);
  for (let q = 0; q < ms; q++) d2s[to++] = w[0]! * spectrum.d2s[t * ms + q]!;
  for (let i = 0; i < free.length; i++) {
    for (let a = 0; a < ns; a++) d2s[to++] = w[free[i]!]! * spectrum.ds[t * ns + a]!;
    // 1 and 1: 3, 1 and 2: 4, 2 and 2: 5
    for (let j = 0; j <= i; j++) d2s[to++] = w[free[i]! + free[j]! + 1]! * spectrum.s[t]!;
  }
}
