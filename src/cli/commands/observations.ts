import type { Context } from "../context.js";
import { observationsTable } from "../event-data/observations-table.js";
import { giveTable } from "../results.js";
import { chosenRuns, type SelectionOptions, selectionOf } from "../run-selection.js";
import { showTable } from "../tables.js";

interface Options extends SelectionOptions {
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const [folder] = args as [string];
  const selection = selectionOf(options);
  const { index, entries } = await chosenRuns(context, folder, selection);
  const table = observationsTable(entries, selection.cone);
  context.print(`${entries.length} of ${index.entries.length} observations`);
  showTable(context, table);
  const document = {
    folder,
    n_observations: index.entries.length,
    observations: entries.map(({ id, hdus, columns }) => ({ id, hdus: hdus.map(({ type }) => type), columns })),
  };
  await giveTable(context, { document, tables: { observations: () => table }, overwrite: options.overwrite });
}
