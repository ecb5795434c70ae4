import type { Dataset } from "../datasets/types.js";
import { unknownName } from "../errors.js";
import type { SkyMap } from "../sky/types.js";
import type { KindContext, Predicted } from "./kind.js";
import { kindOf } from "./registry.js";

/**
 * Predicted counts `[energy, lat, lon]` of all bins, inside the masks and outside: of all, negative totals count as 0; of the sources, the background
 * or one model they are of either sign. For ON/OFF data the background is the one that the statistic profiles. Flux points: dnde at e_ref.
 */
export function npred(dataset: Dataset, context: KindContext, predicted: Predicted = "all"): SkyMap {
  if (typeof predicted === "object") requireModel(predicted.model, context);
  return kindOf(dataset, context.registry).npred(dataset, predicted, context);
}

function requireModel(name: string, { models }: KindContext): void {
  const names = models.components.map((m) => m.name);
  if (names.includes(name)) return;
  throw unknownName("npred", "model", name, names);
}
