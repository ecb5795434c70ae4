import { pulls } from "../../api/fit.js";
import { fitReport } from "../../api/io.js";
import { type Confidence, confidence } from "../../fit/intervals.js";
import { formatFitResult, formatParameters } from "../../fit/print.js";
import { isMinimum } from "../../fit/search.js";
import { type Impact, impacts } from "../../fit/systematics.js";
import { basename, writeFiles } from "../../io/files.js";
import { encodeFit } from "../../io/fit-result.js";
import { leastError } from "../../io/table/digits.js";
import { correlationTable, covarianceTable, datasetsTable } from "../../io/table/fit.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import type { FitReport } from "../../io/types.js";
import { type Context, jsonText } from "../context.js";
import { fitTables } from "../fit-tables.js";
import { type FitSettings, type FittedAnalysis, failureInWords, fitAnalysis, freeIds, turn } from "../fitted.js";
import { labelOf } from "../numbers.js";
import { impactsTable, pullsTable } from "../pulls.js";
import { giveFolder, giveTable, refuseEarly, tableInFolder } from "../results.js";
import { showTable } from "../tables.js";

interface Options extends FitSettings {
  /** `true`: all free parameters. */
  readonly minos?: true | readonly string[];
  readonly impacts?: boolean;
  readonly correlation?: boolean;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { overwrite = false } = options;
  let minosIds: readonly string[] = [];
  await refuseEarly(context, options, "fit-result.yaml", "pulls.json");
  const fitted = await fitAnalysis(context, paths, options, (joint) => {
    if (options.minos === true) minosIds = joint.parameters.map((p) => p.id);
    else if (options.minos !== undefined) minosIds = freeIds(joint, options.minos, "--minos");
  });
  const { datasets, joint, result, text, list } = fitted;
  const { free } = result;
  const minos = isMinimum(result) ? await minosErrors(context, fitted, minosIds) : [];
  const found = pulls(result, context.using);
  const moved: Impact[] =
    options.impacts === true && result.success ? context.compute(() => impacts(joint, result)) : [];

  const report = fitReport(result, datasets, { confidence: minos, joint, ...context.using });
  const extra = {
    pulls: found.map(({ id, value, error }) => ({ parameter: id, pull: value, pull_error: error })),
    ...(options.impacts && { impacts: moved }),
  };
  const tables = fitTables(report);
  const write = async (folder: string) => {
    const entries = encodeFit(result, datasets, context.using, {
      prefix: list === undefined ? "" : prefixOf(list),
      text,
      report,
      onNote: context.onNote,
    });
    for (const [name, bytes] of tableInFolder(context, tables)) entries.set(name, bytes);
    if (found.length + moved.length > 0) {
      entries.set("pulls.json", new TextEncoder().encode(jsonText(extra)));
      const [{ pullPictures }, { drawable, encodePictures }] = await Promise.all([
        import("../pull-pictures.js"),
        import("../../node/pictures.js"),
      ]);
      const drawn = await encodePictures(pullPictures(found, moved, free, context.look), {
        formats: drawable(["svg", "png"], context.onNote),
        signal: context.signal,
        fontFile: context.look.style?.fontFile,
      });
      for (const [name, bytes] of drawn) entries.set(name, bytes);
    }
    return writeFiles(entries, folder, context.files, { overwrite });
  };
  context.print(formatFitResult(result));
  context.print(formatParameters(result.parameters));
  if (minos.length > 0) showTable(context, minosTable(minos, fitted));
  if (found.length > 0) showTable(context, pullsTable(found, free));
  if (moved.length > 0) showTable(context, impactsTable(moved, free));
  if (options.impacts && result.success && moved.length === 0) {
    context.note("gammats: no impacts: there is no free parameter of a calibration or with a prior, beside others");
  }
  if (options.correlation) showMatrices(context, report);
  showTable(context, datasetsTable(report));
  const document = { ...report, ...extra };
  const { place } = context;
  if (place.kind === "folder") await giveFolder(context, document, place.path, () => write(place.path));
  else await giveTable(context, { document, tables, overwrite });
  if (!result.success) context.fail(`gammats: ${failureInWords(result)}`);
  for (const c of minos) if (!c.success) context.note(`gammats: ${c.message}`);
  return result.success ? 0 : 1;
}

async function minosErrors(
  context: Context,
  { joint, result }: FittedAnalysis,
  ids: readonly string[],
): Promise<Confidence[]> {
  const progress = context.progress("MINOS");
  const out: Confidence[] = [];
  for (const id of ids) {
    out.push(context.compute(() => confidence(joint, result, id)));
    progress.update(out.length, ids.length);
    await turn(context);
  }
  progress.end();
  return out;
}

function minosTable(minos: readonly Confidence[], { result: { free } }: FittedAnalysis): Table {
  const { text, number } = columnsOf(minos);
  const errorOf = (c: Confidence) => free.errors[free.ids.indexOf(c.id)]!;
  const sizeOf = (c: Confidence) => leastError(c.errn, c.errp, errorOf(c));
  const reason = (c: Confidence) => c.message || "it has no error";
  return {
    name: "minos",
    columns: [
      text("MINOS", labelOf),
      number("value", (c) => c.value, { scale: sizeOf }),
      number("errn", (c) => -c.errn, { scale: sizeOf, reason }),
      number("errp", (c) => c.errp, { scale: sizeOf, reason }),
      number("Hessian error", errorOf, { scale: sizeOf, reason }),
      text("", (c) => (c.message === "" ? "ok" : c.message)),
    ],
  };
}

function showMatrices(context: Context, report: FitReport): void {
  for (const table of [covarianceTable(report), correlationTable(report)]) {
    context.print(`${table.about}:`);
    showTable(context, table);
  }
}

/** `crab_datasets.yaml` gives `crab`. */
function prefixOf(path: string): string {
  const stem = basename(path).replace(/\.ya?ml$/, "");
  return stem.replace(/[-_]?datasets$/, "") || "fit";
}
