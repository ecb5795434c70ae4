export { createNewton, type Newton, newton } from "./newton.js";
export type { MinimizeOptions, MinimizeResult, Minimizer, Objective, StopReason } from "./types.js";
