import { UnsupportedError } from "../errors.js";
import type { ModelRegistry } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import { parameterVector } from "../models/parameters.js";
import { standardModels } from "../models/registry.js";
import type { Model, SkyModel } from "../models/types.js";
import { axisEdges, nBins } from "../sky/axis.js";
import { pixelScales } from "../sky/geom.js";
import { type BinnedDataset, isBinned } from "./masks.js";
import type { Dataset } from "./types.js";

/** Something that takes memory. */
export interface MemoryNeed {
  readonly what: string;
  readonly bytes: number;
}

/** Throws UnsupportedError that names the largest of the needs where they exceed `maxBytes` together. */
export function requireMemory(where: string, needs: readonly MemoryNeed[], maxBytes = Number.POSITIVE_INFINITY): void {
  const bytes = totalBytes(needs);
  if (!(bytes > maxBytes)) return;
  throw tooLarge(where, needs, `${formatBytes(maxBytes)} may be used`);
}

/** What `make` returns; where an array cannot be had, UnsupportedError that says what is needed. */
export function withMemory<T>(where: string, needs: () => readonly MemoryNeed[], make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError) || !/allocation|array (buffer )?length/i.test(error.message)) throw error;
    throw tooLarge(where, needs(), `the machine refused (${error.message})`);
  }
}

export const totalBytes = (needs: readonly MemoryNeed[]) => needs.reduce((sum, { bytes }) => sum + bytes, 0);

function tooLarge(where: string, needs: readonly MemoryNeed[], found: string): UnsupportedError {
  const largest = [...needs].sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  const list = largest.map(({ what, bytes }) => `${what} ${formatBytes(bytes)}`).join(", ");
  return new UnsupportedError(
    `${where}: about ${formatBytes(totalBytes(needs))} of memory are needed (${list}), but ${found}; cut out a smaller part of the sky, take coarser bins or a shorter energy axis, or allow more (maxBytes, GAMMATS_MAX_BYTES)`,
    { code: "too-large", where },
  );
}

/** "1.2 GB" */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  let i = 0;
  let value = bytes;
  for (; value >= 1000 && i < units.length - 1; i++) value /= 1000;
  return `${i === 0 ? value : Number(value.toPrecision(3))} ${units[i]}`;
}

/** The arrays of a dataset. */
export function datasetMemory(dataset: Dataset): MemoryNeed[] {
  if (!isBinned(dataset)) return [];
  const { counts, exposure, edisp, psf, maskSafe, maskFit } = dataset;
  const other =
    "acceptance" in dataset
      ? { acceptance: dataset.acceptance, "OFF counts": dataset.countsOff, "OFF acceptance": dataset.acceptanceOff }
      : { background: dataset.background };
  const maps = { counts, exposure, ...other, edisp: edisp?.map, psf: psf?.map, mask_safe: maskSafe, mask_fit: maskFit };
  return Object.entries(maps).flatMap(([what, map]) =>
    map === undefined ? [] : [{ what, bytes: map.data.byteLength }],
  );
}

/** What a fit with `models` needs besides the dataset, as an upper bound: indices of the bins, templates of the sources, and their rows in bins with counts. */
export function fitMemory(
  dataset: Dataset,
  models: readonly Model[],
  registry: ModelRegistry = standardModels,
): MemoryNeed[] {
  if (!isBinned(dataset)) return [];
  const geom = (dataset.counts ?? dataset.maskSafe ?? dataset.exposure)?.geom;
  const nTrue = dataset.exposure === undefined ? 0 : nBins(dataset.exposure.geom.axes[0]!);
  if (geom === undefined || dataset.counts === undefined) return [];
  const bins = dataset.counts.data.length;
  const onOff = "acceptance" in dataset;
  // ON/OFF data have rows in every bin
  const filled = onOff ? bins : dataset.counts.data.reduce((n, x) => n + Number(x > 0), 0);
  // which bins, and the counts in them
  const needs: MemoryNeed[] = [{ what: "mask and counts in it", bytes: 13 * bins + (onOff ? 64 * bins : 0) }];
  for (const model of models) {
    if (model.type !== "SkyModel") {
      needs.push({ what: `rows of "${model.name}"`, bytes: 8 * filled });
      continue;
    }
    const { pixels, images, free } = reachOf(dataset, model, registry);
    const rows = free || onOff ? filled : Math.min(filled, pixels * nBins(geom.axes[0]!));
    needs.push({ what: `templates of "${model.name}"`, bytes: 8 * nTrue * pixels * images });
    needs.push({ what: `rows of "${model.name}"`, bytes: 8 * nTrue * rows * (free ? images : 1) });
  }
  return needs;
}

/** Pixels that a source can reach, the images it is made of, and whether place or extent are free. */
function reachOf(
  dataset: BinnedDataset,
  model: SkyModel,
  registry: ModelRegistry,
): { pixels: number; images: number; free: boolean } {
  const { geom } = dataset.counts!;
  const [nx, ny] = geom.npix;
  const { spatial } = model;
  if (geom.kind !== "wcs" || spatial === undefined) return { pixels: nx * ny, images: 1, free: false };
  const declaration = declarationOf(spatial, "spatial", registry, `model "${model.name}"`);
  const q = spatial.parameters.filter((p) => !p.frozen).length;
  const scale = Math.min(...pixelScales(geom));
  const rad = dataset.psf?.map.geom.axes[0];
  const psf = rad === undefined ? 0 : axisEdges(rad).at(-1)!;
  const radius =
    declaration.point === true ? 0 : declaration.evaluationRadius(parameterVector(spatial, "spatial", registry));
  // a free point keeps the exposure seen through the mask for the whole map
  if (declaration.point === true && q > 0) return { pixels: nx * ny, images: 4, free: true };
  const width =
    Number.isFinite(radius) && declaration.global !== true ? 2 * ((psf + radius + 0.1) / scale) + 3 : nx * ny;
  // value and first derivatives; mask and weights, each where the counts land and where they are seen from
  const images = q === 0 ? 1 : 5 + q;
  return { pixels: Math.min(nx, width) * Math.min(ny, width), images, free: q > 0 };
}
