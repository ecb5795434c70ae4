/** What data say of a source that is not described any further: where it is, and at which energies it is seen. */
import {
  backgroundMap,
  countsGeom,
  fitEnergyRange,
  isBinned,
  isFluxPoints,
  isMapDataset,
} from "../../datasets/facets.js";
import { referenceEnergies } from "../../datasets/flux-points.js";
import type { BinnedDataset, Dataset } from "../../datasets/types.js";
import { centerPosition, pixelScales } from "../../sky/geom.js";
import { regionCenter } from "../../sky/regions.js";
import type { SkyPosition, WcsGeom } from "../../sky/types.js";

/** Counts on an image: a source needs a place there. */
export function imageOf(dataset: Dataset): WcsGeom | undefined {
  const geom = isBinned(dataset) ? countsGeom(dataset) : undefined;
  return geom?.kind === "wcs" ? geom : undefined;
}

/** Whether the dataset has a background on an image, whose norm a model can fit. */
export const hasBackgroundImage = (dataset: Dataset): boolean =>
  isMapDataset(dataset) && imageOf(dataset) !== undefined && backgroundMap(dataset) !== undefined;

/** The regions of ON counts, the object that a file names, the middle of an image: the first that there is. */
export function placeOfData(
  datasets: readonly Dataset[],
): { readonly position: SkyPosition; readonly from: string } | undefined {
  const ways: readonly ((dataset: Dataset) => { position: SkyPosition; what: string } | undefined)[] = [
    regionPlace,
    objectPlace,
    imagePlace,
  ];
  for (const way of ways) {
    for (const dataset of datasets) {
      const found = way(dataset);
      if (found !== undefined) return { position: found.position, from: `${found.what} of "${dataset.name}"` };
    }
  }
  return undefined;
}

function regionPlace(dataset: Dataset) {
  const geom = isBinned(dataset) ? countsGeom(dataset) : undefined;
  const [region] = geom?.kind === "region" ? geom.regions : [];
  return region && { position: regionCenter(region), what: "the centre of the region" };
}

/** Keywords of FITS. */
function objectPlace({ meta }: Dataset) {
  const [lon, lat] = [meta?.RA_OBJ, meta?.DEC_OBJ];
  if (typeof lon !== "number" || typeof lat !== "number") return undefined;
  return { position: { lon, lat, frame: "icrs" } as const, what: "RA_OBJ, DEC_OBJ" };
}

function imagePlace(dataset: Dataset) {
  const geom = imageOf(dataset);
  return geom && { position: centerPosition(geom), what: "the centre of the map" };
}

/** Width of the narrowest image, deg; undefined without images. */
export function widthOfData(datasets: readonly Dataset[]): number | undefined {
  const widths = datasets.flatMap((dataset) => {
    const geom = imageOf(dataset);
    if (geom === undefined) return [];
    const scales = pixelScales(geom);
    return [Math.min(geom.npix[0] * scales[0], geom.npix[1] * scales[1])];
  });
  return widths.length === 0 ? undefined : Math.min(...widths);
}

/** [lowest, highest] energy of all data in the fit, TeV; undefined where they have none. */
export function energiesOfData(datasets: readonly Dataset[]): readonly [number, number] | undefined {
  const ranges = datasets.flatMap((dataset): (readonly [number, number])[] => {
    if (isFluxPoints(dataset)) {
      const energies = referenceEnergies(dataset.points);
      return [[Math.min(...energies), Math.max(...energies)]];
    }
    const range = isBinned(dataset) ? fitEnergyRange(dataset as BinnedDataset) : undefined;
    return range === undefined ? [] : [range];
  });
  if (ranges.length === 0) return undefined;
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}
