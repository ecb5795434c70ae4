import type { Dataset } from "../datasets/types.js";
import type { ErrorReason } from "../minimize/covariance.js";
import type { StopReason } from "../minimize/types.js";
import type { Covariance, Models } from "../models/types.js";

/** A parameter after a fit: value, error and limits in its unit. */
export interface FittedParameter {
  /** `<model>.<parameter>` */
  readonly id: string;
  readonly model: string;
  readonly name: string;
  readonly value: number;
  readonly error: number;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly frozen: boolean;
  readonly link?: string;
  readonly expression?: string;
  /** "not confirmed": the likelihood one error away is not what the error says. "not measured": an angle of which every value is within one error, so that it has none (Infinity). Otherwise why the error is not a plain two-sided one; "ok" where it is, "expression" where it follows from the errors of others. */
  readonly errorStatus: ErrorReason | "not confirmed" | "not measured" | "frozen" | "expression";
  readonly globalCorrelation: number;
}

/** The part of one dataset in a fit: -2 ln L without priors, bins in the fit, and names of its models. */
export interface DatasetStat {
  readonly name: string;
  readonly type: Dataset["type"];
  readonly stat: number;
  readonly nFitBins: number;
  readonly models: readonly string[];
}

/** The free parameters alone: values, errors [n], covariance and correlation [n, n] in the units of the parameters. */
export interface FreeBlock {
  readonly ids: readonly string[];
  readonly values: Float64Array;
  readonly errors: Float64Array;
  readonly covariance: Float64Array;
  readonly correlation: Float64Array;
  /** Condition number of the Hessian scaled to unit diagonal. */
  readonly condition: number;
}

/** Why a fit ended. "errors not confirmed": at a minimum, where some parameter has no error that can be published. */
export type FitReason = StopReason | "errors not confirmed" | "negative counts";

/** What a fit found, with or without success: parameters with errors, covariance, the fitted models, and how the minimum was reached. */
export interface FitResult {
  /** At a minimum, where all free parameters have errors of finite size that the likelihood confirms, but for angles that are not measured. */
  readonly success: boolean;
  readonly reason: FitReason;
  readonly message: string;
  /** What was taken for something else, and bins that are predicted negative: one line each, with the dataset. */
  readonly warnings: readonly string[];
  readonly backend: string;
  readonly method: string;
  readonly nfev: number;
  readonly ngrad: number;
  readonly nhess: number;
  readonly iterations: number;
  readonly edm: number;
  /** -2 ln L with priors. */
  readonly totalStat: number;
  /** All parameters in model order. */
  readonly parameters: readonly FittedParameter[];
  readonly datasets: readonly DatasetStat[];
  /** The models with fitted values, errors and covariance. */
  readonly models: Models;
  readonly covariance: Covariance;
  readonly free: FreeBlock;
}
