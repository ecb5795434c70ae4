/** The runs of a folder as datasets, as `gammats reduce` and `gammats analyse` make them. */
import { stackReduce } from "../../datasets/stack.js";
import { SpecError } from "../../errors.js";
import type { Observation } from "../../events/types.js";
import { spectrumDefaults } from "../../reduce/spectrum-defaults.js";
import { parsePlace } from "../../sky/place.js";
import type { Context } from "../context.js";
import { angleOf, chosenRuns, selectionOf } from "../run-selection.js";
import { planOf, withDefaults } from "./plan.js";
import { type Reduced, reduceRuns } from "./runs.js";
import { type ReduceOptions, withConfig } from "./settings.js";
import { runRows } from "./table.js";

export interface ReductionOptions extends ReduceOptions {
  /** A reduce.yaml. */
  readonly config?: string;
  readonly skipBroken?: boolean;
}

/** The runs of a folder reduced as the options say. `used`: all settings, of which the same datasets are made again. */
export async function reduction(context: Context, folder: string, options: ReductionOptions, command: string) {
  const given = await withConfig(context, options.config, options);
  if (given.target === undefined) {
    throw new SpecError(`${command}: say the target with --target "83.63 22.01", or "184.55 -5.78 galactic"`);
  }
  const target = parsePlace(given.target, `--target "${given.target}"`);
  const hasSelection = [given.ids, given.cone, given.time, given.where].some((option) => option !== undefined);
  const radius = angleOf(given.maxOffset ?? String(spectrumDefaults.maxOffset), "--max-offset");
  const selection = hasSelection && given.maxOffset === undefined ? {} : { cone: { center: target, radius } };
  const { index, entries } = await chosenRuns(context, folder, { ...selection, ...selectionOf(given) });
  const chosen = `${entries.length} of ${index.entries.length} observations`;
  const why = "cone" in selection && given.cone === undefined ? ` (pointings within ${radius} deg of the target)` : "";
  if (entries.length === 0) {
    throw new SpecError({
      where: folder,
      found: `${chosen}${why}`,
      expected: "a target that some of them looked at, or another selection (--max-offset, --ids)",
    });
  }
  context.print(`${chosen}${why}`);
  let used: ReduceOptions = given;
  const planFor = async (first: Observation) => {
    used = withDefaults(given, target, first);
    return planOf(used, target, context);
  };
  const { skipBroken = false } = options;
  const { datasets, skipped, plan } = await reduceRuns(context, entries, planFor, { skipBroken });
  const rows = runRows(datasets, plan);
  const ids = entries.map(({ id }) => id).filter((id) => !skipped.some((run) => run.id === id));
  const { cone: _, time: __, where: ___, maxOffset: ____, ...kept } = used;
  return {
    target,
    /** One for each run. */
    runs: datasets,
    /** Those, or the one that they are stacked to. */
    datasets: plan.stack ? [stacked(datasets, given.name ?? "stacked")] : datasets,
    rows,
    skipped,
    plan,
    used: { ...kept, ids: ids.join(",") } as ReduceOptions,
  };
}

const stacked = (datasets: readonly Reduced[], name: string): Reduced => stackReduce(datasets, { name });
