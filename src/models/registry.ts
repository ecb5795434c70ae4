import type { ModelRegistry } from "./declaration.js";
import { standardPriors } from "./priors/index.js";
import { standardSpatial } from "./spatial/index.js";
import { standardSpectral } from "./spectral/index.js";
import { standardTemporal } from "./temporal/index.js";

/** All declarations that come with GammaTS. Add your own with `{ ...standardModels, spectral: [...standardModels.spectral, mine] }`. */
export const standardModels: ModelRegistry = {
  spectral: standardSpectral,
  spatial: standardSpatial,
  temporal: standardTemporal,
  priors: standardPriors,
};
