import type { SpatialDeclaration } from "../declaration.js";
import { constantSpatial } from "./constant.js";
import { diskSpatial } from "./disk.js";
import { gaussianSpatial } from "./gaussian.js";
import { pointSource } from "./point.js";

export const standardSpatial: readonly SpatialDeclaration[] = [
  pointSource,
  gaussianSpatial,
  diskSpatial,
  constantSpatial,
];
