import type { SpatialDeclaration } from "../declaration.js";
import { constantFluxSpatial, constantSpatial } from "./constant.js";
import { diskSpatial } from "./disk.js";
import { gaussianSpatial } from "./gaussian.js";
import { generalizedGaussianSpatial } from "./generalized-gaussian.js";
import { pointSource } from "./point.js";
import { shell2Spatial, shellSpatial } from "./shell.js";
import { templateSpatial } from "./template.js";
import { templateNdSpatial } from "./template-nd.js";

export const standardSpatial: readonly SpatialDeclaration[] = [
  pointSource,
  gaussianSpatial,
  generalizedGaussianSpatial,
  diskSpatial,
  shellSpatial,
  shell2Spatial,
  constantSpatial,
  constantFluxSpatial,
  templateSpatial,
  templateNdSpatial,
];
