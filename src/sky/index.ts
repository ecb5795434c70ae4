export * from "./axis.js";
export * from "./axis-groups.js";
export * from "./frames.js";
export * from "./geom.js";
export { determinant, isAlongAxes, rotatedSteps } from "./linear.js";
export {
  fillByCoord,
  getByCoord,
  type InterpolationOptions,
  interpByCoord,
  type MapCoords,
} from "./map.js";
export * from "./map-operations.js";
export * from "./map-resample.js";
export * from "./map-stack.js";
export * from "./masks.js";
export { defaultPoles, nativePole } from "./native-pole.js";
export * from "./pixels.js";
export { findProjection, parametersOf } from "./projections/index.js";
export * from "./region-geom.js";
export { type SumInRegionOptions, sumInRegion } from "./region-map.js";
export * from "./region-text.js";
export * from "./regions.js";
export * from "./reproject.js";
export { type SmoothOptions, smoothMap } from "./smooth.js";
export * from "./types.js";
export { makeProjector, type Projector, pixToSky, sameWcs, skyToPix } from "./wcs.js";
export { makeDerivatives, skyToPixDerivatives } from "./wcs-derivatives.js";
