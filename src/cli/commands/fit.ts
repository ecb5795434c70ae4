import { pulls } from "../../api/fit.js";
import { fitReport } from "../../api/io.js";
import { type Confidence, confidence } from "../../fit/intervals.js";
import { formatFitResult, formatParameters } from "../../fit/print.js";
import { isMinimum } from "../../fit/search.js";
import { type Impact, impacts } from "../../fit/systematics.js";
import { basename, joinPath, writeFiles } from "../../io/files.js";
import { encodeFit } from "../../io/fit-result.js";
import type { FitReport } from "../../io/types.js";
import { type Context, jsonText } from "../context.js";
import { type FitSettings, type FittedAnalysis, failureInWords, fitAnalysis, freeIds, turn } from "../fitted.js";
import { labelOf, shown } from "../numbers.js";
import { impactsTable, pullsTable } from "../pulls.js";
import { documented, refuseExisting } from "../results.js";
import { textTable } from "../table.js";

interface Options extends FitSettings {
  /** `true`: all free parameters. */
  readonly minos?: true | readonly string[];
  readonly impacts?: boolean;
  readonly out?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { out, overwrite = false } = options;
  let minosIds: readonly string[] = [];
  if (out !== undefined && !overwrite) {
    await refuseExisting(
      context,
      ["fit-result.yaml", "pulls.json"].map((name) => joinPath(out, name)),
    );
  }
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
  const write = async (folder: string) => {
    const entries = encodeFit(result, datasets, context.using, {
      prefix: list === undefined ? "" : prefixOf(list),
      text,
      report,
      onNote: context.onNote,
    });
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
  if (minos.length > 0) context.print(minosTable(minos, fitted));
  if (found.length > 0) context.print(pullsTable(found, free));
  if (moved.length > 0) context.print(impactsTable(moved, free));
  if (options.impacts && result.success && moved.length === 0) {
    context.note("gammats: no impacts: there is no free parameter of a calibration or with a prior, beside others");
  }
  context.print(datasetsTable(report));
  const files = await documented(context, { ...report, ...extra }, out === undefined ? undefined : () => write(out));
  if (out !== undefined) context.print(`Wrote ${files.length} files to ${out}`);
  if (!result.success) context.note(`gammats: ${failureInWords(result)}`);
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

function minosTable(minos: readonly Confidence[], { result: { free } }: FittedAnalysis): string {
  return textTable(
    ["MINOS", "value", "errn", "errp", "Hessian error", ""],
    minos.map((c) => {
      const error = free.errors[free.ids.indexOf(c.id)]!;
      const scale = Math.min(...[c.errn, c.errp, error].filter((x) => x > 0));
      const [value, errn, errp, hessian] = [c.value, -c.errn, c.errp, error].map((x) => shown(x, scale));
      return [labelOf(c), value!, errn!, errp!, hessian!, c.message === "" ? "ok" : c.message];
    }),
  );
}

function datasetsTable({ datasets }: FitReport): string {
  return textTable(
    ["dataset", "type", "stat", "bins", "counts", "npred"],
    datasets.map((d) => [
      d.name,
      d.type,
      d.stat?.toFixed(2) ?? "-",
      d.n_fit_bins,
      d.counts ?? Number.NaN,
      d.npred?.toFixed(2) ?? "-",
    ]),
  );
}

/** `crab_datasets.yaml` gives `crab`. */
function prefixOf(path: string): string {
  const stem = basename(path).replace(/\.ya?ml$/, "");
  return stem.replace(/[-_]?datasets$/, "") || "fit";
}
