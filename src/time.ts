/** Good time intervals, and how observations are grouped in time. */
export type { Gti } from "./datasets/types.js";
export { ontime, stackGti } from "./time/gti.js";
export { datasetIntervals, durationIntervals, intervalsInMjd, mjdIntervals } from "./time/intervals.js";
export { nightIntervals } from "./time/nights.js";
export type { Timed } from "./time/types.js";
