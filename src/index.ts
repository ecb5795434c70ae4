/** GammaTS: the library without pictures (`gammats/plot`) and without Node (`gammats/node`). */
export * from "./datasets/index.js";
export * from "./errors.js";
export * from "./estimators/index.js";
export * from "./execute/index.js";
export * from "./fit/index.js";
export * from "./io/index.js";
export * from "./kinds/index.js";
export { type Minimizer, minimizers, type StopReason } from "./minimize/index.js";
export * from "./models/index.js";
export {
  axisCenters,
  axisEdges,
  axisFromBounds,
  axisFromEdges,
  axisFromEnergyBounds,
  type Frame,
  type Geom,
  type MapAxis,
  type MaskMap,
  type Region,
  type RegionGeom,
  type SkyMap,
  type SkyPosition,
  type Wcs,
  type WcsGeom,
  wcsGeom,
} from "./sky/index.js";
export * from "./time/index.js";
export { conversionFactor, formatUnit, parseQuantity, type Quantity, toUnit } from "./units/index.js";
