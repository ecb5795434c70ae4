/** Counts on and off the source. */
import { withEnergyRange } from "../datasets/facets.js";
import { datasetMemory } from "../datasets/memory.js";
import type { OnOffDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { backgroundNormOf } from "../fold/calibration.js";
import { fitMemory } from "../fold/memory.js";
import { statisticAt } from "../likelihood/compile.js";
import type { BinnedKind, DatasetKind, KindContext, SimulateOptions } from "../likelihood/kind.js";
import { modelsFor } from "../likelihood/kind.js";
import { statisticOf } from "../likelihood/registry.js";
import type { SkyMap } from "../sky/types.js";
import { wstatCountsStatistics } from "../stats/counts-statistics.js";
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
import { binsInfo, binsSummary, totalIn } from "./bins-info.js";
import { drawCounts } from "./map.js";
import { alphaOf, constantOf, errorMaps, onOffBackground } from "./on-off-data.js";
import { onOffTerm } from "./on-off-term.js";

const statisticName = (dataset: OnOffDataset): string => dataset.statistic ?? "wstat";
const statisticFor = (dataset: OnOffDataset, { registry }: Pick<KindContext, "registry">) =>
  statisticOf(statisticName(dataset), "on-off", registry, `dataset "${dataset.name}"`);

const join: BinnedKind<OnOffDataset>["join"] = (dataset, components, mask, registry, norm) => {
  const counts = requireBins(dataset, mask);
  const shares = components.map((c) => c.component);
  const made = onOffTerm(dataset, shares, mask, statisticFor(dataset, { registry }), norm);
  const own = norm.parameter === undefined ? [] : [norm.parameter];
  return joined({ ...made, blame: (p) => blameBin(made, mask, counts, p) }, components, mask, own);
};

/** Counts of the sources, of either sign, and of the background in the ON region that the statistic profiles; 0 where nothing was measured off the source. */
function predict(dataset: OnOffDataset, context: KindContext) {
  const { sources, response } = foldFixed(dataset, modelsFor(context.models, dataset.name), context);
  const signal = sumComponents(
    sources.map((bound) => bound.component),
    response,
  );
  const { counts, countsOff } = dataset;
  if (counts === undefined || countsOff === undefined) {
    return { signal, background: new Float64Array(signal.data.length) };
  }
  const statistic = statisticFor(dataset, context);
  const norm = backgroundNormOf(context.models, dataset.name);
  const constant = constantOf(
    statistic,
    errorMaps(dataset, (data) => data),
  );
  const background = alphaOf(dataset).map((ratio, i) => {
    const alpha = norm * ratio;
    const [n, m] = [counts.data[i]!, countsOff.data[i]!];
    const mu = alpha * statistic.background(n, m, alpha, signal.data[i]!, constant(i, n, m, alpha));
    return Number.isFinite(mu) ? mu : 0;
  });
  return { signal, background };
}

function simulator(dataset: OnOffDataset, context: KindContext, { backgrounds, onNote }: SimulateOptions) {
  const { signal, background: profiled } = predict(dataset, context);
  const norm = backgroundNormOf(context.models, dataset.name);
  const alpha = alphaOf(dataset).map((ratio) => norm * ratio);
  const given = backgrounds?.[dataset.name];
  const hasNone = dataset.countsOff === undefined && statisticFor(dataset, context).mayLackOff === true;
  if (!hasNone) checkBackground(dataset, given);
  const background = given?.data ?? profiled;
  const where = `simulation of dataset "${dataset.name}"`;
  const on = drawnMeans(
    signal.data.map((s, i) => s + background[i]!),
    where,
    onNote,
  );
  // no OFF region, or an ON region without acceptance: no OFF counts
  const off = background.map((b, i) => (Number.isFinite(b / alpha[i]!) ? Math.max(0, b / alpha[i]!) : 0));
  const draw = (data: Float64Array, error: SkyMap | undefined, stream: Parameters<typeof drawCounts>[1]): SkyMap => {
    if (error === undefined || stream === null) return drawCounts({ ...signal, data }, stream, where);
    return { ...signal, data: data.map((x, i) => x + error.data[i]! * stream.normal()) };
  };
  return (stream: Parameters<typeof drawCounts>[1]): OnOffDataset => ({
    ...dataset,
    counts: draw(on, dataset.countsError, stream),
    ...(!hasNone && { countsOff: draw(off, dataset.countsOffError, stream) }),
  });
}

function checkBackground(dataset: OnOffDataset, given: SkyMap | undefined): void {
  const where = `dataset "${dataset.name}": simulation`;
  if (dataset.acceptanceOff === undefined) {
    throw new SpecError(
      `${where} needs acceptanceOff, which the dataset lacks; give it the acceptance of the OFF region`,
    );
  }
  if (given === undefined && (dataset.counts === undefined || dataset.countsOff === undefined)) {
    throw new SpecError(
      `${where} needs a background: neither \`backgrounds\` nor ON and OFF counts are there; give one`,
    );
  }
  if (given !== undefined && given.data.length !== dataset.acceptance.data.length) {
    throw new SpecError(
      `${where}: the background has ${given.data.length} bins, expected ${dataset.acceptance.data.length} as in the dataset`,
    );
  }
}

/** Of counts with errors of their own, the excess over its error; else that of Poisson counts. */
function significanceOf(dataset: OnOffDataset, n: number, off: number, alpha: number) {
  const { countsError, countsOffError } = dataset;
  if (countsError === undefined && countsOffError === undefined) return wstatCountsStatistics(n, off, alpha);
  const squares = (map: SkyMap | undefined, sum: number) =>
    map === undefined
      ? sum
      : totalIn(
          dataset,
          map.data.map((x) => x * x),
        );
  const ratio = Number.isFinite(alpha) ? alpha : 0;
  const excess = n - ratio * off;
  return { excess, sqrtTs: excess / Math.sqrt(squares(countsError, n) + ratio ** 2 * squares(countsOffError, off)) };
}

export const onOffKind: DatasetKind<OnOffDataset> = {
  types: ["SpectrumDatasetOnOff", "MapDatasetOnOff"],
  about: "counts on and off the source, without a model of the background",
  statistic: statisticName,
  compile: (dataset, context) => compileBins(dataset, context, join),
  npred(dataset, predicted, context) {
    if (predicted !== "all" && predicted !== "background") return predictModels(dataset, predicted, context);
    const { signal, background } = predict(dataset, context);
    if (predicted === "background") return { ...signal, data: background };
    return { ...signal, data: signal.data.map((mu, i) => Math.max(0, mu + background[i]!)) };
  },
  simulator,
  info(dataset, context) {
    const background = onOffBackground(dataset);
    const off = dataset.countsOff === undefined ? 0 : totalIn(dataset, dataset.countsOff.data);
    const alpha = totalIn(dataset, background) / off;
    const acceptance = totalIn(dataset, dataset.acceptance.data);
    const hasOff = dataset.countsOff !== undefined && dataset.acceptanceOff !== undefined;
    const isWhole = hasOff || statisticFor(dataset, context).mayLackOff === true;
    const info = binsInfo(dataset, context, {
      background,
      predict: (part) => onOffKind.npred(dataset, part, context).data,
      significance: (n) => significanceOf(dataset, n, off, alpha),
      statType: statisticName(dataset),
      statSum: () => (isWhole ? statisticAt(dataset, context) : Number.NaN),
    });
    return { ...info, countsOff: off, acceptance, acceptanceOff: acceptance / alpha, alpha };
  },
  summary(info) {
    const number = (x: number | undefined, digits = 2) =>
      x === undefined || Number.isNaN(x) ? "nan" : x.toFixed(digits);
    return binsSummary(info, [
      ["Total counts_off", number(info.countsOff, 0)],
      ["Acceptance", number(info.acceptance)],
      ["Acceptance off", number(info.acceptanceOff)],
    ]);
  },
  restrict: withEnergyRange,
  memory: datasetMemory,
  fitMemory,
  binned: { join },
};
