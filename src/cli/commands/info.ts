import { formatDataset, infoTable } from "../../api/datasets.js";
import type { Hdu } from "../../fits/index.js";
import { openKnown } from "../../io/formats/use.js";
import { formatModels } from "../../likelihood/summary.js";
import { allParameters } from "../../models/parameters.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { summaryOf } from "../summaries.js";
import { textTable } from "../table.js";

type Options = Pick<AnalysisOptions, "model" | "shape" | "at">;

export async function run(context: Context, paths: readonly string[], options: Options) {
  if (options.model !== undefined) return withModels(context, paths, options);
  const { files, using } = context;
  const documents: unknown[] = [];
  for (const path of paths) {
    const file = await openKnown(path, files, using.registry.formats);
    const { text, data } = await summaryOf(file, { files, ...using, keepGoing: true });
    const { format, bytes, hdus } = file;
    const structure = hdus === undefined ? "" : `${hduTable(hdus)}\n`;
    context.print(`${path}: ${format.about}, ${bytes.length} bytes\n\n${structure}${text}`);
    documents.push({
      file: path,
      kind: format.name,
      about: format.about,
      bytes: bytes.length,
      ...(hdus && { hdus: hdus.map(hduSummary) }),
      ...data,
    });
  }
  context.document(documents);
}

/** The datasets of all files with what the models of --model predict, and these models. */
async function withModels(context: Context, paths: readonly string[], options: Options) {
  const { datasets, models } = await readAnalysis(context, paths, options);
  for (const dataset of datasets) context.print(formatDataset(dataset, models, context.using));
  context.print(formatModels(models));
  const rows = infoTable(datasets, models, context.using);
  context.document({
    datasets: rows,
    models: allParameters(models).map(({ id, parameter }) => ({ id, ...parameter })),
  });
}

const shapeOf = (hdu: Hdu) =>
  hdu.kind === "table" ? `${hdu.nrows} rows x ${hdu.columns.length} columns` : hdu.shape.join(" x ") || "no data";

function hduTable(hdus: readonly Hdu[]): string {
  return textTable(
    ["HDU", "name", "kind", "cards", "content"],
    hdus.map((hdu, i) => [i, hdu.name || (i === 0 ? "PRIMARY" : ""), hdu.kind, hdu.header.length, shapeOf(hdu)]),
  );
}

function hduSummary(hdu: Hdu, i: number) {
  return {
    index: i,
    name: hdu.name,
    kind: hdu.kind,
    cards: hdu.header.length,
    ...(hdu.kind === "table"
      ? {
          rows: hdu.nrows,
          columns: hdu.columns.map((c) => ({ name: c.name, unit: c.unit ?? "" })),
        }
      : { shape: hdu.shape }),
  };
}
