import { readDatasets } from "../api/io.js";
import type { Dataset } from "../datasets/types.js";
import type { Analysis } from "../io/yaml/analysis.js";
import type { Models } from "../models/types.js";
import type { Context } from "./context.js";
import { changeDatasets, changeModels, type Settings } from "./settings.js";

/** Datasets and models with what the command line changes. */
export async function readAnalysis(
  context: Context,
  datasetsPath: string,
  modelsPath: string,
  settings: Settings,
): Promise<{ datasets: readonly Dataset[]; models: Models; text: Analysis["text"] }> {
  const analysis = await readDatasets(datasetsPath, context.files, { modelsPath, ...context.using });
  for (const warning of analysis.warnings) context.note(`gammats: ${warning}`);
  return {
    datasets: changeDatasets(analysis.datasets, settings, context),
    models: changeModels(analysis.models!, settings),
    text: analysis.text,
  };
}
