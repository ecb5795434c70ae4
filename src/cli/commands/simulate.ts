import { simulate } from "../../api/datasets.js";
import { writeDatasets } from "../../api/io.js";
import { isBinned } from "../../datasets/facets.js";
import { SpecError } from "../../errors.js";
import { CRAB_TWIN_SEED, writeCrabTwin } from "../../instruments/index.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { documented } from "../results.js";
import { textTable } from "../table.js";

interface Options extends AnalysisOptions {
  readonly example?: "crab";
  readonly seed?: string;
  readonly out?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const seed = Number(options.seed ?? (options.example ? CRAB_TWIN_SEED : 0));
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new SpecError(`--seed "${options.seed}": expected a whole number from 0`);
  }
  context.resolve({ seed: String(seed) });
  if (options.example !== undefined) {
    if (options.out === undefined) throw new SpecError("simulate --example: say where to write with --out");
    // the same bytes each time, as they come with the package
    const files = await writeCrabTwin(context.plainFiles, options.out, { seed, overwrite: options.overwrite });
    context.print(`Wrote ${files.length} files to ${options.out}`);
    context.document({ example: options.example, seed, files });
    return;
  }
  if (paths.length === 0) {
    throw new SpecError("simulate: name a datasets.yaml and a models.yaml, or data files, or an --example");
  }
  const { datasets, models, text } = await readAnalysis(context, paths, options);
  const drawn = simulate(datasets, models, seed, context.using);
  const rows = drawn.map((dataset) => ({
    name: dataset.name,
    type: dataset.type,
    counts: isBinned(dataset) ? dataset.counts!.data.reduce((a, b) => a + b, 0) : null,
  }));
  context.print(
    textTable(
      ["dataset", "type", "counts"],
      rows.map((r) => [r.name, r.type, r.counts ?? Number.NaN]),
    ),
  );
  const { out, overwrite = false } = options;
  const write = (folder: string) =>
    writeDatasets({ datasets: drawn, models }, context.files, {
      folder,
      prefix: "simulated",
      overwrite,
      text,
      onNote: context.onNote,
      ...context.using,
    });
  const files = await documented(context, { seed, datasets: rows }, out === undefined ? undefined : () => write(out));
  if (out !== undefined) context.print(`Wrote ${files.length} files to ${out}`);
}
