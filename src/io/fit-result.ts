/** `fit-result.yaml`: what a fit found, with the covariance by the names of the parameters. */

import { Document, Scalar, type ScalarTag } from "yaml";
import { fitMask, isBinned } from "../datasets/facets.js";
import type { Dataset } from "../datasets/types.js";
import type { Confidence } from "../fit/intervals.js";
import type { FitResult } from "../fit/result.js";
import type { KindContext } from "../likelihood/kind.js";
import type { Likelihood } from "../likelihood/likelihood.js";
import { npred } from "../likelihood/npred.js";
import { predictedTotals } from "../likelihood/predicted-totals.js";
import { type FileAccess, writeFiles } from "./files.js";
import type { FileRegistry } from "./formats/types.js";
import { schemaLine } from "./json-schema.js";
import type { FitReport } from "./types.js";
import { type EncodeAnalysisOptions, encodeAnalysis, type WriteDatasetsOptions } from "./yaml/analysis.js";
import { yamlFloat } from "./yaml/numbers.js";
import { printed } from "./yaml/plain-text.js";

export interface FitReportOptions {
  /** MINOS errors, if they were computed. */
  readonly confidence?: readonly Confidence[];
  /** The likelihood of the fit, which knows most of what is predicted. */
  readonly joint?: Likelihood;
}

/** What predictions are made from. */
type FitContext = Pick<KindContext, "registry" | "responses">;

/** The same, and the formats of the files. */
export interface FitFilesContext extends FitContext {
  readonly registry: FileRegistry;
}

/** `datasets`: those of the fit, in its order. */
export function fitReport(
  result: FitResult,
  datasets: readonly Dataset[],
  given: FitContext,
  { confidence = [], joint }: FitReportOptions = {},
): FitReport {
  const { ids, covariance } = result.free;
  const context = { ...given, models: result.models };
  const minos = new Map(confidence.map((c) => [c.id, c]));
  return {
    success: result.success,
    message: result.message,
    ...(result.warnings.length > 0 && { warnings: result.warnings }),
    reason: result.reason,
    backend: result.backend,
    method: result.method,
    nfev: result.nfev,
    edm: finite(result.edm),
    total_stat: finite(result.totalStat),
    datasets: result.datasets.map(({ name, type, stat, nFitBins }, i) => ({
      name,
      type,
      stat: finite(stat),
      n_fit_bins: nFitBins,
      ...countsReport(datasets[i]!, context, joint && { joint, i, x: result.free.values }),
    })),
    parameters: result.parameters.map((p) => ({
      model: p.model,
      name: p.name,
      value: finite(p.value),
      error: finite(p.error),
      unit: p.unit,
      min: finite(p.min),
      max: finite(p.max),
      frozen: p.frozen,
      ...(p.link !== undefined && { link: p.link }),
      error_status: p.errorStatus,
      ...minosErrors(minos.get(p.id)),
    })),
    covariance: Object.fromEntries(
      ids.map((id, i) => [
        id,
        Object.fromEntries(ids.map((other, j) => [other, finite(covariance[i * ids.length + j]!)])),
      ]),
    ),
  };
}

function countsReport(
  dataset: Dataset,
  context: KindContext,
  at: { readonly joint: Likelihood; readonly i: number; readonly x: Float64Array } | undefined,
) {
  if (!isBinned(dataset) || dataset.counts === undefined) {
    return { counts: null, npred: null, counts_all: null, npred_all: null };
  }
  const mask = fitMask(dataset);
  const measured = dataset.counts.data;
  const report = (predicted: number, all: number) => ({
    counts: sum(measured, mask),
    npred: finite(predicted),
    counts_all: sum(measured),
    npred_all: finite(all),
  });
  const known = at && predictedTotals(at.joint.terms[at.i]!, at.joint.termParameters(at.i, at.x), measured.length);
  if (known !== undefined) return report(known.inFit, known.all);
  const predicted = npred(dataset, context).data;
  return report(sum(predicted, mask), sum(predicted));
}

function sum(data: Float64Array, used?: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < data.length; i++) if (used?.[i] !== 0) total += data[i]!;
  return total;
}

const minosErrors = (c: Confidence | undefined) =>
  c === undefined ? {} : { errn: finite(c.errn), errp: finite(c.errp) };

const finite = (x: number) => (Number.isFinite(x) ? x : null);

/** Numbers that are whole by nature; all others are written as floats, also where they happen to be whole. */
const WHOLE = new Set(["schema", "nfev", "n_fit_bins", "counts", "counts_all"]);

class Float extends Scalar<number> {}

const float: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  identify: (value) => typeof value === "number",
  test: /^[-+]?\d+\.\d*(?:[eE][-+]?\d+)?$/,
  resolve: Number,
  stringify: (item) => {
    const x = (item as Scalar<number>).value;
    return item instanceof Float ? yamlFloat(x) : String(x);
  },
};

/** What the first lines of the file say. */
export const FIT_RESULT_FORMAT = "gammats-fit-result";
export const FIT_RESULT_SCHEMA = 1;

/** `version`: of GammaTS, for the file's reader. */
export function writeFitResult(report: FitReport, options: { readonly version?: string } = {}): Uint8Array {
  const { version } = options;
  const head = {
    format: FIT_RESULT_FORMAT,
    schema: FIT_RESULT_SCHEMA,
    ...(version !== undefined && { gammats: version }),
  };
  const document = new Document(withFloats({ ...head, ...report }), {
    customTags: (tags) => [float, ...tags],
    compat: "yaml-1.1",
  });
  // below the first line, which says what the file is
  const [first, ...rest] = printed(document).split(/(?<=\n)/);
  return new TextEncoder().encode([first, schemaLine("fit-result"), ...rest].join(""));
}

function withFloats(value: unknown, key = ""): unknown {
  if (typeof value === "number") return WHOLE.has(key) && Number.isInteger(value) ? value : new Float(value);
  if (Array.isArray(value)) return value.map((item) => withFloats(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withFloats(item, name)]));
}

/** How the files of a fit are named and written. */
export interface EncodeFitOptions extends Omit<EncodeAnalysisOptions, "registry">, FitReportOptions {
  /** Version of GammaTS, for the reader of `fit-result.yaml`. */
  readonly version?: string;
  /** What `fitReport` gave, where it was made before. */
  readonly report?: FitReport;
}

/** The datasets with the fitted models and covariance, and `fit-result.yaml`: the files by name. */
export function encodeFit(
  result: FitResult,
  datasets: readonly Dataset[],
  context: FitFilesContext,
  options: EncodeFitOptions,
): Map<string, Uint8Array> {
  const { registry } = context;
  const entries = encodeAnalysis({ datasets, models: result.models }, { ...options, registry });
  const report = options.report ?? fitReport(result, datasets, context, options);
  return entries.set("fit-result.yaml", writeFitResult(report, options));
}

export type WriteFitOptions = EncodeFitOptions & Pick<WriteDatasetsOptions, "folder" | "overwrite">;

/** Writes what `encodeFit` makes, all files or none. Returns their paths. */
export function writeFit(
  result: FitResult,
  datasets: readonly Dataset[],
  files: FileAccess,
  context: FitFilesContext,
  options: WriteFitOptions,
): Promise<string[]> {
  return writeFiles(encodeFit(result, datasets, context, options), options.folder, files, options);
}
