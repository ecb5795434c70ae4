import type { TemporalDeclaration } from "../declaration.js";
import { constantTemporal } from "./constant.js";
import { expDecayTemporal } from "./exp-decay.js";
import { gaussianTemporal } from "./gaussian.js";
import { generalizedGaussianTemporal } from "./generalized-gaussian.js";
import { lightCurveTemporal } from "./light-curve.js";
import { linearTemporal } from "./linear.js";
import { phaseCurveTemporal } from "./phase-curve.js";
import { powerLawTemporal } from "./power-law.js";
import { sineTemporal } from "./sine.js";

export const standardTemporal: readonly TemporalDeclaration[] = [
  constantTemporal,
  linearTemporal,
  expDecayTemporal,
  gaussianTemporal,
  generalizedGaussianTemporal,
  powerLawTemporal,
  sineTemporal,
  lightCurveTemporal,
  phaseCurveTemporal,
];
