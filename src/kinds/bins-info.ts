/** The summary of a binned dataset. */
import { fitMask } from "../datasets/facets.js";
import type { BinnedDataset, DatasetInfo } from "../datasets/types.js";
import type { KindContext } from "../likelihood/kind.js";
import { modelsFor } from "../likelihood/kind.js";
import { sumOverAxes } from "../sky/map-operations.js";
import type { SkyMap } from "../sky/types.js";
import { ontime } from "../time/gti.js";

/** What the kinds find in different ways; totals are sums inside mask_safe. */
interface Found {
  /** The background that was measured, or is modelled; undefined: none. */
  readonly background: Float64Array | undefined;
  predict(part: "all" | "signal" | "background"): Float64Array;
  /** From the counts and the predicted background, both summed. */
  significance(counts: number, background: number): { readonly excess: number; readonly sqrtTs: number };
  readonly statType: string;
  statSum(): number;
}

/** Sum inside mask_safe. */
export function totalIn({ maskSafe }: BinnedDataset, data: Float64Array): number {
  return data.reduce((s, x, i) => (maskSafe?.data[i] === 0 ? s : s + x), 0);
}

export function binsInfo(dataset: BinnedDataset, { models }: KindContext, found: Found): DatasetInfo {
  const { name, type, counts, exposure, gti } = dataset;
  const none = Number.NaN;
  const total = (data: Float64Array) => totalIn(dataset, data);
  const isKnown = found.background !== undefined;
  const background = found.background === undefined ? none : total(found.background);
  const predicted = isKnown ? total(found.predict("background")) : none;
  const hasSources = modelsFor(models, name).some((m) => m.type !== "FoVBackgroundModel");
  const n = counts === undefined ? 0 : total(counts.data);
  const { excess, sqrtTs } = counts === undefined ? { excess: none, sqrtTs: none } : found.significance(n, predicted);
  const livetime = dataset.livetime ?? none;
  return {
    name,
    type,
    counts: n,
    excess,
    sqrtTs,
    background,
    npred: hasSources || isKnown ? total(found.predict("all")) : none,
    npredBackground: predicted,
    npredSignal: hasSources ? total(found.predict("signal")) : none,
    ...exposureRange(exposure, dataset),
    livetime,
    ontime: gti === undefined ? none : ontime(gti),
    countsRate: n / livetime,
    backgroundRate: background / livetime,
    excessRate: excess / livetime,
    nBins: counts?.data.length ?? 0,
    nFitBins: fitMask(dataset).reduce((s, x) => s + x, 0),
    statType: found.statType,
    statSum: statSum(dataset, found),
  };
}

/** NaN without counts, 0 where no bin takes part. */
function statSum(dataset: BinnedDataset, found: Found): number {
  if (dataset.counts === undefined) return Number.NaN;
  return fitMask(dataset).some((x) => x === 1) ? found.statSum() : 0;
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

const number = (x: number, digits = 2) => (Number.isNaN(x) ? "nan" : x.toFixed(digits));
const exposureText = (x: number) => `${Number.isNaN(x) ? "nan" : x.toExponential(2)} cm2 s`;

/** Blocks of lines of a summary; `more`: of one kind alone, after the counts. */
export function binsSummary(info: DatasetInfo, more: readonly (readonly [string, string])[] = []) {
  return [
    [
      ["Total counts", number(info.counts, 0)],
      ["Total background counts", number(info.background)],
      ["Total excess counts", number(info.excess)],
    ],
    ...(more.length === 0 ? [] : [more]),
    [
      ["Predicted counts", number(info.npred)],
      ["Predicted background counts", number(info.npredBackground)],
      ["Predicted excess counts", number(info.npredSignal)],
    ],
    [
      ["Exposure min", exposureText(info.exposureMin)],
      ["Exposure max", exposureText(info.exposureMax)],
    ],
    [
      ["Number of total bins", `${info.nBins}`],
      ["Number of fit bins", `${info.nFitBins}`],
    ],
  ] as (readonly (readonly [string, string])[])[];
}
