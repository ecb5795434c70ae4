import { SpecError } from "../errors.js";
import { eigenSymmetric } from "../math/linalg.js";
import { randomStream } from "../math/random.js";
import { brentRoot } from "../math/roots.js";
import { normalCdf } from "../math/special.js";
import { covarianceOf } from "../models/covariance.js";
import type { ModelRegistry } from "../models/declaration.js";
import type { Models } from "../models/types.js";
import { type Quantity, quantityOf, quantityUnits, type SpectralPoints } from "./quantity.js";

/** Options of `propagateErrors`. */
export interface PropagateOptions {
  /** linear (default): sqrt(gT C g) with exact gradients. sampling: quantiles of draws from the covariance, well-measured norms as logarithms. */
  readonly method?: "linear" | "sampling";
  /** Default 1. */
  readonly sigma?: number;
  /** Draws and their seed; default 10 000 and 1. */
  readonly samples?: number;
  readonly seed?: number;
}

/** A quantity of a spectrum with errors, all [m], in `unit`. The value is the model's own. */
export interface QuantityErrors {
  readonly quantity: SpectralPoints["quantity"];
  readonly unit: string;
  readonly value: Float64Array;
  /** Downwards and upwards, both positive. */
  readonly errn: Float64Array;
  readonly errp: Float64Array;
  /** In words why an error is missing (NaN); empty where all is well. */
  readonly messages: readonly string[];
}

/** Errors of dnde, e2dnde, flux or energy flux of a source from the covariance of its models. */
export function propagateErrors(
  models: Models,
  source: string,
  points: SpectralPoints,
  registry: ModelRegistry,
  options: PropagateOptions = {},
): QuantityErrors {
  const { method = "linear", sigma = 1, samples = 10_000, seed = 1 } = options;
  if (!(sigma > 0 && Number.isFinite(sigma))) {
    throw new SpecError(`${points.quantity}: sigma is ${sigma}, expected a positive number of standard deviations`);
  }
  if (!(Number.isInteger(samples) && samples >= 100)) {
    throw new SpecError(`${points.quantity}: samples is ${samples}, expected a whole number of at least 100`);
  }
  const { quantity, covariance } = varying(models, source, points, registry);
  const [errn, errp] =
    method === "linear"
      ? linearErrors(quantity, covariance, sigma)
      : sampledErrors(quantity, covariance, sigma, samples, seed);
  const undefinedErrors = quantity.p.some((_, a) => !Number.isFinite(covariance[a * quantity.p.length + a]!));
  const message = undefinedErrors ? "a parameter of the source has no finite error" : "";
  const messages = Array.from(errn!, (e, i) => (Number.isFinite(e + errp![i]!) ? "" : message || "not finite"));
  return {
    quantity: points.quantity,
    unit: quantityUnits[points.quantity],
    value: quantity.value,
    errn: errn!,
    errp: errp!,
    messages,
  };
}

/** The quantity and the covariance [k, k] of the parameters that it depends on, in the declaration's units. */
function varying(models: Models, source: string, points: SpectralPoints, registry: ModelRegistry) {
  const { matrix, names } = covarianceOf(models);
  const n = names.length;
  const quantity = quantityOf(models, source, points, (_, i) => matrix[i * n + i] !== 0, registry);
  const { entries, factors } = quantity;
  const k = entries.length;
  const covariance = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++)
      covariance[a * k + b] = matrix[entries[a]! * n + entries[b]!]! * factors[a]! * factors[b]!;
  }
  return { quantity, covariance };
}

/** sqrt(gT C g) for row i of the gradients. */
function sigmaOf(ds: Float64Array, i: number, covariance: Float64Array, k: number): number {
  let sum = 0;
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) sum += ds[i * k + a]! * covariance[a * k + b]! * ds[i * k + b]!;
  }
  return Math.sqrt(Math.max(sum, 0));
}

function linearErrors({ vector, p }: Quantity, covariance: Float64Array, sigma: number): [Float64Array, Float64Array] {
  vector.update(p, 0, 1);
  const err = vector.s.map((_, i) => sigma * sigmaOf(vector.ds, i, covariance, p.length));
  return [err, err.slice()];
}

function sampledErrors(
  { vector, p, value, norm }: Quantity,
  covarianceOfP: Float64Array,
  sigma: number,
  samples: number,
  seed: number,
): [Float64Array, Float64Array] {
  const k = p.length;
  const m = value.length;
  const covariance = covarianceOfP.slice();
  // a well-measured norm is drawn in its logarithm, in which the likelihood is nearer to a Gaussian
  const log = norm >= 0 && p[norm]! > 0 && Math.sqrt(covariance[norm * k + norm]!) < 0.5 * p[norm]!;
  if (log) {
    for (let a = 0; a < k; a++) {
      covariance[norm * k + a]! /= p[norm]!;
      covariance[a * k + norm]! /= p[norm]!;
    }
  }
  const d = Float64Array.from(p, (_, a) => Math.sqrt(covariance[a * k + a]!));
  // linked parameters make the matrix singular: principal axes of the correlation, not Cholesky
  const { values, vectors } = eigenSymmetric(
    covariance.map((c, e) => c / (d[Math.floor(e / k)]! * d[e % k]!)),
    k,
  );
  const stream = randomStream(seed);
  const draws = Array.from({ length: m }, () => new Float64Array(samples));
  const x = new Float64Array(k);
  for (let s = 0; s < samples; s++) {
    x.set(p);
    if (log) x[norm] = Math.log(p[norm]!);
    for (let e = 0; e < k; e++) {
      const z = stream.normal() * Math.sqrt(Math.max(values[e]!, 0));
      for (let a = 0; a < k; a++) x[a]! += d[a]! * vectors[e * k + a]! * z;
    }
    if (log) x[norm] = Math.exp(x[norm]!);
    vector.update(x, 0, 0);
    for (let i = 0; i < m; i++) draws[i]![s] = vector.s[i]!;
  }
  const quantile = (sorted: Float64Array, q: number) => {
    const at = q * (samples - 1);
    const i = Math.min(Math.floor(at), samples - 2);
    return sorted[i]! + (at - i) * (sorted[i + 1]! - sorted[i]!);
  };
  const tail = normalCdf(-sigma);
  const sorted = draws.map((row) => row.sort());
  return [
    Float64Array.from(sorted, (row, i) => value[i]! - quantile(row, tail)),
    Float64Array.from(sorted, (row, i) => quantile(row, 1 - tail) - value[i]!),
  ];
}

/** Options of `pivotEnergy`. */
export interface PivotOptions {
  /** Where to look, TeV; default 1 MeV to 10 PeV. */
  readonly bounds?: readonly [number, number];
}

/**
 * Decorrelation energy of a source, TeV: where the relative error of dnde is smallest, from exact gradients. For a power law that is
 * reference exp(cov(amplitude, index) / (amplitude var(index))).
 */
export function pivotEnergy(
  models: Models,
  source: string,
  registry: ModelRegistry,
  options: PivotOptions = {},
): number {
  const { bounds = [1e-6, 1e4] } = options;
  const [lo, hi] = bounds.map(Math.log) as [number, number];
  if (!(lo < hi))
    throw new SpecError(
      `pivot energy: bounds are ${bounds.join(" and ")} TeV, expected two energies, the smaller first`,
    );
  const m = 401;
  const width = (hi - lo) / (m - 1);
  /** Relative variance of dnde at ln E, or its derivative by it. */
  const at = (us: ArrayLike<number>) => {
    const energy = Float64Array.from(us, Math.exp);
    const { quantity, covariance } = varying(models, source, { quantity: "dnde", energy }, registry);
    const { vector, p } = quantity;
    vector.update(p, 0, 1);
    return { k: p.length, covariance, g: vector.ds.map((v, i) => v / vector.s[Math.floor(i / p.length)]!) };
  };
  const scan = at(Float64Array.from({ length: m }, (_, i) => lo + i * width));
  if (scan.k === 0)
    throw new SpecError(`pivot energy: no spectral parameter of "${source}" has an error; fit it first`);
  const variance = Float64Array.from({ length: m }, (_, i) => sigmaOf(scan.g, i, scan.covariance, scan.k) ** 2);
  let best = -1;
  for (let i = 0; i < m; i++) if (Number.isFinite(variance[i]!) && !(variance[i]! >= variance[best]!)) best = i;
  const finite = variance.filter(Number.isFinite);
  if (best < 0) throw new SpecError(`pivot energy: the relative error of "${source}" is finite nowhere; fit it first`);
  if (finite.every((v) => Math.abs(v / finite[0]! - 1) < 1e-9)) {
    throw new SpecError(`pivot energy: the relative error of "${source}" is the same at all energies; free its shape`);
  }
  if (best === 0 || best === m - 1) return Math.exp(lo + best * width);
  // d/du of gT C g = 2 gT C g', with g' from central differences: exact for power laws and log parabolas
  const slope = (u: number) => {
    const { g, covariance, k } = at([u - 0.1, u, u + 0.1]);
    let sum = 0;
    for (let a = 0; a < k; a++)
      for (let b = 0; b < k; b++) sum += g[k + a]! * covariance[a * k + b]! * (g[2 * k + b]! - g[b]!);
    return sum;
  };
  const u = lo + best * width;
  return Math.exp(brentRoot(slope, u - width, u + width).x);
}
