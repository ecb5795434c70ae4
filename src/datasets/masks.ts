import { axisEdges, nBins } from "../sky/axis.js";
import type { Dataset, MapDataset, OnOffDataset } from "./types.js";

export type BinnedDataset = MapDataset | OnOffDataset;

export function isBinned(dataset: Dataset): dataset is BinnedDataset {
  return "exposure" in dataset || "counts" in dataset || dataset.type !== "FluxPointsDataset";
}

/** mask_safe and mask_fit, `[energy, lat, lon]` flat: 1 for bins that enter the fit. */
export function fitMask(dataset: BinnedDataset): Uint8Array {
  const geom = (dataset.counts ?? dataset.maskSafe)?.geom;
  const n = geom === undefined ? 0 : nBins(geom.axes[0]!) * geom.npix[0] * geom.npix[1];
  const out = new Uint8Array(n).fill(1);
  for (const mask of [dataset.maskSafe, dataset.maskFit]) {
    if (mask !== undefined) for (let i = 0; i < n; i++) out[i]! &= mask.data[i]!;
  }
  return out;
}

/** A copy with mask_fit restricted to whole energy bins inside [emin, emax], TeV (Gammapy's energy mask: lower edge >= emin, upper edge <= emax). */
export function withEnergyRange<D extends BinnedDataset>(dataset: D, emin: number, emax: number): D {
  const geom = (dataset.counts ?? dataset.maskSafe)!.geom;
  const edges = axisEdges(geom.axes[0]!);
  const nPix = geom.npix[0] * geom.npix[1];
  const data = dataset.maskFit?.data.slice() ?? new Uint8Array((edges.length - 1) * nPix).fill(1);
  for (let r = 0; r + 1 < edges.length; r++) {
    if (edges[r]! >= emin && edges[r + 1]! <= emax) continue;
    data.fill(0, r * nPix, (r + 1) * nPix);
  }
  return { ...dataset, maskFit: { geom, data } };
}
