import type { MemoryNeed } from "../memory.js";
import { backgroundMap, isBinned, isOnOff } from "./facets.js";
import type { Dataset } from "./types.js";

/** The arrays of a dataset, bytes. */
export function datasetMemory(dataset: Dataset): MemoryNeed[] {
  if (!isBinned(dataset)) return [];
  const { counts, exposure, edisp, psf, maskSafe, maskFit } = dataset;
  const other = isOnOff(dataset)
    ? { acceptance: dataset.acceptance, "OFF counts": dataset.countsOff, "OFF acceptance": dataset.acceptanceOff }
    : { background: backgroundMap(dataset) };
  const maps = { counts, exposure, ...other, edisp: edisp?.map, psf: psf?.map, mask_safe: maskSafe, mask_fit: maskFit };
  return Object.entries(maps).flatMap(([what, map]) =>
    map === undefined ? [] : [{ what, bytes: map.data.byteLength }],
  );
}
