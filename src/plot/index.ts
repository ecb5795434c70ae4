export { type ContourLine, type ContourSpec, contourPlot, type StatSurface } from "./contour.js";
export { type CornerSpec, cornerPlot } from "./corner.js";
export { type CountsSpec, countsPlot } from "./counts.js";
export type { FigureOptions } from "./figure.js";
export { type HistogramSpec, histogramPlot } from "./histogram.js";
export { type ImpactSpec, impactPlot } from "./impact.js";
export { type LightCurvePoints, type LightCurveSpec, lightCurvePlot } from "./light-curve.js";
export { type LightCurvePictureOptions, lightCurveSpecOf } from "./light-curve-spec.js";
export { type LineSpec, linePlot, type Series } from "./line.js";
export { type MapPanel, type MapSpec, mapPlot } from "./map.js";
export { type PullSpec, pullPlot } from "./pull.js";
export {
  countsSpecOf,
  mapSpecOf,
  type SedCurveOptions,
  sedCurveOf,
  sedPointsOf,
  skyImageOf,
  tsMapSpecOf,
} from "./results.js";
export { type ScanCurve, type ScanSpec, scanPlot } from "./scan.js";
export { type EnergyUnit, type SedCurve, type SedPoints, type SedSpec, sedPlot } from "./sed.js";
export type { SkyFormat, SkyImage } from "./skygrid.js";
export type { SkyMarker, SkyOutline } from "./skyoverlay.js";
export { type TraceSpec, tracePlot } from "./trace.js";
