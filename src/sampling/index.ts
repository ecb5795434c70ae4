export { autocorrelationTime, essBulk, essMean, essTail, rHat } from "./diagnostics.js";
export { type EnsembleOptions, ensemble } from "./ensemble.js";
export { equalWeights, type NestedOptions, type NestedResult, type NestedTarget, nested } from "./nested.js";
export { type NutsOptions, nuts } from "./nuts.js";
export {
  gaussianTransform,
  independentPriors,
  logUniformTransform,
  type PriorTransform,
  uniformTransform,
} from "./priors.js";
export { type RunOptions, run, runAsync } from "./run.js";
export { drawsOf, type ParameterSummary, QUANTILE_LEVELS, type Summary, summarize } from "./summary.js";
export type { Chains, Guess, Progress, Sampling, Target } from "./types.js";
