import { type BinnedDataset, fitMask, isBinned } from "../datasets/masks.js";
import type { Dataset, FluxPointsDataset } from "../datasets/types.js";
import { createResponse } from "../fold/response.js";
import { standardModels } from "../models/registry.js";
import type { Models } from "../models/types.js";
import { sumOverAxes } from "../sky/map-operations.js";
import type { SkyMap } from "../sky/types.js";
import { cashCountsStatistics, wstatCountsStatistics } from "../stats/counts-statistics.js";
import { ontime } from "../time/gti.js";
import { compileDataset, modelsFor } from "./compile.js";
import { usedPoints } from "./flux-points-term.js";
import { type NpredOptions, npred, npredBackground, npredSignal } from "./npred.js";
import { onOffBackground } from "./on-off.js";

/** What is in a dataset, summed inside its mask_safe (Gammapy's info_dict). NaN: unknown, or not meant for this type. */
export interface DatasetInfo {
  readonly name: string;
  readonly type: Dataset["type"];
  readonly counts: number;
  /** Counts above the background as it is modelled. */
  readonly excess: number;
  readonly sqrtTs: number;
  /** The background map; for ON/OFF data alpha counts_off. */
  readonly background: number;
  readonly npred: number;
  readonly npredBackground: number;
  readonly npredSignal: number;
  /** cm2 s, where it is above 0 */
  readonly exposureMin: number;
  readonly exposureMax: number;
  /** s */
  readonly livetime: number;
  /** s, sum of the good time intervals */
  readonly ontime: number;
  /** s-1 */
  readonly countsRate: number;
  readonly backgroundRate: number;
  readonly excessRate: number;
  readonly nBins: number;
  readonly nFitBins: number;
  readonly statType: string;
  readonly statSum: number;
  /** ON/OFF data only. */
  readonly countsOff?: number;
  readonly acceptance?: number;
  readonly acceptanceOff?: number;
  readonly alpha?: number;
}

const NONE: Models = { components: [] };

/** One row a dataset. */
export function infoTable(
  datasets: readonly Dataset[],
  models: Models = NONE,
  options: Pick<NpredOptions, "registry"> = {},
): DatasetInfo[] {
  return datasets.map((dataset) =>
    isBinned(dataset) ? binnedInfo(dataset, models, options) : pointsInfo(dataset, models, options),
  );
}

function binnedInfo(dataset: BinnedDataset, models: Models, options: Pick<NpredOptions, "registry">): DatasetInfo {
  const { name, type, counts, exposure, gti, maskSafe } = dataset;
  const onOff = "acceptance" in dataset ? dataset : undefined;
  const total = (data: Float64Array) => data.reduce((s, x, i) => (maskSafe?.data[i] === 0 ? s : s + x), 0);
  const response = createResponse(dataset);
  const given = { registry: options.registry ?? standardModels, response };
  const measured = onOff ? onOffBackground(onOff) : "background" in dataset ? dataset.background?.data : undefined;
  const background = measured === undefined ? Number.NaN : total(measured);
  const predicted = measured === undefined ? Number.NaN : total(npredBackground(dataset, models, given).data);
  const applicable = modelsFor(models, name);
  const sources = applicable.some((m) => m.type !== "FoVBackgroundModel");
  const n = counts === undefined ? 0 : total(counts.data);
  const off = onOff?.countsOff === undefined ? 0 : total(onOff.countsOff.data);
  const alpha = background / off;
  const significance = onOff
    ? wstatCountsStatistics(n, off, alpha)
    : counts === undefined || Number.isNaN(predicted)
      ? { excess: Number.NaN, sqrtTs: Number.NaN }
      : cashCountsStatistics(n, predicted);
  const excess = counts === undefined ? Number.NaN : significance.excess;
  const livetime = dataset.livetime ?? Number.NaN;
  const acceptance = onOff && total(onOff.acceptance.data);
  return {
    name,
    type,
    counts: n,
    excess,
    sqrtTs: significance.sqrtTs,
    background,
    npred: sources || measured !== undefined ? total(npred(dataset, models, given).data) : Number.NaN,
    npredBackground: predicted,
    npredSignal: sources ? total(npredSignal(dataset, models, given).data) : Number.NaN,
    ...exposureRange(exposure, dataset),
    livetime,
    ontime: gti === undefined ? Number.NaN : ontime(gti),
    countsRate: n / livetime,
    backgroundRate: background / livetime,
    excessRate: excess / livetime,
    nBins: counts?.data.length ?? 0,
    nFitBins: fitMask(dataset).reduce((s, x) => s + x, 0),
    statType: onOff ? "wstat" : "cash",
    statSum: statSum(dataset, models, given),
    ...(acceptance !== undefined && { countsOff: off, acceptance, acceptanceOff: acceptance / alpha, alpha }),
  };
}

/** Smallest and largest exposure among pixels with any bin inside mask_safe. */
function exposureRange(exposure: SkyMap | undefined, { maskSafe }: BinnedDataset) {
  const image = maskSafe && sumOverAxes(maskSafe).data;
  let exposureMin = Number.POSITIVE_INFINITY;
  let exposureMax = Number.NEGATIVE_INFINITY;
  exposure?.data.forEach((x, i) => {
    if (!(x > 0) || image?.[i % image.length] === 0) return;
    exposureMin = Math.min(exposureMin, x);
    exposureMax = Math.max(exposureMax, x);
  });
  if (exposureMin > exposureMax) exposureMin = exposureMax = Number.NaN;
  return { exposureMin, exposureMax };
}

/** The statistic as the models stand; NaN without counts, 0 where no bin takes part. */
function statSum(dataset: Dataset, models: Models, options: NpredOptions): number {
  if (isBinned(dataset)) {
    if (dataset.counts === undefined) return Number.NaN;
    if (!fitMask(dataset).some((x) => x === 1)) return 0;
    if ("acceptance" in dataset && (dataset.countsOff === undefined || dataset.acceptanceOff === undefined)) {
      return Number.NaN;
    }
  } else if (modelsFor(models, dataset.name).length === 0) return Number.NaN;
  const { term } = compileDataset(dataset, models, { ...options, free: () => false });
  return term.value(new Float64Array(0));
}

function pointsInfo(dataset: FluxPointsDataset, models: Models, options: Pick<NpredOptions, "registry">): DatasetInfo {
  const unknown = Number.NaN;
  return {
    name: dataset.name,
    type: dataset.type,
    counts: unknown,
    excess: unknown,
    sqrtTs: unknown,
    background: unknown,
    npred: unknown,
    npredBackground: unknown,
    npredSignal: unknown,
    exposureMin: unknown,
    exposureMax: unknown,
    livetime: unknown,
    ontime: dataset.gti === undefined ? unknown : ontime(dataset.gti),
    countsRate: unknown,
    backgroundRate: unknown,
    excessRate: unknown,
    nBins: dataset.points.norm.length,
    nFitBins: usedPoints(dataset).length,
    statType: dataset.statistic,
    statSum: statSum(dataset, models, options),
  };
}
