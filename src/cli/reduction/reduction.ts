/** The runs of a folder as datasets, as `gammats reduce` and `gammats analyse` make them. */

import { stackReduce } from "../../datasets/stack.js";
import type { Observation } from "../../events/types.js";
import type { Context } from "../context.js";
import { runsNear } from "../run-selection.js";
import type { ReduceOptions } from "./options.js";
import { type Plan, planOf, withDefaults } from "./plan.js";
import { type Reduced, reduceRuns } from "./runs.js";
import { withConfig } from "./settings.js";
import { createRunRows } from "./table.js";

export interface ReductionOptions extends ReduceOptions {
  /** A reduce.yaml. */
  readonly config?: string;
  readonly skipBroken?: boolean;
}

/** The runs of a folder reduced as the options say; what is stacked is added up run by run, so that memory does not grow with their number. `used`: all settings, of which the same datasets are made again. */
export async function reduction(
  context: Context,
  folder: string,
  options: ReductionOptions,
  command: string,
  keepRuns = false,
) {
  const given = await withConfig(context, options.config, options);
  const { target, entries } = await runsNear(context, folder, given, command);
  let used: ReduceOptions = given;
  const planFor = async (first: Observation) => {
    used = withDefaults(given, target, first);
    return planOf(used, target, context);
  };
  const { skipBroken = false } = options;
  const { rows, add } = createRunRows();
  const runs: Reduced[] = [];
  let sum: Reduced | undefined;
  const name = given.name ?? "stacked";
  const take = (dataset: Reduced, plan: Plan) => {
    add(dataset, plan);
    if (keepRuns || !plan.stack) runs.push(dataset);
    if (plan.stack) sum = stacked(sum === undefined ? [dataset] : [sum, dataset], name);
  };
  const { skipped, plan } = await reduceRuns(context, entries, planFor, take, { skipBroken });
  const ids = entries.map(({ id }) => id).filter((id) => !skipped.some((run) => run.id === id));
  const { cone: _, time: __, where: ___, maxOffset: ____, ...kept } = used;
  return {
    target,
    /** One for each run; of what is stacked, only where they are kept. */
    runs,
    /** Those, or the one that they are stacked to. */
    datasets: sum === undefined ? runs : [sum],
    rows,
    skipped,
    plan,
    used: { ...kept, ids: ids.join(",") } as ReduceOptions,
  };
}

const stacked = (datasets: readonly Reduced[], name: string): Reduced => stackReduce(datasets, { name });
