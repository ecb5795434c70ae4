/** Maps, axes and regions on the sky. */
export * from "./sky/axis.js";
export * from "./sky/axis-groups.js";
export * from "./sky/frames.js";
export * from "./sky/geom.js";
export * from "./sky/map.js";
export * from "./sky/map-operations.js";
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
export * from "./sky/region-geom.js";
export * from "./sky/region-text.js";
export { makeRegionTest, regionCenter, regionContains, regionToPixels } from "./sky/regions.js";
export type * from "./sky/types.js";
export { pixToSky, skyToPix } from "./sky/wcs.js";
