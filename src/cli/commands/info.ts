import { formatDataset, infoTable } from "../../api/datasets.js";
import { GammatsError, SpecError } from "../../errors.js";
import type { Hdu } from "../../fits/index.js";
import type { Summary } from "../../io/formats/types.js";
import { modelParametersTable } from "../../io/table/fit.js";
import { columnsOf } from "../../io/table/rows.js";
import { tableText } from "../../io/table/text.js";
import type { Table } from "../../io/table/types.js";
import { formatModels } from "../../likelihood/summary.js";
import { allParameters } from "../../models/parameters.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { openGiven } from "../given-files.js";
import { datasetInfoTable } from "../info-table.js";
import { giveTable } from "../results.js";
import { remainsOf, summaryOf } from "../summaries.js";

interface Options extends Pick<AnalysisOptions, "model" | "shape" | "at" | "time"> {
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  if (options.model !== undefined) return withModels(context, paths, options);
  const { overwrite } = options;
  const { files, using, place } = context;
  if (place.kind !== "terminal" && paths.length > 1) {
    throw new SpecError(`info: found ${paths.length} files, expected one where a table is asked for`);
  }
  const documents: object[] = [];
  const tables: Record<string, () => Table> = {};
  const failures: GammatsError[] = [];
  const given = await openGiven(context, paths, ["fitResult", "datasets"], { folders: true });
  // of a folder the table is that of its first file
  for (const file of place.kind === "terminal" ? given : given.slice(0, 1)) {
    const { path, format, bytes, hdus, names } = file;
    const size = names === undefined ? `${bytes.length} bytes` : `${names.length} files`;
    const structure = hdus === undefined ? "" : `${tableText(hduTable(hdus))}\n`;
    const head = `${path}: ${format.about}, ${size}\n\n${structure}`;
    let summary: Summary;
    try {
      summary = await summaryOf(file, { files, ...using, keepGoing: true });
    } catch (error) {
      if (!(error instanceof GammatsError)) throw error;
      failures.push(error);
      // what it is made of can be seen all the same
      context.print(`${head}${await remainsOf(file, { files, ...using })}`);
      continue;
    }
    context.print(`${head}${summary.text}`);
    documents.push({
      file: path,
      kind: format.name,
      about: format.about,
      ...(names === undefined ? { bytes: bytes.length } : { n_files: names.length }),
      ...(hdus && { hdus: hdus.map(hduSummary) }),
      ...summary.data,
    });
    Object.assign(tables, summary.tables, hdus && { hdus: () => hduTable(hdus) });
  }
  const [failure, ...others] = failures;
  for (const { message } of others) context.note(`gammats: ${message}`);
  if (failure !== undefined) throw failure;
  if (place.kind !== "terminal" && Object.keys(tables).length === 0) {
    throw new SpecError({ where: paths[0], what: "there is no table in what info says of it", remedy: "use --json" });
  }
  await giveTable(context, { document: documents, tables, overwrite });
}

/** The datasets of all files with what the models of --model predict, and these models. */
async function withModels(context: Context, paths: readonly string[], options: Options) {
  const { datasets, models } = await readAnalysis(context, paths, options);
  for (const dataset of datasets) context.print(formatDataset(dataset, models, context.using));
  context.print(formatModels(models));
  const rows = infoTable(datasets, models, context.using);
  await giveTable(context, {
    document: {
      datasets: rows,
      models: allParameters(models).map(({ id, parameter }) => ({ id, ...parameter })),
    },
    tables: { datasets: () => datasetInfoTable(rows), parameters: () => modelParametersTable(models) },
    overwrite: options.overwrite,
  });
}

const shapeOf = (hdu: Hdu) =>
  hdu.kind === "table" ? `${hdu.nrows} rows x ${hdu.columns.length} columns` : hdu.shape.join(" x ") || "no data";

function hduTable(hdus: readonly Hdu[]): Table {
  const { text, whole } = columnsOf(hdus.map((hdu, i) => ({ hdu, i })));
  return {
    name: "hdus",
    about: "HDUs of the file",
    columns: [
      whole("HDU", ({ i }) => i),
      text("name", ({ hdu, i }) => hdu.name || (i === 0 ? "PRIMARY" : "")),
      text("kind", ({ hdu }) => hdu.kind),
      whole("cards", ({ hdu }) => hdu.header.length),
      text("content", ({ hdu }) => shapeOf(hdu)),
    ],
  };
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
