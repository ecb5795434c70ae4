import { fit } from "../../fit/index.js";
import { formatFitResult, formatParameters } from "../../fit/print.js";
import { fitReport, writeFit } from "../../io/fit-result.js";
import { basename } from "../../io/index.js";
import type { Minimizer } from "../../minimize/index.js";
import { readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import type { Settings } from "../settings.js";
import { textTable } from "../table.js";

interface Options extends Settings {
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly backend?: Minimizer["name"];
}

export async function run(context: Context, [datasetsPath, modelsPath]: readonly string[], options: Options) {
  const { datasets, models, text } = await readAnalysis(context, datasetsPath!, modelsPath!, options);
  const result = fit(datasets, models, { backend: options.backend, signal: context.signal });
  context.signal?.throwIfAborted();
  const report = fitReport(result, datasets);
  const files =
    options.out === undefined
      ? undefined
      : await writeFit(result, datasets, context.files, {
          folder: options.out,
          prefix: prefixOf(datasetsPath!),
          overwrite: options.overwrite ?? false,
          text,
        });
  context.print(formatFitResult(result));
  context.print(formatParameters(result.parameters));
  context.print(
    textTable(
      ["dataset", "type", "stat", "bins", "counts", "npred"],
      report.datasets.map((d) => [
        d.name,
        d.type,
        d.stat ?? Number.NaN,
        d.n_fit_bins,
        d.counts ?? Number.NaN,
        d.npred ?? Number.NaN,
      ]),
    ),
  );
  if (files !== undefined) context.print(`Wrote ${files.length} files to ${options.out}`);
  context.document({ ...report, ...(files && { files }) });
  if (!result.success) context.note(`gammats: the fit did not converge: ${result.message}`);
  return result.success ? 0 : 1;
}

/** `crab_datasets.yaml` gives `crab`. */
function prefixOf(path: string): string {
  const stem = basename(path).replace(/\.ya?ml$/, "");
  return stem.replace(/[-_]?datasets$/, "") || "fit";
}
