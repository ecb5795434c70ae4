/** Maps, axes, pixels and regions on the sky. */
export { withRegions } from "./datasets/region-mask.js";
export { type ToSpectrumOptions, toSpectrum } from "./datasets/to-spectrum.js";
export * from "./sky/axis.js";
export * from "./sky/axis-groups.js";
export { healpixOver, imageOver } from "./sky/change-pixels.js";
export { convertFrame, offsetBy, positionAngle, separation, toFrame } from "./sky/frames.js";
export * from "./sky/geom.js";
export { fillByCoord, getByCoord, type InterpolationOptions, interpByCoord, type MapCoords } from "./sky/map.js";
export * from "./sky/map-operations.js";
export { downsampleMap, type UpsampleOptions, upsampleMap } from "./sky/map-resample.js";
export { stackMaps } from "./sky/map-stack.js";
export * from "./sky/masks.js";
export {
  contains,
  describePixels,
  geomFrame,
  imageShape,
  nPix,
  pixelCenters,
  pixelsOf,
  samePixels,
  shape,
  size,
  solidAngle,
} from "./sky/pixels.js";
export { parsePlace } from "./sky/place.js";
export * from "./sky/region-geom.js";
export { type SumInRegionOptions, sumInRegion } from "./sky/region-map.js";
export * from "./sky/region-text.js";
export { makeRegionTest, meanPosition, regionCenter, regionContains, regionToPixels } from "./sky/regions.js";
export {
  type InterpolateOptions,
  interpolateMap,
  interpolateMask,
  type ReprojectOptions,
  reprojectMap,
} from "./sky/reproject.js";
export { type SmoothOptions, smoothMap } from "./sky/smooth.js";
export type * from "./sky/types.js";
export { makeProjector, type Projector, pixToSky, skyToPix } from "./sky/wcs.js";
