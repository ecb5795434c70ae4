/** Results of fits as tables. */
import type { FitResult } from "../../fit/result.js";
import { allParameters } from "../../models/parameters.js";
import type { Models } from "../../models/types.js";
import type { FitReport } from "../types.js";
import { columnsOf } from "./rows.js";
import { symbolTex } from "./tex.js";
import type { Table } from "./types.js";

/** As a report has it, with words for the status of its error. */
interface ParameterRow extends Omit<FitReport["parameters"][number], "error_status"> {
  /** Why there is no error, where there is none. */
  readonly reason: string;
}

/** The parameters of models as a table, with the errors that stand there. */
export function modelParametersTable(models: Models): Table {
  return tableOf(
    allParameters(models).map(({ model, name, parameter }) => ({ ...parameter, model, name, reason: "not fitted" })),
  );
}

/**
 * The parameters of a fit as a table for `writeTable`: values in their units, errors (of MINOS too, where a report has them), limits, and why an error is missing.
 * Of a `FitResult`, or of the report that `fitReport` makes and `readFitResult` reads.
 * @example
 * ```ts
 * import { fit } from "gammats";
 * import { covarianceTable, parametersTable, writeTable } from "gammats/io";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const result = fit(datasets, models);
 * const csv = new TextDecoder().decode(writeTable(parametersTable(result), "csv"));
 * console.assert(csv.includes("Crab Nebula,alpha,"));
 * const tex = new TextDecoder().decode(writeTable(covarianceTable(result), "tex"));
 * console.assert(tex.startsWith("\\begin{table}"));
 * ```
 */
export const parametersTable = ({ parameters }: Pick<FitResult, "parameters"> | Pick<FitReport, "parameters">): Table =>
  tableOf(parameters.map((p) => ({ ...p, reason: "error_status" in p ? p.error_status : p.errorStatus })));

function tableOf(rows: readonly ParameterRow[]): Table {
  const hasMinos = rows.some((p) => p.errn !== undefined);
  const hasLinks = rows.some((p) => p.link !== undefined);
  const reasonOf = (p: ParameterRow) => {
    if (p.frozen) return "frozen";
    if (p.error === null || !(p.error > 0)) return p.reason;
    return hasMinos && p.errn === undefined ? "MINOS errors were not asked for" : "no MINOS error was found";
  };
  const errorOf = (p: ParameterRow) => (p.frozen || !((p.error ?? 0) > 0) ? null : p.error);
  const { text, number, logical } = columnsOf(rows);
  return {
    name: "parameters",
    about: "Parameters of the models",
    columns: [
      text("model", (p) => p.model, { tex: "Model" }),
      text("name", (p) => p.name, { tex: "Parameter", asTex: (p) => symbolTex(p.name) }),
      number("value", (p) => p.value, {
        tex: "Value",
        units: (p) => p.unit,
        err: errorOf,
        ...(hasMinos && { errn: (p) => p.errn, errp: (p) => p.errp }),
        reason: reasonOf,
      }),
      number("min", (p) => p.min, { reason: "no limit", inTex: false }),
      number("max", (p) => p.max, { reason: "no limit", inTex: false }),
      logical("frozen", (p) => p.frozen, { inTex: false }),
      ...(hasLinks ? [text("link", (p) => p.link ?? "", { inTex: false })] : []),
    ],
  };
}

/** The datasets of a report as a table: the part of each in -2 ln L, bins in the fit, counts and predicted ones. */
export function datasetsTable({ datasets }: Pick<FitReport, "datasets">): Table {
  const reason = "flux points have no counts";
  const { text, number, whole } = columnsOf(datasets);
  return {
    name: "datasets",
    about: "Datasets of the fit",
    columns: [
      text("dataset", (d) => d.name),
      text("type", (d) => d.type),
      number("stat", (d) => d.stat, { decimals: 2, reason: "the statistic is not finite" }),
      whole("bins", (d) => d.n_fit_bins),
      whole("counts", (d) => d.counts, { reason }),
      number("npred", (d) => d.npred, { decimals: 2, reason }),
    ],
  };
}

/** Rows and columns by name. */
function matrixColumns(ids: readonly string[], at: (i: number, j: number) => number | null, decimals?: number) {
  const { text, number } = columnsOf(ids.map((id, i) => ({ id, i })));
  const column = (id: string, j: number) =>
    number(id, ({ i }) => at(i, j), { decimals, reason: "a parameter has no error" });
  return [text("parameter", ({ id }) => id), ...ids.map(column)];
}

type Covariances = Pick<FitResult, "free"> | Pick<FitReport, "covariance">;

/** Names of the free parameters, and the element of two of them. */
function covarianceOf(fit: Covariances): readonly [readonly string[], (i: number, j: number) => number | null] {
  if ("free" in fit) {
    const { ids, covariance } = fit.free;
    return [ids, (i, j) => covariance[i * ids.length + j]!];
  }
  const ids = Object.keys(fit.covariance);
  return [ids, (i, j) => fit.covariance[ids[i]!]![ids[j]!]!];
}

/** The covariance of the free parameters of a fit, or of its report, as a table: rows and columns by name, in their units. */
export function covarianceTable(fit: Covariances): Table {
  const about = "Covariance of the free parameters, in their units";
  return { name: "covariance", about, columns: matrixColumns(...covarianceOf(fit)) };
}

/** The same, divided by the errors. */
export function correlationTable(fit: Covariances): Table {
  const [ids, covariance] = covarianceOf(fit);
  const c = (i: number, j: number) => covariance(i, j) ?? Number.NaN;
  const at = (i: number, j: number) => (i === j && c(i, i) > 0 ? 1 : c(i, j) / Math.sqrt(c(i, i) * c(j, j)));
  return { name: "correlation", about: "Correlation of the free parameters", columns: matrixColumns(ids, at, 3) };
}
