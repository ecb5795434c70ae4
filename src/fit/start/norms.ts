/** Norms to begin a fit with: those that match the data while every shape is held. */
import type { Dataset } from "../../datasets/types.js";
import type { KindContext } from "../../likelihood/kind.js";
import { compileLikelihood, type Likelihood, type LikelihoodOptions } from "../../likelihood/likelihood.js";
import { isNorm } from "../../likelihood/parameters.js";
import { createNewton, minimizeNewton } from "../../minimize/newton.js";
import type { Objective } from "../../minimize/types.js";
import { allParameters, type ParameterChange, updateParameters } from "../../models/parameters.js";
import type { Models } from "../../models/types.js";

/** The norms of one source, as ids of parameters: they keep their ratios. */
export type NormGroup = readonly string[];

/**
 * One factor for the norms of each group, fitted to the data together with the norms of backgrounds, all other parameters held. A source that the data do
 * not show gets the size of its error.
 */
export function fitNorms(
  datasets: readonly Dataset[],
  context: KindContext,
  groups: readonly NormGroup[],
  options: LikelihoodOptions = {},
): Models {
  const { models, registry } = context;
  const entries = allParameters(models);
  const wanted = new Set(groups.flat());
  const isBackground = (component: number) => models.components[component]?.type === "FoVBackgroundModel";
  const changes = Object.fromEntries(
    entries.map((entry): [string, ParameterChange] => {
      const varies = wanted.has(entry.id) || (isBackground(entry.component) && isNorm(models, entry, registry));
      return [entry.id, { frozen: entry.parameter.frozen || !varies }];
    }),
  );
  const held = updateParameters(models, changes);
  const likelihood = compileLikelihood(datasets, { ...context, models: held }, options);
  const factors = factorsOf(likelihood, groups);
  const values = groups.flatMap((group, k) =>
    group.map((id): [string, number] => {
      const { value } = entries.find((entry) => entry.id === id)!.parameter;
      return [id, rounded(value * factors[k]!)];
    }),
  );
  return updateParameters(
    models,
    Object.fromEntries(values.filter(([, value]) => Number.isFinite(value) && value !== 0)),
  );
}

/** Two digits are enough to begin with, and to read. */
export const rounded = (x: number, digits = 2): number => Number(x.toPrecision(digits));

/** How much each group has to grow; NaN where the data do not say. */
function factorsOf(likelihood: Likelihood, groups: readonly NormGroup[]): readonly number[] {
  const { parameters, start, lower, upper } = likelihood;
  const groupOf = parameters.map(({ id }) => groups.findIndex((group) => group.includes(id)));
  const scale = scaleOf(likelihood, groupOf);
  if (!(scale > 0 && Number.isFinite(scale))) return groups.map(() => Number.NaN);
  const others = groupOf.flatMap((group, slot) => (group < 0 ? [slot] : []));
  const n = groups.length + others.length;
  // column of y for each parameter, and how the parameter follows it
  const column = groupOf.map((group, slot) => (group >= 0 ? group : groups.length + others.indexOf(slot)));
  const slope = Float64Array.from(groupOf, (group, slot) => (group >= 0 ? start[slot]! * scale : 1));
  const objective = reduced(likelihood.objective, n, column, slope);
  const y = new Float64Array(n).fill(1);
  const [low, high] = [new Float64Array(n), new Float64Array(n).fill(Number.POSITIVE_INFINITY)];
  others.forEach((slot, k) => {
    y[groups.length + k] = start[slot]!;
    low[groups.length + k] = lower[slot]!;
    high[groups.length + k] = upper[slot]!;
  });
  const { x } = minimizeNewton(createNewton(n), objective, y, { lower: low, upper: high });
  const h = new Float64Array(n * n);
  objective.hessian(x, new Float64Array(n), h);
  return groups.map((_, k) => {
    const error = Math.sqrt(2 / h[k * (n + 1)]!);
    return scale * (x[k]! > 0.1 * error || !(error < Number.POSITIVE_INFINITY) ? x[k]! : error);
  });
}

/** Powers of ten that are tried. */
const DECADES = 30;

/** The power of ten for all groups that fits best; where the data show no source, the largest that they allow. NaN where it makes no difference. */
function scaleOf({ start, objective }: Likelihood, groupOf: readonly number[]): number {
  const at = (scale: number) =>
    objective.value(start.map((value, slot) => (groupOf[slot]! >= 0 ? value * scale : value)));
  const none = at(0);
  let [best, lowest, allowed] = [Number.NaN, Number.isFinite(none) ? none : Number.POSITIVE_INFINITY, Number.NaN];
  for (let k = -DECADES; k <= DECADES; k++) {
    const scale = 10 ** k;
    const stat = at(scale);
    if (stat < lowest) [best, lowest] = [scale, stat];
    if (stat <= none + 1 && stat !== none) allowed = scale;
  }
  return Number.isNaN(best) ? allowed : best;
}

/** A function of y, where parameter i is slope[i] y[column[i]]. */
function reduced(
  f: Required<Objective>,
  n: number,
  column: readonly number[],
  slope: Float64Array,
): Required<Objective> {
  const m = f.n;
  const [x, g, h, fisher] = [
    new Float64Array(m),
    new Float64Array(m),
    new Float64Array(m * m),
    new Float64Array(m * m),
  ];
  const place = (y: Float64Array) => {
    for (let i = 0; i < m; i++) x[i] = slope[i]! * y[column[i]!]!;
    return x;
  };
  const addGradient = (out: Float64Array) => {
    out.fill(0);
    for (let i = 0; i < m; i++) out[column[i]!]! += slope[i]! * g[i]!;
  };
  const addMatrix = (from: Float64Array, out: Float64Array) => {
    out.fill(0);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) out[column[i]! * n + column[j]!]! += slope[i]! * slope[j]! * from[i * m + j]!;
    }
  };
  return {
    n,
    value: (y) => f.value(place(y)),
    gradient(y, out) {
      const value = f.gradient(place(y), g);
      addGradient(out);
      return value;
    },
    hessian(y, out, hOut, fisherOut) {
      const value = f.hessian(place(y), g, h, fisher);
      addGradient(out);
      addMatrix(h, hOut);
      if (fisherOut !== undefined) addMatrix(fisher, fisherOut);
      return value;
    },
  };
}
