/** Results as pictures: SVG text. */
export { type NotebookOutput, notebook } from "./api/notebook.js";
export * from "./api/plot.js";
export type { Stretch } from "./plot/colormap.js";
export { type ContourLine, type ContourSpec, contourPlot, levelLabel } from "./plot/contour.js";
export { type CornerSpec, cornerPlot } from "./plot/corner.js";
export { type CountsSpec, countsPlot } from "./plot/counts.js";
export type { FigureOptions } from "./plot/figure.js";
export { type HistogramSpec, histogramPlot } from "./plot/histogram.js";
export { type ImpactSpec, impactPlot } from "./plot/impact.js";
export type { LegendPlace } from "./plot/legend.js";
export { type LightCurvePoints, type LightCurveSpec, lightCurvePlot } from "./plot/light-curve.js";
export { type LightCurvePictureOptions, lightCurveSpecOf } from "./plot/light-curve-spec.js";
export { type LineSpec, linePlot, type Series } from "./plot/line.js";
export { type MapPanel, type MapSpec, mapPlot } from "./plot/map.js";
export { type BandKind, checkStyle, type PictureStyle } from "./plot/picture-style.js";
export { type PullSpec, pullPlot } from "./plot/pull.js";
export { regionOutlines } from "./plot/region-outlines.js";
export {
  countsSpecOf,
  fluxPointsLabel,
  type MapPictureOptions,
  mapSpecOf,
  type SedCurveOptions,
  sedPointsOf,
  skyImageOf,
  tsMapSpecOf,
} from "./plot/results.js";
export { type ScanCurve, type ScanSpec, scanPlot } from "./plot/scan.js";
export { type SedCurve, type SedPoints, type SedSpec, sedPlot } from "./plot/sed.js";
export type { SkyFormat, SkyImage } from "./plot/skygrid.js";
export type { SkyMarker, SkyOutline } from "./plot/skyoverlay.js";
export type { EnergyUnit, Marker } from "./plot/style.js";
export { type TraceSpec, tracePlot } from "./plot/trace.js";
