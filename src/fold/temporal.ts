/** The change of a source with time, as a dataset sees it: the mean over its good time intervals. */
import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { TemporalDeclaration } from "../models/declaration.js";
import { temporalDifferences } from "../models/temporal/differences.js";
import type { SkyModel, Submodel } from "../models/types.js";
import { taiMinus, UTC_START } from "../time/scale.js";
import type { Gti } from "../time/types.js";
import { bindSubmodel, indexOf } from "./bind.js";
import { productVector } from "./flux/product.js";
import { constantVector, type FluxVector, packedLength } from "./flux/types.js";
import type { CalibratedSpectrum, FoldContext } from "./types.js";

/** A factor on the fluxes of a source: a vector of size 1, and its parameters, none where those of the model are frozen. */
export type TemporalFactor = CalibratedSpectrum;

const constant = (value: number): TemporalFactor => ({
  vector: constantVector(Float64Array.of(value)),
  parameters: [],
});

/** Whether there is time to average over. */
export const hasTimes = ({ gti }: Dataset): boolean => gti !== undefined && gti.start.length > 0;

/** A model without parameters and data is the same at all times. */
export const isConstant = ({ parameters, resources }: Submodel): boolean =>
  parameters.length === 0 && resources === undefined;

/** Mean of the temporal model over the good time intervals; 1 without a model. */
export function temporalFactor(dataset: Dataset, model: SkyModel, context: FoldContext): TemporalFactor {
  const { temporal } = model;
  if (temporal === undefined || model === context.steady) return constant(1);
  const declaration = context.declarations.of(temporal, "temporal", `model "${model.name}"`);
  const { p, free, parameters } = bindSubmodel(model, "temporal", temporal, context);
  const where = `dataset "${dataset.name}" and model "${model.name}"`;
  const { gti } = dataset;
  if (gti === undefined || !hasTimes(dataset)) {
    if (isConstant(temporal)) return constant(declaration.mean(0, 1, p));
    throw new SpecError(
      `${where}: the source changes with time (${temporal.type}), but the dataset has no good time intervals (GTI); give it some, or take the temporal model away`,
    );
  }
  const times = timesOf(declaration, temporal, gti, p, where);
  if (free.length === 0) return constant(meanAt(times, p));
  return { vector: meanVector(times, p, free), parameters };
}

/** A spectrum times the factor: its parameters, then those of the factor. */
export function withTime(spectrum: CalibratedSpectrum, { vector, parameters }: TemporalFactor): CalibratedSpectrum {
  if (vector.n === 0 && vector.s[0] === 1) return spectrum;
  return {
    vector: productVector(spectrum.vector, vector),
    parameters: [...spectrum.parameters, ...parameters],
  };
}

/** A temporal model over the good time intervals of a dataset. */
export interface Times {
  readonly declaration: TemporalDeclaration;
  readonly gti: Gti;
  /** Index of the parameter that is a time; -1 where there is none. */
  readonly reference: number;
  /** The reference of the intervals in the time scale of the model (MJD), as it is for a model whose time of reference is p[reference]. */
  origin(p: Float64Array): number;
}

export function timesOf(
  declaration: TemporalDeclaration,
  { extra }: Submodel,
  gti: Gti,
  p0: Float64Array,
  where: string,
): Times {
  const reference = declaration.reference === undefined ? -1 : indexOf(declaration, declaration.reference);
  const scale = String(extra?.scale ?? "utc");
  const timeOf = (p: Float64Array) => (reference < 0 ? gti.reference : p[reference]!);
  const tai = taiMinus(gti.timeScale, gti.reference, where);
  taiMinus(scale, timeOf(p0), where);
  return {
    declaration,
    gti,
    reference,
    origin(p) {
      const t = timeOf(p);
      // a fit may try times before there was UTC with leap seconds
      const offset = taiMinus(scale, scale !== "utc" || t >= UTC_START ? t : UTC_START, where);
      // seconds between the intervals and the reference are physical ones, whatever scales both are given in
      return gti.reference + (tai - offset) / 86400;
    },
  };
}

function meanAt({ declaration, gti: { start, stop }, origin }: Times, p: Float64Array): number {
  const reference = origin(p);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < start.length; i++) {
    const length = stop[i]! - start[i]!;
    sum += length * declaration.mean(reference + start[i]! / 86400, reference + stop[i]! / 86400, p);
    total += length;
  }
  return sum / total;
}

/** The mean as a vector of one number, of the parameters `free`. */
function meanVector(times: Times, p0: Float64Array, free: readonly number[]): FluxVector {
  const n = free.length;
  const p = p0.slice();
  const s = new Float64Array(1);
  const ds = new Float64Array(n);
  const d2s = new Float64Array(packedLength(n));
  const fill = times.declaration.derivatives === undefined ? byDifferences(times, free) : exactly(times, free);
  return {
    size: 1,
    n,
    s,
    ds,
    d2s,
    update(x, offset, order) {
      for (let a = 0; a < n; a++) p[free[a]!] = x[offset + a]!;
      s[0] = order === 0 ? meanAt(times, p) : fill(p, ds, d2s);
    },
  };
}

/** Fills the derivatives [n] and, packed, [n (n + 1) / 2] of the mean by the free parameters; returns it. */
type Fill = (p: Float64Array, ds: Float64Array, d2s: Float64Array) => number;

function exactly(times: Times, free: readonly number[]): Fill {
  const { declaration, gti, origin } = times;
  const { start, stop } = gti;
  const m = Object.keys(declaration.parameters).length;
  const g = new Float64Array(m);
  const h = new Float64Array(m * m);
  return (p, ds, d2s) => {
    const reference = origin(p);
    let sum = 0;
    let total = 0;
    ds.fill(0);
    d2s.fill(0);
    for (let i = 0; i < start.length; i++) {
      const length = stop[i]! - start[i]!;
      // nothing passes
      if (length === 0) continue;
      sum += length * declaration.derivatives!(reference + start[i]! / 86400, reference + stop[i]! / 86400, p, g, h);
      total += length;
      for (let a = 0, e = 0; a < free.length; a++) {
        ds[a]! += length * g[free[a]!]!;
        for (let b = 0; b <= a; b++) d2s[e++]! += length * h[free[a]! * m + free[b]!]!;
      }
    }
    for (let a = 0; a < ds.length; a++) ds[a]! /= total;
    for (let e = 0; e < d2s.length; e++) d2s[e]! /= total;
    return sum / total;
  };
}

function byDifferences(times: Times, free: readonly number[]): Fill {
  const n = free.length;
  const h = new Float64Array(n * n);
  const mean = (p: Float64Array) => meanAt(times, p);
  return (p, ds, d2s) => {
    temporalDifferences(mean, p, free, times.reference, ds, h);
    for (let a = 0, e = 0; a < n; a++) for (let b = 0; b <= a; b++) d2s[e++] = h[a * n + b]!;
    return mean(p);
  };
}
