import type { Dataset, DatasetInfo } from "../datasets/types.js";
import type { KindContext } from "./kind.js";
import { kindOf } from "./registry.js";

/** What is in the datasets, one row each. */
export function infoTable(datasets: readonly Dataset[], context: KindContext): DatasetInfo[] {
  return datasets.map((dataset) => kindOf(dataset, context.registry).info(dataset, context));
}
