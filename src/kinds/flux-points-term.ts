import { isUpperLimit, normError } from "../datasets/flux-points.js";
import type { FluxPointsDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { bindCalibration, calibratedValues } from "../fold/calibration.js";
import { bindSubmodel } from "../fold/components.js";
import type { CompileContext, Component } from "../fold/types.js";
import { type RowStatistic, type RowTerm, rowTerm } from "../likelihood/row-term.js";
import type { CompiledTerm, TermData } from "../likelihood/types.js";
import { evaluateSpline, type QuadraticSpline } from "../math/spline.js";
import { spectralFunction } from "../models/lookup.js";
import type { Model, SkyModel } from "../models/types.js";
import { axisCenters } from "../sky/axis.js";
import {
  asymmetricError,
  chi2,
  chi2Derivatives,
  profileSpline,
  upperLimitDerivatives,
  upperLimitStat,
} from "../stats/chi2.js";

/** Flux points against the sum of the models' dnde at e_ref, by the statistic of the dataset. */
export function fluxPointsTerm(
  dataset: FluxPointsDataset,
  models: readonly Model[],
  context: CompileContext,
): CompiledTerm {
  const energies = axisCenters(dataset.points.energy);
  const used = usedPoints(dataset);
  if (used.length === 0) {
    throw new SpecError(
      `dataset "${dataset.name}": no flux point can be fitted (limits, missing values and masked points are left out); check the masks and the errors`,
    );
  }
  const calibration = bindCalibration(dataset, context);
  const bound = models
    .filter((model): model is SkyModel => model.type === "SkyModel")
    .map((model) => {
      const { p, free, parameters } = bindSubmodel(model, "spectral", model.spectral, context);
      const { vector, parameters: nuisances } = calibratedValues(
        calibration,
        spectralFunction(model.spectral, context.registry),
        p,
        free,
        Float64Array.from(used, (i) => energies[i]!),
      );
      return { component: valuesComponent(model.name, vector), parameters: [...parameters, ...nuisances] };
    });
  if (bound.length === 0) throw new SpecError(`dataset "${dataset.name}": no sky model applies to it; assign one`);
  const statistic = pointsStatistic(dataset, used);
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
    data: pointsData(dataset, used, term, statistic),
  };
}

/** Data: dnde of the used points; limits and errors stay. */
function pointsData(
  dataset: FluxPointsDataset,
  used: readonly number[],
  term: RowTerm,
  statistic: PointsStatistic,
): TermData {
  const { points } = dataset;
  const measured = statistic.values.slice();
  const fixed = used.map((i) => dataset.statistic === "distrib" && isUpperLimit(points, i));
  const expected = (out: Float64Array) => {
    term.npred(out);
    for (let i = 0; i < out.length; i++) if (fixed[i]) out[i] = measured[i]!;
  };
  return {
    measured,
    set: (data) => statistic.values.set(data),
    expected,
    total: () => Number.NaN,
    negative: () => 0,
    simulator() {
      const centre = new Float64Array(used.length);
      expected(centre);
      return (random, out) => {
        for (let i = 0; i < out.length; i++) {
          const z = random.normal();
          out[i] = fixed[i] ? centre[i]! : centre[i]! + z * statistic.sigma(i, z > 0 ? 1 : -1);
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

/** Indices of the points that the statistic can use. */
export function usedPoints(dataset: FluxPointsDataset): number[] {
  const { points, statistic: kind } = dataset;
  const dnde = points.norm.map((x, i) => x * points.reference.dnde[i]!);
  return Array.from(dnde.keys()).filter((i) => {
    if (dataset.maskSafe?.[i] === 0 || dataset.maskFit?.[i] === 0) return false;
    const limit = isUpperLimit(points, i);
    const measured = Number.isFinite(dnde[i]!) && (Number.isFinite(normError(points, i)) || kind === "profile");
    if (kind === "chi2") return !limit && measured;
    if (kind === "distrib") return limit ? Number.isFinite(points.normUl?.[i] ?? Number.NaN) : measured;
    return scanOf(dataset, i) !== undefined;
  });
}

function scanOf(dataset: FluxPointsDataset, i: number): QuadraticSpline | undefined {
  const { normScan, statScan, stat } = dataset.points;
  if (normScan === undefined || statScan === undefined) return undefined;
  const m = normScan.length / dataset.points.norm.length;
  return profileSpline(normScan.slice(i * m, (i + 1) * m), statScan.slice(i * m, (i + 1) * m), stat?.[i] ?? 0);
}

interface PointsStatistic extends RowStatistic {
  /** dnde of the used points; may be refilled. */
  readonly values: Float64Array;
  /** Spread of values above (1) and below (-1) the model. */
  sigma(i: number, side: 1 | -1): number;
}

function pointsStatistic(dataset: FluxPointsDataset, used: readonly number[]): PointsStatistic {
  const { points } = dataset;
  const reference = Float64Array.from(used, (i) => points.reference.dnde[i]!);
  const value = Float64Array.from(used, (i) => points.norm[i]! * points.reference.dnde[i]!);
  const err = Float64Array.from(used, (i) => normError(points, i) * points.reference.dnde[i]!);
  if (dataset.statistic === "chi2") {
    return {
      values: value,
      sigma: (i) => err[i]!,
      value: (i, mu) => chi2(value[i]!, mu, err[i]!),
      derivatives: (i, mu, out) => chi2Derivatives(value[i]!, mu, err[i]!, out),
    };
  }
  if (dataset.statistic === "profile") {
    const splines = used.map((i) => scanOf(dataset, i)!);
    const scanned = value.slice();
    // the scan moves with its value
    const norm = (i: number, mu: number) => (mu - value[i]! + scanned[i]!) / reference[i]!;
    return {
      values: value,
      sigma: (i) => err[i]!,
      value: (i, mu) => evaluateSpline(splines[i]!, norm(i, mu)),
      derivatives(i, mu, out) {
        evaluateSpline(splines[i]!, norm(i, mu), out);
        out[1]! /= reference[i]!;
        out[2]! /= reference[i]! ** 2;
      },
    };
  }
  const limit = used.map((i) => isUpperLimit(points, i));
  const ul = Float64Array.from(used, (i) => (points.normUl?.[i] ?? Number.NaN) * points.reference.dnde[i]!);
  const errn = Float64Array.from(used, (i) => (points.normErrn?.[i] ?? Number.NaN) * points.reference.dnde[i]!);
  const errp = Float64Array.from(used, (i) => (points.normErrp?.[i] ?? Number.NaN) * points.reference.dnde[i]!);
  const side = (i: number, mu: number) => asymmetricError(value[i]!, mu, errn[i]!, errp[i]!, err[i]!);
  return {
    values: value,
    // a value above the model lies at its lower error from it
    sigma: (i, above) => asymmetricError(0, above > 0 ? -1 : 1, errn[i]!, errp[i]!, err[i]!),
    value: (i, mu) => (limit[i] ? upperLimitStat(ul[i]!, mu) : chi2(value[i]!, mu, side(i, mu))),
    derivatives(i, mu, out) {
      if (limit[i]) upperLimitDerivatives(ul[i]!, mu, out);
      else chi2Derivatives(value[i]!, mu, side(i, mu), out);
    },
  };
}
