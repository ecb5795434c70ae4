/** What was counted in each run, and in all up to it. */
import { isOnOff } from "../datasets/facets.js";
import type { MapDataset, OnOffDataset } from "../datasets/types.js";
import { nPix, pixelCenter } from "../sky/pixels.js";
import { makeRegionTest } from "../sky/regions.js";
import type { Region, SkyMap } from "../sky/types.js";
import { cashCountsStatistics, wstatCountsStatistics } from "../stats/counts-statistics.js";

/** Counts in mask_safe of a run, and the sums up to it. */
export interface RunCounts {
  readonly name: string;
  /** s */
  readonly livetime: number;
  readonly on: number;
  /** null: the background is not of OFF counts. */
  readonly off: number | null;
  /** Background of ON by OFF counts; null where there are none. */
  readonly alpha: number | null;
  readonly background: number;
  readonly excess: number;
  /** Standard deviations: Li & Ma (1983), ApJ 272, 317, equation 17; of a background that is known, its limit of many OFF counts. */
  readonly significance: number;
  /** Of this run and those before it, s. */
  readonly cumulatedLivetime: number;
  readonly cumulatedExcess: number;
  readonly cumulatedSignificance: number;
}

/** Counts of the datasets of runs, in their order; `region`: those of maps in pixels whose middle lies in it. */
export function runCounts(datasets: readonly (MapDataset | OnOffDataset)[], region?: Region): RunCounts[] {
  const count = createRunCounter();
  return datasets.map((dataset) => count(dataset, region));
}

/** Counts run by run, of which none is kept. */
export function createRunCounter(): (dataset: MapDataset | OnOffDataset, region?: Region) => RunCounts {
  let sum: Counted = { on: 0, off: 0, background: 0 };
  let livetime = 0;
  return (dataset, region) => {
    const own = countedIn(dataset, region);
    const { on, off, background } = own;
    sum = {
      on: sum.on + on,
      off: off === null || sum.off === null ? null : sum.off + off,
      background: sum.background + background,
    };
    livetime += dataset.livetime ?? 0;
    return {
      name: dataset.name,
      livetime: dataset.livetime ?? Number.NaN,
      on,
      off,
      alpha: alphaOf(own),
      background,
      excess: on - background,
      significance: significanceOf(own),
      cumulatedLivetime: livetime,
      cumulatedExcess: sum.on - sum.background,
      cumulatedSignificance: significanceOf(sum),
    };
  };
}

interface Counted {
  readonly on: number;
  readonly off: number | null;
  readonly background: number;
}

const alphaOf = ({ off, background }: Counted): number | null => (off === null || off === 0 ? null : background / off);

function significanceOf(counted: Counted): number {
  const alpha = alphaOf(counted);
  const { on, off, background } = counted;
  return (alpha === null ? cashCountsStatistics(on, background) : wstatCountsStatistics(on, off!, alpha)).sqrtTs;
}

/** Counts in mask_safe; `region`: in pixels whose middle lies in it. */
function countedIn(dataset: MapDataset | OnOffDataset, region: Region | undefined): Counted {
  const { counts, maskSafe } = dataset;
  const isInside = region && makeRegionTest(region);
  const n = counts === undefined ? 0 : nPix(counts.geom);
  const inside = Uint8Array.from({ length: n }, (_, p) => (isInside?.(pixelCenter(counts!.geom, p)) === false ? 0 : 1));
  const total = (map: SkyMap | undefined, factor: (i: number) => number = () => 1) =>
    map === undefined
      ? 0
      : map.data.reduce((s, x, i) => (maskSafe?.data[i] === 0 || inside[i % n] === 0 ? s : s + x * factor(i)), 0);
  const on = total(counts);
  if (!isOnOff(dataset)) return { on, off: null, background: total(dataset.background) };
  const { acceptance, acceptanceOff, countsOff } = dataset;
  const alpha = (i: number) => (acceptance?.data[i] ?? 0) / (acceptanceOff?.data[i] ?? Number.POSITIVE_INFINITY);
  return { on, off: total(countsOff), background: total(countsOff, alpha) };
}
