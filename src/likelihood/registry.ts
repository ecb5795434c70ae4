import type { Dataset } from "../datasets/types.js";
import { SpecError, unknownName } from "../errors.js";
import type { ModelRegistry } from "../models/declaration.js";
import type { DatasetKind } from "./kind.js";
import type { Statistic } from "./statistics/types.js";

/** All that a likelihood is made from: what comes with GammaTS, and what users add. A value, passed as an argument. */
export interface Registry extends ModelRegistry {
  readonly statistics: readonly Statistic[];
  readonly kinds: readonly DatasetKind[];
}

/** The descriptor of a dataset's kind. */
export function kindOf(dataset: Dataset, registry: Registry): DatasetKind {
  const found = registry.kinds.find((kind) => kind.types.includes(dataset.type));
  if (found !== undefined) return found;
  const known = registry.kinds.flatMap((kind) => kind.types);
  throw unknownName(`dataset "${dataset.name}"`, "kind of dataset", dataset.type, known);
}

/** The statistic of that name for data of a form. */
export function statisticOf<F extends Statistic["data"]>(
  name: string,
  data: F,
  registry: Registry,
  where: string,
): Extract<Statistic, { data: F }> {
  const fitting = registry.statistics.filter((s): s is Extract<Statistic, { data: F }> => s.data === data);
  const found = fitting.find((s) => s.name === name);
  if (found !== undefined) return found;
  const names = fitting.map((s) => s.name);
  const other = registry.statistics.find((s) => s.name === name);
  if (other === undefined) throw unknownName(where, "statistic", name, names);
  throw new SpecError(`${where}: the statistic "${name}" is one of ${other.data} data; these take ${names.join(", ")}`);
}
