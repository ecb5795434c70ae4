import { minuit } from "./minuit.js";
import { newton } from "./newton.js";
import { simplex } from "./simplex.js";
import type { Minimizer } from "./types.js";

/** All minimisers, the default first. */
export const minimizers: readonly Minimizer[] = [newton, minuit, simplex];
