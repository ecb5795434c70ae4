/** What a dataset has, whatever its kind: the one place that looks into datasets without their descriptor. */
import { SpecError } from "../errors.js";
import { axisEdges, nBins } from "../sky/axis.js";
import { nPix } from "../sky/pixels.js";
import type { Geom, SkyMap } from "../sky/types.js";
import { binsInside } from "./energy-edges.js";
import type { BinnedDataset, Dataset, FluxPointsDataset, MapDataset, OnOffDataset } from "./types.js";

const BINNED = new Set(["MapDataset", "SpectrumDataset", "MapDatasetOnOff", "SpectrumDatasetOnOff"]);

/** Counts in bins, of whatever kind. */
export function isBinned(dataset: Dataset): dataset is BinnedDataset {
  return BINNED.has(dataset.type) || "counts" in dataset || "exposure" in dataset;
}

/** Counts with a background that models scale. */
export function isMapDataset(dataset: Dataset): dataset is MapDataset {
  return dataset.type === "MapDataset" || dataset.type === "SpectrumDataset";
}

/** Counts on and off the source. */
export function isOnOff(dataset: Dataset): dataset is OnOffDataset {
  return "acceptance" in dataset;
}

/** Whether the data are flux points. */
export function isFluxPoints(dataset: Dataset): dataset is FluxPointsDataset {
  return dataset.type === "FluxPointsDataset";
}

/** The background map [counts]; undefined where the dataset has none (ON/OFF data have OFF counts). */
export function backgroundMap(dataset: BinnedDataset): SkyMap | undefined {
  return (dataset as Partial<MapDataset>).background;
}

/** Geometry of the counts, or of what lies on their bins; undefined where there is nothing. */
export function countsGeom(dataset: BinnedDataset): Geom | undefined {
  const { counts, maskSafe } = dataset;
  const other = isOnOff(dataset) ? dataset.acceptance : backgroundMap(dataset);
  return (counts ?? other ?? maskSafe)?.geom;
}

/** mask_safe and mask_fit, `[energy, lat, lon]` flat: 1 for bins that enter the fit. */
export function fitMask(dataset: BinnedDataset): Uint8Array {
  const geom = (dataset.counts ?? dataset.maskSafe)?.geom;
  const n = geom === undefined ? 0 : nBins(geom.axes[0]!) * nPix(geom);
  const out = new Uint8Array(n).fill(1);
  for (const mask of [dataset.maskSafe, dataset.maskFit]) {
    if (mask !== undefined) for (let i = 0; i < n; i++) out[i]! &= mask.data[i]!;
  }
  return out;
}

/** [lowest, highest] energy of the bins in the fit, TeV; undefined where there are none. */
export function fitEnergyRange(dataset: BinnedDataset): readonly [number, number] | undefined {
  const geom = (dataset.counts ?? dataset.maskSafe)?.geom;
  if (geom === undefined) return undefined;
  const edges = axisEdges(geom.axes[0]!);
  const mask = fitMask(dataset);
  const perBin = mask.length / (edges.length - 1);
  const first = mask.indexOf(1);
  if (first < 0) return undefined;
  return [edges[Math.floor(first / perBin)]!, edges[Math.floor(mask.lastIndexOf(1) / perBin) + 1]!];
}

/**
 * A copy with mask_fit restricted to whole energy bins inside [emin, emax], TeV; edges that differ by less than 1e-6 of themselves are equal.
 * @throws SpecError where these are no two rising energies.
 */
export function withEnergyRange<D extends BinnedDataset>(dataset: D, emin: number, emax: number): D {
  if (typeof emin !== "number" || typeof emax !== "number" || !(emin < emax)) {
    const found = `${String(emin)} and ${String(emax)}`;
    throw new SpecError({ where: "withEnergyRange", found, expected: "two energies in TeV, the smaller first" });
  }
  const geom = (dataset.counts ?? dataset.maskSafe)!.geom;
  const perBin = nPix(geom);
  const data = dataset.maskFit?.data.slice() ?? new Uint8Array(nBins(geom.axes[0]!) * perBin).fill(1);
  const [start, stop] = binsInside(geom.axes[0]!, emin, emax);
  data.fill(0, 0, start * perBin).fill(0, stop * perBin);
  return { ...dataset, maskFit: { geom, data } };
}
