/** Flux points of another analysis. */
import { sameEnergy } from "../datasets/energy-edges.js";
import { isUpperLimit, normError } from "../datasets/flux-points.js";
import type { DatasetInfo, FluxPoints, FluxPointsDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { bindSubmodel, refuseMapOfFlux } from "../fold/bind.js";
import { bindCalibration, calibratedValues, seen } from "../fold/calibration.js";
import type { Component } from "../fold/types.js";
import { statisticAt } from "../likelihood/compile.js";
import type { CompileContext, DatasetKind, KindContext, Predicted } from "../likelihood/kind.js";
import { modelsFor } from "../likelihood/kind.js";
import { statisticOf } from "../likelihood/registry.js";
import { rowTerm } from "../likelihood/row-term.js";
import type { BoundPoints } from "../likelihood/statistics/types.js";
import type { CompiledTerm, Term, TermData } from "../likelihood/types.js";
import type { RandomStream } from "../math/random.js";
import { dnde, findFluxSource } from "../models/flux.js";
import { allParameters } from "../models/parameters.js";
import type { Model, SkyModel } from "../models/types.js";
import { axisCenters, axisEdges } from "../sky/axis.js";
import type { Geom, SkyMap } from "../sky/types.js";
import { unknownInfo } from "./unknown-info.js";

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
  const energies = axisCenters(dataset.points.energy);
  const used = usedPoints(dataset, context);
  if (used.length === 0) {
    throw new SpecError(
      `dataset "${dataset.name}": no flux point can be fitted (limits, missing values and masked points are left out); check the masks and the errors`,
    );
  }
  const calibration = bindCalibration(dataset, context);
  const bound = modelsFor(context.models, dataset.name)
    .filter((model): model is SkyModel => model.type === "SkyModel")
    .map((model) => {
      refuseMapOfFlux(dataset.name, model, context);
      const { p, free, parameters } = bindSubmodel(model, "spectral", model.spectral, context);
      const { vector, parameters: nuisances } = calibratedValues(
        calibration,
        context.declarations.of(model.spectral, "spectral"),
        p,
        free,
        Float64Array.from(used, (i) => energies[i]!),
      );
      return { component: valuesComponent(model.name, vector), parameters: [...parameters, ...nuisances] };
    });
  if (bound.length === 0) throw new SpecError(`dataset "${dataset.name}": no sky model applies to it; assign one`);
  const { points } = dataset;
  const values = Float64Array.from(used, (i) => points.norm[i]! * points.reference.dnde[i]!);
  const statistic = statisticFor(dataset, context).bind(points, used, values);
  const term = rowTerm(
    dataset.name,
    bound.map((b) => b.component),
    [Int32Array.from(used, (_, i) => i)],
    statistic,
  );
  return {
    term,
    parameters: bound.flatMap((b) => b.parameters),
    nBins: used.length,
    data: pointsData(dataset, used, term, statistic, values),
    total: () => Number.NaN,
    negative: () => 0,
    blame(p) {
      const model = term.npred(p);
      const bad = model.findIndex((v) => !Number.isFinite(v));
      if (bad < 0) return "";
      return `: the model is ${model[bad]} at ${Number(energies[used[bad]!]!.toPrecision(4))} TeV (point ${used[bad]})`;
    },
  };
}

/** Data: dnde of the used points; limits and errors stay. */
function pointsData(
  dataset: FluxPointsDataset,
  used: readonly number[],
  term: Term,
  statistic: BoundPoints,
  values: Float64Array,
): TermData {
  const { points } = dataset;
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
    dataset(data) {
      const norm = points.norm.slice();
      used.forEach((i, k) => {
        norm[i] = data[k]! / points.reference.dnde[i]!;
      });
      // as the measured points, whatever ts and limits say of the new values
      const isUlStored = Uint8Array.from(norm, (_, i) => (isUpperLimit(points, i) ? 1 : 0));
      return { ...dataset, points: { ...points, norm, isUlStored } };
    },
  };
}

/** One row a point: the value itself. */
function valuesComponent(name: string, vector: Component["vector"]): Component {
  const columns = Int32Array.from({ length: vector.size }, (_, i) => i);
  return {
    name,
    vector,
    columns: () => columns,
    rows(_, pixels, out, stride, at) {
      for (let i = 0; i < pixels.length; i++) {
        out.fill(0, i * stride + at, i * stride + at + vector.size);
        out[i * stride + at + pixels[i]!] = 1;
      }
    },
  };
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
  const energies = axisCenters(axis);
  const data = new Float64Array(energies.length);
  const calibration = bindCalibration(dataset, { models, entries: allParameters(models), isFree: () => false });
  const z = calibration.energyScale.value;
  const factor = calibration.areaNorm.value / (1 + z);
  for (const model of chosen) {
    if (model.type !== "SkyModel") continue;
    const { spectral } = findFluxSource(models, model.name, `dataset "${dataset.name}"`, registry);
    const values = dnde(spectral, seen(energies, z), registry);
    for (let i = 0; i < data.length; i++) data[i]! += factor * values[i]!;
  }
  const geom: Geom = { kind: "region", regions: [], wcs: null, axes: [axis] };
  return { geom, unit: "cm-2 s-1 TeV-1", data };
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
  const { energy } = dataset.points;
  const edges = energy.nodeType === "edges" ? axisEdges(energy) : undefined;
  const maskFit = Uint8Array.from(axisCenters(energy), (e, i) => {
    const [lo, hi] = edges === undefined ? [e, e] : [edges[i]!, edges[i + 1]!];
    const inside = (lo >= emin || sameEnergy(lo, emin)) && (hi <= emax || sameEnergy(hi, emax));
    return inside && dataset.maskFit?.[i] !== 0 ? 1 : 0;
  });
  return { ...dataset, maskFit };
}

function info(dataset: FluxPointsDataset, context: KindContext): DatasetInfo {
  return {
    ...unknownInfo(dataset),
    nBins: dataset.points.norm.length,
    nFitBins: usedPoints(dataset, context).length,
    statType: dataset.statistic,
    statSum: modelsFor(context.models, dataset.name).length === 0 ? Number.NaN : statisticAt(dataset, context),
  };
}

export const fluxPointsKind: DatasetKind<FluxPointsDataset> = {
  types: ["FluxPointsDataset"],
  about: "flux points that another analysis measured, with errors, limits or likelihood scans",
  statistic: ({ statistic }) => statistic,
  compile,
  npred,
  simulator(dataset, context) {
    const { data } = npred(dataset, "all", context);
    return (stream) => draw(dataset, data, stream);
  },
  info,
  summary: ({ nBins, nFitBins }) => [
    [
      ["Number of total flux points", `${nBins}`],
      ["Number of fit bins", `${nFitBins}`],
    ],
  ],
  restrict,
  memory: () => [],
  fitMemory: () => [],
};
