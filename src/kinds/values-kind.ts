/** What kinds of datasets that hold values, and no counts, have in common. */
import type { Dataset } from "../datasets/types.js";
import { compileDataset, statisticAt } from "../likelihood/compile.js";
import type { DatasetKind, DrawDataset, KindContext, Predicted } from "../likelihood/kind.js";
import { modelsFor } from "../likelihood/kind.js";
import type { MapAxis, SkyMap } from "../sky/types.js";
import { unknownInfo } from "./unknown-info.js";

/** What such a kind has to say of itself; the rest follows from its likelihood. */
export interface ValuesKind<D extends Dataset>
  extends Pick<DatasetKind<D>, "types" | "about" | "statistic" | "compile" | "npred" | "restrict"> {
  /** How many values a dataset has, and how many of them enter the fit. */
  count(dataset: D, context: KindContext): { readonly nBins: number; readonly nFitBins: number };
  /** What the values are called in summaries: "flux points". */
  readonly values: string;
  /** Absent: the data that the compiled likelihood simulates. */
  readonly simulator?: DatasetKind<D>["simulator"];
}

/** A kind of dataset whose data are values with errors: what is given, and the rest by default. */
export function valuesKind<D extends Dataset>({ values, count, ...kind }: ValuesKind<D>): DatasetKind<D> {
  return {
    simulator: valuesSimulator,
    ...kind,
    info: (dataset, context) => ({
      ...unknownInfo(dataset),
      ...count(dataset, context),
      statType: kind.statistic(dataset),
      statSum: modelsFor(context.models, dataset.name).length === 0 ? Number.NaN : statisticAt(dataset, context),
    }),
    summary: ({ nBins, nFitBins }) => [
      [
        [`Number of ${values}`, `${nBins}`],
        ["Number of fit bins", `${nFitBins}`],
      ],
    ],
    memory: () => [],
    fitMemory: () => [],
  };
}

function valuesSimulator<D extends Dataset>(dataset: D, context: KindContext): DrawDataset<D> {
  const { data } = compileDataset(dataset, context, { free: () => false });
  const none = new Float64Array(0);
  const draw = data.simulator(none);
  return (stream) => {
    const out = stream === null ? data.expected(none) : new Float64Array(data.measured.length);
    if (stream !== null) draw(stream, out);
    return data.dataset(out) as D;
  };
}

/** Values along an axis as a map. */
export function valuesMap(axis: MapAxis, unit: string, data: Float64Array): SkyMap {
  return { geom: { kind: "region", regions: [], wcs: null, axes: [axis] }, unit, data };
}

/** What the chosen models predict for the values of a dataset, all of which have to enter its fit: [n]. */
export function predictedValues(dataset: Dataset, predicted: Predicted, context: KindContext, n: number): Float64Array {
  const all = modelsFor(context.models, dataset.name);
  const components = typeof predicted === "object" ? all.filter((m) => m.name === predicted.model) : all;
  if (predicted === "background" || components.length === 0) return new Float64Array(n);
  const chosen = { ...context, models: { ...context.models, components } };
  return compileDataset(dataset, chosen, { free: () => false }).term.npred(new Float64Array(0));
}
