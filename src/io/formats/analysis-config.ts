import { NO, SURE } from "./sniff.js";
import type { FileFormat } from "./types.js";

const GAMMAPY = ["general", "observations", "datasets", "fit", "flux_points"];

/** What Gammapy's Analysis is told: it has keys of ours (datasets) for other things. */
export const analysisConfigFormat: FileFormat = {
  name: "analysis-config",
  about: "configuration of an analysis (Gammapy's Analysis)",
  holds: [],
  sniff: ({ keys }) => (GAMMAPY.filter((name) => keys.has(name)).length >= 2 ? SURE : NO),
  remedy:
    "reduce event files as it says: gammats analyse FOLDER --config config.yaml; or give the datasets.yaml and models.yaml that the analysis wrote",
};
