import type { PriorDeclaration } from "../declaration.js";
import { gaussianPrior } from "./gaussian.js";
import { generalizedGaussianPrior } from "./generalized-gaussian.js";
import { logNormalPrior } from "./log-normal.js";
import { logUniformPrior } from "./log-uniform.js";
import { uniformPrior } from "./uniform.js";

export const standardPriors: readonly PriorDeclaration[] = [
  gaussianPrior,
  generalizedGaussianPrior,
  uniformPrior,
  logUniformPrior,
  logNormalPrior,
];
