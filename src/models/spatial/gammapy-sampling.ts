import type { SpatialDeclaration } from "../declaration.js";
import { standardSpatial } from "./index.js";

/**
 * Additions to a registry with which extended sources are sampled as in Gammapy: in boxes that may cut their rims, and all in one pixel where they are narrow. For comparisons
 * (`extendRegistry(standardRegistry, gammapySampling)`); fits may stop at the steps that the statistic then has.
 */
export const gammapySampling: { readonly spatial: readonly SpatialDeclaration[] } = {
  spatial: standardSpatial
    .filter(({ covariance }) => covariance !== undefined)
    .map((declaration) => ({ ...declaration, sampling: "gammapy" })),
};
