import { SpecError } from "../errors.js";
import { priorVector } from "../likelihood/priors.js";
import type { StopSignal } from "../math/types.js";
import { createLevels, minimizeOthers } from "../minimize/level.js";
import type { ModelRegistry } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import { allParameters } from "../models/parameters.js";
import type { Parameter } from "../models/types.js";
import type { Joint } from "./joint.js";
import type { FitResult } from "./result.js";
import { stopInWords } from "./words.js";

/** How far a nuisance parameter went from its prior, in units of the prior's width. */
export interface Pull {
  readonly id: string;
  /** (value - mean) / sigma */
  readonly value: number;
  /** Fitted error / sigma: 1 where the data say nothing of it. */
  readonly error: number;
}

/** Mean and sigma of a prior that has them, and the parameter in the coordinate in which it does: ln x for a log-normal one. */
function widthOf(parameter: Parameter, id: string, registry: ModelRegistry) {
  const { prior } = parameter;
  if (prior === undefined) return undefined;
  const declaration = declarationOf(prior.type, "priors", registry, id);
  const { normal } = declaration;
  if (normal === undefined) return undefined;
  const names = Object.keys(declaration.parameters);
  const p = priorVector(parameter, declaration, id);
  const log = normal.of === "ln x";
  const x = log ? Math.log(parameter.value) : parameter.value;
  const error = log ? parameter.error / parameter.value : parameter.error;
  // a weight w makes of sigma sigma / sqrt(w)
  return {
    x,
    error,
    mu: log ? Math.log(p[names.indexOf(normal.mean)]!) : p[names.indexOf(normal.mean)]!,
    sigma: p[names.indexOf(normal.sigma)]! / Math.sqrt(prior.weight),
  };
}

/** The pulls of all free parameters whose prior has a mean and a width, linked ones once. */
export function pulls(result: FitResult, registry: ModelRegistry): Pull[] {
  const free = new Set(result.free.ids);
  return allParameters(result.models).flatMap(({ id, parameter }) => {
    const width = free.has(id) ? widthOf(parameter, id, registry) : undefined;
    if (width === undefined) return [];
    return [{ id, value: (width.x - width.mu) / width.sigma, error: width.error / width.sigma }];
  });
}

/** What one nuisance parameter does to one parameter of interest. */
export interface Impact {
  readonly nuisance: string;
  readonly parameter: string;
  /** Shift of the parameter, in its unit, when the nuisance is moved down and up by its fitted error and all else is fitted anew. */
  readonly down: number;
  readonly up: number;
  /** The shift upwards to first order, from the covariance. */
  readonly linear: number;
  /** Empty where both fits converged. */
  readonly message: string;
}

/** Options of `impacts`. */
export interface ImpactOptions {
  /** Ids of nuisance parameters; default: the free ones with a pull and those of calibrations. */
  readonly nuisances?: readonly string[];
  /** Ids of the parameters of interest; default: all other free ones. */
  readonly parameters?: readonly string[];
  readonly signal?: StopSignal;
}

/** In errors of a parameter: what is smaller comes from the rounding of the fits. */
const NO_SHIFT = 1e-6;

/**
 * The impact of each nuisance parameter on every parameter of interest, the largest (in units of the parameter's error) first.
 * @throws SpecError where a parameter that is named is unknown or not free.
 */
export function impacts(joint: Joint, result: FitResult, options: ImpactOptions = {}): Impact[] {
  const { ids, values, errors, covariance } = result.free;
  const n = ids.length;
  const slotOf = (id: string) => {
    const slot = ids.indexOf(id);
    if (slot < 0) throw new SpecError(`impacts: "${id}" is not free in this fit; free are ${ids.join(", ")}`);
    return slot;
  };
  const nuisances = (options.nuisances ?? standardNuisances(joint, result)).map(slotOf);
  const interest = (options.parameters ?? ids.filter((_, i) => !nuisances.includes(i))).map(slotOf);
  const levels = createLevels(joint.objective, values, {
    lower: joint.lower,
    upper: joint.upper,
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  const out = nuisances.flatMap((k) => {
    const error = errors[k]!;
    const moved = (sign: number) => {
      const start = values.slice();
      for (let i = 0; i < n; i++) start[i]! += (sign * covariance[i * n + k]!) / error;
      const at = Math.min(Math.max(values[k]! + sign * error, joint.lower[k]!), joint.upper[k]!);
      start[k] = at;
      return minimizeOthers(levels, start, k, -1);
    };
    const [down, up] = [moved(-1), moved(1)];
    const failure = down.failure ?? up.failure;
    const message = failure === undefined ? "" : stopInWords(failure, joint);
    return interest
      .filter((i) => i !== k)
      .map((i) => {
        const shift = (x: number) => (Math.abs(x) < NO_SHIFT * errors[i]! ? 0 : x);
        return {
          nuisance: ids[k]!,
          parameter: ids[i]!,
          down: shift(down.x[i]! - values[i]!),
          up: shift(up.x[i]! - values[i]!),
          linear: shift(covariance[i * n + k]! / error),
          message,
        };
      });
  });
  const size = ({ parameter, down, up }: Impact) =>
    Math.max(Math.abs(down), Math.abs(up)) / errors[ids.indexOf(parameter)]!;
  return out.sort((a, b) => size(b) - size(a));
}

function standardNuisances({ entries, registry }: Joint, result: FitResult): string[] {
  const pulled = new Set(pulls(result, registry).map((p) => p.id));
  const calibration = new Set(entries.filter((e) => e.kind === "calibration").map((e) => e.id));
  return result.free.ids.filter((id) => pulled.has(id) || calibration.has(id));
}
