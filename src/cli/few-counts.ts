/** Whether counts are too few for the laws of large counts (Wilks, Chernoff) that asymptotic probabilities follow. */
import { npred, npredSignal } from "../api/datasets.js";
import { fitMask, isBinned } from "../datasets/facets.js";
import type { Dataset } from "../datasets/types.js";
import type { Models } from "../models/types.js";
import type { Context } from "./context.js";

/** Expected counts in the region of a source below which probabilities for large counts are not to be relied on. */
const FEW = 10;
/** The part of a source's counts that its region holds. */
const REGION = 0.9;

/**
 * Counts that the models expect in the region of sources: the fewest bins of the fit, of all datasets, that hold 90 % of the counts which are expected of these
 * sources. undefined: no counts are expected of them.
 */
export function countsInRegion(
  datasets: readonly Dataset[],
  models: Models,
  names: readonly string[],
  using: Context["using"],
): number | undefined {
  const sources = {
    ...models,
    components: models.components.filter((m) => m.type === "SkyModel" && names.includes(m.name)),
  };
  if (sources.components.length === 0) return undefined;
  const bins = datasets.flatMap((dataset) => {
    if (!isBinned(dataset) || dataset.counts === undefined) return [];
    const used = fitMask(dataset);
    const signal = npredSignal(dataset, sources, using).data;
    const all = npred(dataset, models, using).data;
    return Array.from(all, (expected, i) => ({ expected, signal: used[i] === 1 ? signal[i]! : 0 })).filter(
      (bin) => bin.signal > 0,
    );
  });
  bins.sort((a, b) => b.signal - a.signal);
  const wanted = REGION * bins.reduce((sum, { signal }) => sum + signal, 0);
  let [counts, held] = [0, 0];
  for (const { expected, signal } of bins) {
    if (held >= wanted) break;
    counts += expected;
    held += signal;
  }
  return bins.length === 0 ? undefined : counts;
}

/** In words, where the counts are too few; else empty. `ids`: of the parameters that are tested. */
export function fewCountsMessage(
  datasets: readonly Dataset[],
  models: Models,
  ids: readonly string[],
  using: Context["using"],
): string {
  const names = models.components.map(({ name }) => name).filter((name) => ids.some((id) => id.startsWith(`${name}.`)));
  const counts = countsInRegion(datasets, models, names, using);
  if (counts === undefined || counts >= FEW) return "";
  return `${counts.toFixed(1)} counts are expected in the region of ${names.map((name) => `"${name}"`).join(", ")} (90 % of its counts), too few for the law of large counts, which holds from about ${FEW} on`;
}
