export { estimateFluxPoints, type FluxPointsOptions } from "./flux-points.js";
