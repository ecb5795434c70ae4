import { stackReduce } from "../../datasets/stack.js";
import { SpecError } from "../../errors.js";
import type { Observation } from "../../events/types.js";
import { writeFiles } from "../../io/files.js";
import { encodeAnalysis } from "../../io/yaml/analysis.js";
import { parsePlace } from "../../models/text/sources.js";
import type { Context } from "../context.js";
import { planOf, withDefaults } from "../reduction/plan.js";
import { type Reduced, reduceRuns } from "../reduction/runs.js";
import { configText, type ReduceOptions, withConfig } from "../reduction/settings.js";
import { runRows, runsTable } from "../reduction/table.js";
import { giveFolder, giveTable, refuseEarly, tableInFolder } from "../results.js";
import { angleOf, chosenRuns, selectionOf } from "../run-selection.js";
import { showTable } from "../tables.js";

interface Options extends ReduceOptions {
  readonly config?: string;
  readonly skipBroken?: boolean;
  readonly spectra?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const [folder] = args as [string];
  const { overwrite = false } = options;
  await refuseEarly(context, options, "datasets.yaml", "reduce.yaml");
  const { datasets, rows, skipped, used } = await reduction(context, folder, options);
  const table = runsTable(rows);
  showTable(context, table);
  const { place } = context;
  const tables = { runs: () => table };
  const document = {
    geometry: used.geometry,
    settings: used,
    datasets: datasets.map(({ name, type }) => ({ name, type })),
    runs: rows,
    skipped,
  };
  const write = (to: string) => {
    const { registry } = context.using;
    const { onNote, files } = context;
    const entries = encodeAnalysis({ datasets }, { prefix: "", registry, spectra: options.spectra, onNote });
    entries.set("reduce.yaml", new TextEncoder().encode(configText(used)));
    for (const [name, bytes] of tableInFolder(context, tables)) entries.set(name, bytes);
    return writeFiles(entries, to, files, { overwrite });
  };
  if (place.kind === "folder") await giveFolder(context, document, place.path, () => write(place.path));
  else await giveTable(context, { document, tables, overwrite });
}

/** The runs of a folder reduced as the options say. `used`: all settings, of which the same datasets are made again. */
export async function reduction(context: Context, folder: string, options: Options) {
  const given = await withConfig(context, options.config, options);
  if (given.target === undefined) {
    throw new SpecError('reduce: say the target with --target "83.63 22.01", or "184.55 -5.78 galactic"');
  }
  const target = parsePlace(given.target, `--target "${given.target}"`);
  const hasSelection = [given.ids, given.cone, given.time, given.where].some((option) => option !== undefined);
  const radius = angleOf(given.maxOffset ?? "2.5", "--max-offset");
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
    datasets: plan.stack ? [stacked(datasets, given.name ?? "stacked")] : datasets,
    rows,
    skipped,
    plan,
    used: { ...kept, ids: ids.join(",") } as ReduceOptions,
  };
}

const stacked = (datasets: readonly Reduced[], name: string): Reduced => stackReduce(datasets, { name });
