/** The result of a fit as tables. */

import { columnsOf } from "../io/table/rows.js";
import { symbolTex } from "../io/table/tex.js";
import type { Table } from "../io/table/types.js";
import type { FitReport } from "../io/types.js";
import { allParameters } from "../models/parameters.js";
import type { Models } from "../models/types.js";
import type { Tables } from "./tables.js";

/** As a report has it, with words for the status of its error. */
interface ParameterRow extends Omit<FitReport["parameters"][number], "error_status"> {
  /** Why there is no error, where there is none. */
  readonly reason: string;
}

export const fitTables = (report: FitReport): Tables => ({
  parameters: () => parametersTable(report.parameters.map((p) => ({ ...p, reason: `${p.error_status}` }))),
  datasets: () => datasetsTable(report),
  covariance: () => covarianceTable(report),
  correlation: () => correlationTable(report),
});

/** Of models as they stand in a file. */
export function modelParametersTable(models: Models): Table {
  return parametersTable(
    allParameters(models).map(({ model, name, parameter }) => ({ ...parameter, model, name, reason: "not fitted" })),
  );
}

function parametersTable(rows: readonly ParameterRow[]): Table {
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

export function covarianceTable({ covariance }: Pick<FitReport, "covariance">): Table {
  const ids = Object.keys(covariance);
  const about = "Covariance of the free parameters, in their units";
  return { name: "covariance", about, columns: matrixColumns(ids, (i, j) => covariance[ids[i]!]![ids[j]!]!) };
}

export function correlationTable({ covariance }: Pick<FitReport, "covariance">): Table {
  const ids = Object.keys(covariance);
  const c = (i: number, j: number) => covariance[ids[i]!]![ids[j]!] ?? Number.NaN;
  const at = (i: number, j: number) => (i === j && c(i, i) > 0 ? 1 : c(i, j) / Math.sqrt(c(i, i) * c(j, j)));
  const columns = matrixColumns(ids, at, 3);
  return { name: "correlation", about: "Correlation of the free parameters", columns };
}
