export * from "./axis.js";
export * from "./axis-groups.js";
export * from "./frames.js";
export * from "./geom.js";
export * from "./solid-angle.js";
export * from "./types.js";
export { defaultPoles, makeProjector, type Projector, pixToSky, skyToPix } from "./wcs.js";
