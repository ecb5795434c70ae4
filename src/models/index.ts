export type * from "./declaration.js";
export * from "./priors/index.js";
export { standardModels } from "./registry.js";
export * from "./spatial/index.js";
export * from "./spectral/index.js";
export * from "./temporal/index.js";
export type * from "./types.js";
