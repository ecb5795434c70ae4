import { cash } from "./cash.js";
import { chi2, distrib, profile } from "./points.js";
import type { Statistic } from "./types.js";
import { wstat } from "./wstat.js";

/** The statistics that come with GammaTS. */
export const standardStatistics: readonly Statistic[] = [cash, wstat, chi2, distrib, profile];
