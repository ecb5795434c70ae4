/** Counts with a background map that models scale: cubes and spectra. */
import { backgroundMap, withEnergyRange } from "../datasets/facets.js";
import { datasetMemory } from "../datasets/memory.js";
import type { MapDataset } from "../datasets/types.js";
import { fitMemory } from "../fold/memory.js";
import type { MaskPixels } from "../fold/types.js";
import { statisticAt } from "../likelihood/compile.js";
import { countsRowTerm } from "../likelihood/counts-row-term.js";
import { flatBins, inMask, poissonSampler, replaceBins, requireCounts } from "../likelihood/data.js";
import type { BinnedKind, DatasetKind, KindContext, Registry } from "../likelihood/kind.js";
import { modelsFor } from "../likelihood/kind.js";
import { statisticOf } from "../likelihood/registry.js";
import type { CountsStatistic } from "../likelihood/statistics/types.js";
import type { CountsTerm, TermData } from "../likelihood/types.js";
import type { RandomStream } from "../math/random.js";
import type { SkyMap } from "../sky/types.js";
import { cashCountsStatistics } from "../stats/counts-statistics.js";
import {
  blameBin,
  compileBins,
  drawnMeans,
  foldFixed,
  joined,
  predictModels,
  requireBins,
  sumComponents,
} from "./bins.js";
import { binsInfo, binsSummary } from "./bins-info.js";

const statisticName = (dataset: MapDataset): string => dataset.statistic ?? "cash";

const statisticFor = (dataset: MapDataset, registry: Registry) =>
  statisticOf(statisticName(dataset), "counts", registry, `dataset "${dataset.name}"`);

const join: BinnedKind<MapDataset>["join"] = (dataset, components, mask, registry) => {
  const counts = requireBins(dataset, mask);
  const statistic = statisticFor(dataset, registry);
  const measured = inMask(mask, counts.data);
  const shares = components.map((c) => c.component);
  const term = (statistic.term ?? countsRowTerm(statistic))(dataset.name, shares, mask, measured);
  return joined(
    {
      term,
      data: countsData(dataset, counts, term, mask, measured, statistic.draw),
      total: term.total,
      negative: term.negative,
      negativeWithCounts: term.negativeWithCounts,
      blame: (p) => blameBin({ term }, mask, counts, p),
    },
    components,
    mask,
  );
};

/** Data: the counts of the bins in the fit. */
function countsData(
  dataset: MapDataset,
  counts: SkyMap,
  term: CountsTerm,
  mask: MaskPixels,
  measured: Float64Array,
  draw: CountsStatistic["draw"],
): TermData {
  const expected = (p: Float64Array) => term.npred(p).map((mu) => Math.max(mu, 0));
  return {
    measured,
    isCounting: true,
    set: term.setCounts,
    expected,
    simulator(p) {
      const mu = expected(p);
      const where = `simulation of dataset "${dataset.name}"`;
      if (draw === undefined) return poissonSampler(mu, where);
      requireCounts(mu, where);
      return (random, out) => {
        for (let i = 0; i < out.length; i++) out[i] = draw(random, mu[i]!);
      };
    },
    saturated: term.saturated,
    dataset(data) {
      const bins = flatBins(mask, counts.data.length / mask.length);
      return { ...dataset, counts: { ...counts, data: replaceBins(counts.data, bins, data) } };
    },
  };
}

/** Predicted counts. */
function npredAll(dataset: MapDataset, context: KindContext): SkyMap {
  const { sources, background, response } = foldFixed(dataset, modelsFor(context.models, dataset.name), context);
  const total = sumComponents(
    sources.map((bound) => bound.component),
    response,
  );
  const other = background && sumComponents([background.component], response).data;
  for (let i = 0; i < total.data.length; i++) total.data[i]! += other?.[i] ?? 0;
  return total;
}

function npredBackground(dataset: MapDataset, context: KindContext): SkyMap {
  const scale = modelsFor(context.models, dataset.name).filter((m) => m.type === "FoVBackgroundModel");
  const { background, response } = foldFixed(dataset, scale, context);
  return sumComponents(background === undefined ? [] : [background.component], response);
}

const poisson = (random: RandomStream, mu: number) => random.poisson(mu);

/** Counts, Poisson unless told, of means mu; without a stream the means themselves. */
export function drawCounts(
  mu: SkyMap,
  stream: RandomStream | null,
  where: string,
  draw: CountsStatistic["draw"] = poisson,
): SkyMap {
  requireCounts(mu.data, where);
  return { ...mu, data: stream === null ? mu.data.slice() : mu.data.map((x) => draw(stream, x)) };
}

export const mapKind: DatasetKind<MapDataset> = {
  types: ["MapDataset", "SpectrumDataset"],
  about: "counts with a background that is modelled: a cube of images, or a spectrum",
  statistic: statisticName,
  compile: (dataset, context) => compileBins(dataset, context, join),
  npred(dataset, predicted, context) {
    if (predicted === "all") {
      const total = npredAll(dataset, context);
      return { ...total, data: drawnMeans(total.data, dataset.name) };
    }
    if (predicted === "background") return npredBackground(dataset, context);
    return predictModels(dataset, predicted, context);
  },
  simulator(dataset, context, { onNote }) {
    const total = npredAll(dataset, context);
    const { draw } = statisticFor(dataset, context.registry);
    const where = `simulation of dataset "${dataset.name}"`;
    const mu = { ...total, data: drawnMeans(total.data, where, onNote) };
    return (stream) => ({ ...dataset, counts: drawCounts(mu, stream, where, draw) });
  },
  info: (dataset, context) =>
    binsInfo(dataset, context, {
      background: backgroundMap(dataset)?.data,
      predict: (part) => mapKind.npred(dataset, part, context).data,
      significance: (n, background) =>
        Number.isNaN(background) ? { excess: Number.NaN, sqrtTs: Number.NaN } : cashCountsStatistics(n, background),
      statType: statisticName(dataset),
      statSum: () => statisticAt(dataset, context),
    }),
  summary: (info) => binsSummary(info),
  restrict: withEnergyRange,
  memory: datasetMemory,
  fitMemory,
  binned: { join },
};
