import { NO, SURE } from "./sniff.js";
import type { FileFormat } from "./types.js";

const GAMMAPY = ["general", "observations", "datasets", "fit", "flux_points"];
const FERMIPY = ["data", "binning", "selection", "gtlike", "fileio"];

/** What Gammapy's Analysis and fermipy's GTAnalysis are told: it has keys of ours (datasets, components) for other things. */
export const analysisConfigFormat: FileFormat = {
  name: "analysis-config",
  about: "configuration of an analysis (Gammapy's Analysis, fermipy)",
  holds: [],
  sniff({ keys }) {
    const count = (names: readonly string[]) => names.filter((name) => keys.has(name)).length;
    return count(GAMMAPY) >= 2 || count(FERMIPY) >= 2 ? SURE : NO;
  },
  remedy: "give the datasets.yaml and models.yaml that the analysis wrote",
};
