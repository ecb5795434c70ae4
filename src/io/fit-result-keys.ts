/** The keys of `fit-result.yaml`: what its reader expects, and what its schema says. */

type Kind = "text" | "flag" | "number" | "whole";

/** What a key holds, and what that is. */
export type FitResultKeys = Readonly<Record<string, readonly [kind: Kind, about: string]>>;

export const TOP: FitResultKeys = {
  success: ["flag", "every free parameter has an error of finite size that the likelihood confirms"],
  message: ["text", "how the fit ended, for people"],
  reason: ["text", "the same as one word"],
  backend: ["text", "minimiser"],
  method: ["text", "of the minimiser"],
  nfev: ["whole", "evaluations of the statistic"],
  edm: ["number", "estimated distance of the statistic to its minimum"],
  total_stat: ["number", "-2 ln L of all datasets, with priors and penalties"],
};

export const DATASET: FitResultKeys = {
  name: ["text", "as datasets.yaml has it"],
  type: ["text", "as datasets.yaml has it"],
  stat: ["number", "-2 ln L of this dataset"],
  n_fit_bins: ["whole", "bins in the fit"],
  counts: ["number", "in the bins of the fit; null: there are none"],
  npred: ["number", "predicted in the bins of the fit"],
  counts_all: ["number", "in all bins"],
  npred_all: ["number", "predicted in all bins"],
};

export const PARAMETER: FitResultKeys = {
  model: ["text", "name of the model"],
  name: ["text", "of the parameter"],
  value: ["number", "in its unit"],
  error: ["number", "one standard deviation, from the curvature of the likelihood"],
  unit: ["text", "as FITS spells it"],
  min: ["number", "lower limit; null: none"],
  max: ["number", "upper limit; null: none"],
  frozen: ["flag", "held"],
  error_status: ["text", "ok, or why there is no error"],
};

/** Those that may be absent. */
export const PARAMETER_MAYBE: FitResultKeys = {
  link: ["text", "parameters with the same word are one"],
  errn: ["number", "MINOS error downwards, positive"],
  errp: ["number", "MINOS error upwards"],
};
