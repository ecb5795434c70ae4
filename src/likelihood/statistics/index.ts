import { cash } from "./cash.js";
import { chi2DataVariance, chi2Gehrels, chi2ModelVariance, chi2OnOff, cstat, cstatOnOff, pgstat } from "./on-off.js";
import { chi2, distrib, profile } from "./points.js";
import type { Statistic } from "./types.js";
import { wstat } from "./wstat.js";

/** The statistics that come with GammaTS; those of different data may have one name. */
export const standardStatistics: readonly Statistic[] = [
  cash,
  cstat,
  wstat,
  pgstat,
  cstatOnOff,
  chi2OnOff,
  chi2DataVariance,
  chi2Gehrels,
  chi2ModelVariance,
  chi2,
  distrib,
  profile,
];
