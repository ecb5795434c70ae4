import type { Dataset } from "../datasets/types.js";
import { SpecError, unknownName } from "../errors.js";
import type { DatasetKind, Registry } from "./kind.js";
import type { Statistic } from "./statistics/types.js";

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
