/** The likelihood of measured values with errors, such as flux points: what models predict for them are sums of dnde at energies. */
import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { bindSubmodel, refuseMapOfFlux } from "../fold/bind.js";
import { bindCalibration, calibratedValues } from "../fold/calibration.js";
import { hasTimes, isConstant, type TemporalFactor, temporalFactor, withTime } from "../fold/temporal.js";
import type { BoundComponent, Component, FoldContext } from "../fold/types.js";
import type { CompileContext } from "../likelihood/kind.js";
import { modelsFor } from "../likelihood/kind.js";
import { rowTerm } from "../likelihood/row-term.js";
import type { BoundPoints } from "../likelihood/statistics/types.js";
import type { CompiledTerm, Term, TermData } from "../likelihood/types.js";
import type { SkyModel } from "../models/types.js";

/** Value i is predicted to be sum_k weight(i, k) dnde(energies[k]). */
export type Weight = (i: number, k: number) => number;

/** One value at each energy: its dnde. */
const sameIndex: Weight = (i, k) => (i === k ? 1 : 0);

/**
 * The source models of a dataset, each as what it adds to values that are sums of dnde [cm-2 s-1 TeV-1] at `energies` [TeV], with the calibration of the dataset.
 * @throws SpecError where no sky model applies to the dataset.
 */
export function bindSpectra(
  dataset: Dataset,
  energies: Float64Array,
  context: CompileContext,
  weight: Weight = sameIndex,
): BoundComponent[] {
  const calibration = bindCalibration(dataset, context);
  const bound = modelsFor(context.models, dataset.name)
    .filter((model): model is SkyModel => model.type === "SkyModel")
    .map((model) => {
      refuseMapOfFlux(dataset.name, model, context);
      const { p, free, parameters } = bindSubmodel(model, "spectral", model.spectral, context);
      const declaration = context.declarations.of(model.spectral, "spectral");
      const { vector, parameters: nuisances } = calibratedValues(calibration, declaration, p, free, energies);
      const { factor, warnings } = factorOfValues(dataset, model, context);
      const seen = withTime({ vector, parameters: [...parameters, ...nuisances] }, factor);
      return { component: weighted(model.name, seen.vector, weight), parameters: seen.parameters, warnings };
    });
  if (bound.length === 0) throw new SpecError(`dataset "${dataset.name}": no sky model applies to it; assign one`);
  return bound;
}

/** The change of a source with time as values see it. Those without times are taken for the source at its reference, as Gammapy does, which is said. */
export function factorOfValues(
  dataset: Dataset,
  model: SkyModel,
  context: FoldContext,
): { readonly factor: TemporalFactor; readonly warnings: readonly string[] } {
  const { name, temporal } = model;
  const changes = temporal !== undefined && model !== context.steady && !isConstant(temporal);
  if (hasTimes(dataset) || !changes) {
    return { factor: temporalFactor(dataset, model, context), warnings: [] };
  }
  const warning = `dataset "${dataset.name}" has no good time intervals (GTI): source "${name}", which changes with time (${temporal.type}), counts as constant there`;
  return { factor: temporalFactor(dataset, model, { ...context, steady: model }), warnings: [warning] };
}

function weighted(name: string, vector: Component["vector"], weight: Weight): Component {
  const columns = Int32Array.from({ length: vector.size }, (_, k) => k);
  return {
    name,
    vector,
    columns: () => columns,
    rows(_, pixels, out, stride, at) {
      for (let i = 0; i < pixels.length; i++) {
        for (let k = 0; k < vector.size; k++) out[i * stride + at + k] = weight(pixels[i]!, k);
      }
    },
  };
}

/** Values of a dataset in the fit, and the statistic that compares them. */
export interface MeasuredValues {
  readonly dataset: Dataset;
  readonly components: readonly BoundComponent[];
  /** What was measured [n], in the unit of what is predicted; other data are written into it. */
  readonly values: Float64Array;
  /** How well a prediction agrees with values[i]. */
  readonly statistic: BoundPoints;
  /** The dataset with other values [n]. */
  replace(values: Float64Array): Dataset;
  /** Where value i was measured, for messages: "at 3 TeV (point 2)". */
  place(i: number): string;
}

/** -2 ln L of values, one after the other. */
export function valuesTerm(measured: MeasuredValues): CompiledTerm {
  const { dataset, components, values, statistic, place } = measured;
  const term = rowTerm(
    dataset.name,
    components.map((b) => b.component),
    [Int32Array.from(values, (_, i) => i)],
    statistic,
  );
  return termOfValues(term, components, valuesData(measured, term), place);
}

/** A term of values with what others need to know of it. */
export function termOfValues(
  term: Term,
  components: readonly BoundComponent[],
  data: TermData,
  place: (i: number) => string,
): CompiledTerm {
  return {
    term,
    parameters: components.flatMap((b) => b.parameters),
    nBins: data.measured.length,
    data,
    total: () => Number.NaN,
    negative: () => 0,
    warnings: components.flatMap((b) => b.warnings ?? []),
    blame(p) {
      const model = term.npred(p);
      const bad = model.findIndex((v) => !Number.isFinite(v));
      return bad < 0 ? "" : `: the model is ${model[bad]} ${place(bad)}`;
    },
  };
}

/** Data: the values; limits and errors stay. */
function valuesData({ values, statistic, replace }: MeasuredValues, term: Term): TermData {
  const measured = values.slice();
  const expected = (p: Float64Array) => term.npred(p).map((mu, i) => (statistic.isFixed(i) ? measured[i]! : mu));
  return {
    measured,
    isCounting: false,
    set: (data) => values.set(data),
    expected,
    simulator(p) {
      const centre = expected(p);
      return (random, out) => {
        for (let i = 0; i < out.length; i++) {
          const z = random.normal();
          out[i] = statistic.isFixed(i) ? centre[i]! : centre[i]! + z * statistic.sigma(i, z > 0 ? 1 : -1);
        }
      };
    },
    saturated: () => 0,
    dataset: replace,
  };
}
