import { simulate } from "../../api/datasets.js";
import { isBinned } from "../../datasets/facets.js";
import { SpecError } from "../../errors.js";
import { CRAB_TWIN_SEED, REGION_SEED, writeCrabTwin, writeRegion } from "../../instruments/index.js";
import { writeFiles } from "../../io/files.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { encodeAnalysis } from "../../io/yaml/analysis.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { giveFolder, giveTable, refuseEarly, tableInFolder } from "../results.js";
import { showTable } from "../tables.js";

interface Options extends AnalysisOptions {
  readonly example?: keyof typeof EXAMPLES;
  readonly seed?: string;
  readonly out?: string;
  readonly overwrite?: boolean;
}

/** What writes each, and its seed. */
const EXAMPLES = {
  crab: { write: writeCrabTwin, ownSeed: CRAB_TWIN_SEED },
  region: { write: writeRegion, ownSeed: REGION_SEED },
};

export async function run(context: Context, paths: readonly string[], options: Options) {
  const example = options.example === undefined ? undefined : EXAMPLES[options.example];
  const seed = Number(options.seed ?? example?.ownSeed ?? 0);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new SpecError(`--seed "${options.seed}": expected a whole number from 0`);
  }
  context.resolve({ seed: String(seed) });
  if (example !== undefined) {
    if (options.out === undefined) throw new SpecError("simulate --example: say where to write with --out");
    // the same bytes each time, as they come with the package
    const files = await example.write(context.plainFiles, options.out, { seed, overwrite: options.overwrite });
    context.said(`Wrote ${files.length} files to ${options.out}`);
    context.document({ example: options.example, seed, files });
    return;
  }
  if (paths.length === 0) {
    throw new SpecError("simulate: name a datasets.yaml and a models.yaml, or data files, or an --example");
  }
  await refuseEarly(context, options);
  const { datasets, models, text } = await readAnalysis(context, paths, options);
  const drawn = simulate(datasets, models, seed, { ...context.using, onNote: context.onNote });
  const rows = drawn.map((dataset) => ({
    name: dataset.name,
    type: dataset.type,
    counts: isBinned(dataset) ? dataset.counts!.data.reduce((a, b) => a + b, 0) : null,
  }));
  const { text: texts, whole } = columnsOf(rows);
  const table: Table = {
    name: "simulated",
    about: "Simulated datasets",
    columns: [
      texts("dataset", (r) => r.name),
      texts("type", (r) => r.type),
      whole("counts", (r) => r.counts, { reason: "flux points have no counts" }),
    ],
  };
  showTable(context, table);
  const { overwrite = false } = options;
  const { place } = context;
  const tables = { simulated: () => table };
  const write = (folder: string) => {
    const { registry } = context.using;
    const encoding = { prefix: "simulated", text, registry, onNote: context.onNote };
    const entries = encodeAnalysis({ datasets: drawn, models }, encoding);
    for (const [name, bytes] of tableInFolder(context, tables)) entries.set(name, bytes);
    return writeFiles(entries, folder, context.files, { overwrite });
  };
  const document = { seed, datasets: rows };
  if (place.kind === "folder") await giveFolder(context, document, place.path, () => write(place.path));
  else await giveTable(context, { document, tables, overwrite });
}
