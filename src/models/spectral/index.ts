import type { SpectralDeclaration } from "../declaration.js";
import { phabs, tbabs } from "./absorption/index.js";
import { brokenPowerLaw } from "./broken-power-law.js";
import { compoundSpectrum } from "./compound.js";
import { constantSpectrum } from "./constant.js";
import { meyerCrab } from "./crab.js";
import { expCutoffPowerLaw, expCutoffPowerLawNorm } from "./exp-cutoff-power-law.js";
import { expCutoffPowerLaw3fgl } from "./exp-cutoff-power-law-3fgl.js";
import { gaussianSpectrum } from "./gaussian.js";
import { logGaussianSpectrum } from "./log-gaussian.js";
import { logParabola, logParabolaNorm } from "./log-parabola.js";
import { logParabola2 } from "./log-parabola-2.js";
import { piecewiseNorm } from "./piecewise-norm.js";
import { powerLaw, powerLawNorm } from "./power-law.js";
import { powerLaw2 } from "./power-law-2.js";
import { bremsstrahlung, inverseCompton, naima, pionDecay, synchrotron } from "./radiation/index.js";
import { scaleSpectrum } from "./scale.js";
import { smoothBrokenPowerLaw } from "./smooth-broken-power-law.js";
import {
  superExpCutoffPowerLaw3fgl,
  superExpCutoffPowerLaw4fgl,
  superExpCutoffPowerLaw4fglDr3,
} from "./super-exp-cutoff-power-law.js";
import { eblAbsorption, templateSpectrum } from "./table.js";
import { atable, etable, mtable } from "./table-model/index.js";
import { templateNd } from "./template-nd.js";

export const standardSpectral: readonly SpectralDeclaration[] = [
  powerLaw,
  powerLaw2,
  powerLawNorm,
  brokenPowerLaw,
  smoothBrokenPowerLaw,
  expCutoffPowerLaw,
  expCutoffPowerLawNorm,
  expCutoffPowerLaw3fgl,
  superExpCutoffPowerLaw3fgl,
  superExpCutoffPowerLaw4fgl,
  superExpCutoffPowerLaw4fglDr3,
  logParabola,
  logParabola2,
  logParabolaNorm,
  constantSpectrum,
  gaussianSpectrum,
  logGaussianSpectrum,
  meyerCrab,
  piecewiseNorm,
  templateSpectrum,
  templateNd,
  eblAbsorption,
  phabs,
  tbabs,
  atable,
  mtable,
  etable,
  inverseCompton,
  synchrotron,
  pionDecay,
  bremsstrahlung,
  naima,
  scaleSpectrum,
  compoundSpectrum,
];
