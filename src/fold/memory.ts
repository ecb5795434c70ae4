import { isOnOff } from "../datasets/facets.js";
import type { BinnedDataset } from "../datasets/types.js";
import { isRecoPsf } from "../irf/psf.js";
import { isPsfKernel } from "../irf/psf-kernel.js";
import type { MemoryNeed } from "../memory.js";
import type { ModelRegistry } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import { parameterVector } from "../models/parameters.js";
import type { Model, SkyModel } from "../models/types.js";
import { axisEdges, nBins } from "../sky/axis.js";
import { pixelScales } from "../sky/geom.js";
import { nPix } from "../sky/pixels.js";
import type { SkyMap, WcsGeom } from "../sky/types.js";
import { packedLength } from "./flux/types.js";

/** What a fit with `models` needs besides the dataset, as an upper bound: indices of the bins, templates of the sources, and their rows in bins with counts. */
export function fitMemory(dataset: BinnedDataset, models: readonly Model[], registry: ModelRegistry): MemoryNeed[] {
  const geom = (dataset.counts ?? dataset.maskSafe ?? dataset.exposure)?.geom;
  const nTrue = dataset.exposure === undefined ? 0 : nBins(dataset.exposure.geom.axes[0]!);
  if (geom === undefined || dataset.counts === undefined) return [];
  const bins = dataset.counts.data.length;
  const onOff = isOnOff(dataset);
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
    const psf = dataset.psf?.map;
    const copies = psf !== undefined && isRecoPsf(psf) ? nBins(geom.axes[0]!) : 1;
    needs.push({ what: `templates of "${model.name}"`, bytes: 8 * nTrue * pixels * images * copies });
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
  const all = nPix(geom);
  const { spatial } = model;
  if (geom.kind !== "wcs" || spatial === undefined) return { pixels: all, images: 1, free: false };
  const [nx, ny] = geom.npix;
  const declaration = declarationOf(spatial, "spatial", registry, `model "${model.name}"`);
  const q = spatial.parameters.filter((p) => !p.frozen).length;
  const scale = Math.min(...pixelScales(geom));
  const psf = dataset.psf === undefined ? 0 : psfRadius(dataset.psf.map);
  const radius = declaration.point === true ? 0 : declaration.evaluationRadius(parameterVector(spatial, declaration));
  // a free point keeps the exposure seen through the mask for the whole map
  if (declaration.point === true && q > 0) return { pixels: all, images: 4, free: true };
  const width =
    Number.isFinite(radius) && declaration.global !== true
      ? 2 * ((psf + radius + 0.1) / scale) + 3
      : Number.POSITIVE_INFINITY;
  // value and first derivatives; mask and weights, each where the counts land and where they are seen from
  const shared = q === 0 ? 1 : 5 + q;
  // sharp and blurred: the value, and where it varies all derivatives
  const images = declaration.energyDependent === true ? 2 * (q === 0 ? 1 : 1 + q + packedLength(q)) : shared;
  // what the psf brings in from beyond the map is evaluated there
  const beyond = (2 * psf) / scale;
  return { pixels: Math.min(nx + beyond, width) * Math.min(ny + beyond, width), images, free: q > 0 };
}

/** deg */
function psfRadius(map: SkyMap): number {
  if (!isPsfKernel(map)) return axisEdges(map.geom.axes[0]!).at(-1)!;
  const { npix } = map.geom as WcsGeom;
  return (Math.max(...npix) / 2) * Math.max(...pixelScales(map.geom as WcsGeom));
}
