/** Flux points of another analysis. */
import { sameEnergy } from "../datasets/energy-edges.js";
import { energyBins, isUpperLimit, normError, referenceEnergies } from "../datasets/flux-points.js";
import type { FluxPoints, FluxPointsDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { bindCalibration, seen } from "../fold/calibration.js";
import type { CompileContext, KindContext, Predicted } from "../likelihood/kind.js";
import { modelsFor } from "../likelihood/kind.js";
import { statisticOf } from "../likelihood/registry.js";
import type { CompiledTerm } from "../likelihood/types.js";
import type { RandomStream } from "../math/random.js";
import { dnde, findFluxSource } from "../models/flux.js";
import { createDeclarations } from "../models/lookup.js";
import { allParameters } from "../models/parameters.js";
import type { Model } from "../models/types.js";
import type { SkyMap } from "../sky/types.js";
import { valuesKind, valuesMap } from "./values-kind.js";
import { bindSpectra, factorOfValues, valuesTerm } from "./values-term.js";

const statisticFor = (dataset: FluxPointsDataset, { registry }: Pick<KindContext, "registry">) =>
  statisticOf(dataset.statistic, "points", registry, `dataset "${dataset.name}"`);

/** Indices of the points that the statistic can use. */
function usedPoints(dataset: FluxPointsDataset, context: Pick<KindContext, "registry">): number[] {
  const { points, maskSafe, maskFit } = dataset;
  const statistic = statisticFor(dataset, context);
  return Array.from(points.norm.keys()).filter(
    (i) => maskSafe?.[i] !== 0 && maskFit?.[i] !== 0 && statistic.uses(points, i),
  );
}

/** The points against the sum of the models' dnde at e_ref, by the statistic of the dataset. */
function compile(dataset: FluxPointsDataset, context: CompileContext): CompiledTerm {
  const energies = referenceEnergies(dataset.points);
  const used = usedPoints(dataset, context);
  if (used.length === 0) {
    const { name, about } = statisticFor(dataset, context);
    throw new SpecError({
      where: `dataset "${dataset.name}"`,
      what: `no flux point can be fitted: none that is in the fit has what the statistic "${name}" takes (${about})`,
      remedy: "check the masks and the errors, or take another statistic",
    });
  }
  const { points } = dataset;
  const values = Float64Array.from(used, (i) => points.norm[i]! * points.reference.dnde[i]!);
  return valuesTerm({
    dataset,
    components: bindSpectra(
      dataset,
      Float64Array.from(used, (i) => energies[i]!),
      context,
    ),
    values,
    statistic: statisticFor(dataset, context).bind(points, used, values),
    replace: (data) => withValues(dataset, used, data),
    place: (i) => `at ${Number(energies[used[i]!]!.toPrecision(4))} TeV (point ${used[i]})`,
  });
}

/** The dataset with other dnde of the used points; limits and errors stay. */
function withValues(dataset: FluxPointsDataset, used: readonly number[], data: Float64Array): FluxPointsDataset {
  const { points } = dataset;
  const norm = points.norm.slice();
  used.forEach((i, k) => {
    norm[i] = data[k]! / points.reference.dnde[i]!;
  });
  // as the measured points, whatever ts and limits say of the new values
  const isUlStored = Uint8Array.from(norm, (_, i) => (isUpperLimit(points, i) ? 1 : 0));
  return { ...dataset, points: { ...points, norm, isUlStored } };
}

/** dnde at e_ref of the models that apply. */
function npred(dataset: FluxPointsDataset, predicted: Predicted, { models, registry }: KindContext): SkyMap {
  const all = modelsFor(models, dataset.name);
  const chosen: readonly Model[] =
    typeof predicted === "object"
      ? all.filter((model) => model.name === predicted.model)
      : predicted === "background"
        ? []
        : all;
  const axis = dataset.points.energy;
  const energies = referenceEnergies(dataset.points);
  const data = new Float64Array(energies.length);
  const context = {
    models,
    entries: allParameters(models),
    isFree: () => false,
    declarations: createDeclarations(registry),
  };
  const calibration = bindCalibration(dataset, context);
  const z = calibration.energyScale.value;
  const scale = calibration.areaNorm.value / (1 + z);
  for (const model of chosen) {
    if (model.type !== "SkyModel") continue;
    const { spectral } = findFluxSource(models, model.name, `dataset "${dataset.name}"`, registry);
    const values = dnde(spectral, seen(energies, z), registry);
    const factor = scale * factorOfValues(dataset, model, context).factor.vector.s[0]!;
    for (let i = 0; i < data.length; i++) data[i]! += factor * values[i]!;
  }
  return valuesMap(axis, "cm-2 s-1 TeV-1", data);
}

/**
 * Points around the model by their errors, which stay: errn for values above the model, errp below, as the likelihood reads them. Limits and points without
 * value or error stay as they are.
 */
function draw(dataset: FluxPointsDataset, model: Float64Array, stream: RandomStream | null): FluxPointsDataset {
  const { points, statistic } = dataset;
  const limit = points.norm.map((_, i) => (isUpperLimit(points, i) ? 1 : 0));
  const shift = points.norm.map((norm, i) => {
    const z = stream === null ? 0 : stream.normal();
    const err = normError(points, i);
    const side = (statistic === "distrib" ? (z > 0 ? points.normErrn : points.normErrp)?.[i] : undefined) ?? Number.NaN;
    const sigma = Number.isNaN(side) ? err : side;
    if (limit[i] === 1 || !Number.isFinite(norm) || !Number.isFinite(sigma)) return 0;
    return model[i]! / points.reference.dnde[i]! + z * sigma - norm;
  });
  return { ...dataset, points: shiftPoints(points, shift, Uint8Array.from(limit)) };
}

/** Norms with their limits and scans moved; what else the estimation said of them no longer holds and is left out. */
function shiftPoints(points: FluxPoints, shift: Float64Array, isUlStored: Uint8Array): FluxPoints {
  const { ts, sqrtTs, statNull, npred: _, npredExcess, counts, success, ...rest } = points;
  const move = (x: Float64Array) => x.map((value, k) => value + shift[Math.floor(k / (x.length / shift.length))]!);
  return {
    ...rest,
    norm: move(points.norm),
    ...(points.normUl && { normUl: move(points.normUl) }),
    ...(points.normScan && { normScan: move(points.normScan) }),
    isUlStored,
  };
}

/** A copy with mask_fit restricted to the points inside [emin, emax], TeV, by their edges, else by e_ref. */
function restrict(dataset: FluxPointsDataset, emin: number, emax: number): FluxPointsDataset {
  const [low, high] = energyBins(dataset.points) ?? [];
  const maskFit = Uint8Array.from(referenceEnergies(dataset.points), (e, i) => {
    const [lo, hi] = [low?.[i] ?? e, high?.[i] ?? e];
    const inside = (lo >= emin || sameEnergy(lo, emin)) && (hi <= emax || sameEnergy(hi, emax));
    return inside && dataset.maskFit?.[i] !== 0 ? 1 : 0;
  });
  return { ...dataset, maskFit };
}

export const fluxPointsKind = valuesKind<FluxPointsDataset>({
  types: ["FluxPointsDataset"],
  about: "flux points that another analysis measured, with errors, limits or likelihood scans",
  values: "total flux points",
  statistic: ({ statistic }) => statistic,
  compile,
  npred,
  simulator(dataset, context) {
    const { data } = npred(dataset, "all", context);
    return (stream) => draw(dataset, data, stream);
  },
  count: (dataset, context) => ({
    nBins: dataset.points.norm.length,
    nFitBins: usedPoints(dataset, context).length,
  }),
  restrict,
});
