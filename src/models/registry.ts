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

/** Whether a registry has no other models and priors than those. */
export const isStandard = (registry: ModelRegistry): boolean =>
  (["spectral", "spatial", "temporal", "priors"] as const).every((list) => {
    const known: readonly unknown[] = standardModels[list];
    return registry[list].every((declaration) => known.includes(declaration));
  });
