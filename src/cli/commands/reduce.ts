import { writeFiles } from "../../io/files.js";
import { encodeAnalysis } from "../../io/yaml/analysis.js";
import type { Context } from "../context.js";
import { type ReductionOptions, reduction } from "../reduction/reduction.js";
import { configText } from "../reduction/settings.js";
import { runsTable } from "../reduction/table.js";
import { giveFolder, giveTable, refuseEarly, tableInFolder } from "../results.js";
import { showTable } from "../tables.js";

interface Options extends ReductionOptions {
  readonly spectra?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const [folder] = args as [string];
  const { overwrite = false } = options;
  await refuseEarly(context, options, "datasets.yaml", "reduce.yaml");
  const { datasets, rows, skipped, used } = await reduction(context, folder, options, "reduce");
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
