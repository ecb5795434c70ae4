import type { Registry } from "../likelihood/kind.js";
import { standardStatistics } from "../likelihood/statistics/index.js";
import { standardModels } from "../models/registry.js";
import { fluxPointsKind } from "./flux-points.js";
import { mapKind } from "./map.js";
import { onOffKind } from "./on-off.js";
import { xyPointsKind } from "./xy-points.js";

/** What likelihoods are made from, of all that comes with GammaTS: models, priors, statistics, kinds of datasets. */
export const likelihoodRegistry: Registry = {
  ...standardModels,
  statistics: standardStatistics,
  kinds: [mapKind, onOffKind, fluxPointsKind, xyPointsKind],
};
