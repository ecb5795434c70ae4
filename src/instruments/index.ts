export { CRAB_TWIN_SEED, type CrabTwin, simulateCrabTwin } from "./crab.js";
export { type LogNormal, logNormalKernel } from "./dispersion.js";
export { fermiDataset } from "./fermi.js";
export { hawcCrabPoints } from "./hawc.js";
export { type HessRun, type HessTwin, hessDataset, hessRuns } from "./hess.js";
export { type WriteCrabTwinOptions, writeCrabTwin } from "./write-crab.js";
