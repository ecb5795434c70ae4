export { ontime, stackGti } from "./gti.js";
export { datasetIntervals, durationIntervals, intervalsInMjd, mjdIntervals } from "./intervals.js";
export { nightIntervals } from "./nights.js";
