export { type CountsSpec, countsPlot, poissonInterval } from "./counts.js";
export { type MapPanel, type MapSpec, mapPlot } from "./map.js";
export { type EnergyUnit, type SedCurve, type SedPoints, type SedSpec, sedPlot } from "./sed.js";
export type { SkyFormat, SkyImage } from "./skygrid.js";
export type { SkyMarker, SkyOutline } from "./skyoverlay.js";
