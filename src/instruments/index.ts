export { CRAB_TWIN_SEED, type CrabTwin, simulateCrabTwin } from "./crab.js";
export { type LogNormal, logNormalKernel } from "./dispersion.js";
export { fermiDataset } from "./fermi.js";
export { hawcCrabPoints } from "./hawc.js";
export { type HessRun, type HessTwin, hessDataset, hessRuns } from "./hess.js";
export { REGION_SEED, type SimulatedRegion, simulateRegion } from "./region.js";
export { type WriteExampleOptions, writeCrabTwin } from "./write-crab.js";
export { writeRegion } from "./write-region.js";
