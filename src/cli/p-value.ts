/** p-values from toys, for people, for machines and as pictures. */
import type { PValue } from "../estimators/p-values.js";
import { columnsOf } from "../io/table/rows.js";
import type { Table } from "../io/table/types.js";
import { histogramPlot } from "../plot/histogram.js";
import type { Context } from "./context.js";

/** Nothing where the p-value is above a half. */
export const significanceText = (sigma: number): string => (sigma > 0 ? `${sigma.toFixed(2)} sigma` : "");

/** p with two digits of its error where it has one. */
export function pText(p: number, error?: number): string {
  if (p < 1e-300) return "< 1e-300";
  if (error === undefined || !(error > 0)) return p >= 1e-3 ? p.toPrecision(3) : p.toExponential(2);
  const digits = Math.min(12, Math.max(1, 1 - Math.floor(Math.log10(error))));
  return `${p.toFixed(digits)} +- ${error.toFixed(digits)}`;
}

/** What a likelihood ratio follows for large counts: Wilks, or Chernoff where a parameter stands at its limit. */
export const lawText = (dof: number, boundary: boolean): string =>
  boundary ? `half chi2 of ${dof - 1}, half of ${dof}` : `chi2 of ${dof}`;

/** How rare a statistic is, by large counts or by toys. */
export interface PValueRow {
  readonly name: string;
  readonly p: string;
  readonly significance: string;
  readonly how: string;
}

export function pValueTable(rows: readonly PValueRow[]): Table {
  const { text } = columnsOf(rows);
  return {
    name: "p_values",
    columns: [
      text("", (r) => r.name),
      text("p-value", (r) => r.p),
      text("one-sided", (r) => r.significance),
      text("how", (r) => r.how),
    ],
  };
}

/** How significant a test statistic is, by one method. */
export interface SignificanceRow {
  readonly method: "large counts" | "toys";
  readonly ts: number;
  readonly dof: number;
  readonly p: number;
  readonly pError?: number;
  readonly significance: number;
  readonly how: string;
}

/** The same as numbers, for files. */
export function significanceTable(rows: readonly SignificanceRow[]): Table {
  const { text, number, whole } = columnsOf(rows);
  return {
    name: "significance",
    about: "Likelihood ratio of nested models",
    columns: [
      text("method", (r) => r.method, { tex: "Method" }),
      number("TS", (r) => r.ts, { decimals: 3, about: "difference of -2 ln L" }),
      whole("dof", (r) => r.dof, { about: "more free parameters", tex: "d.o.f." }),
      number("p_value", (r) => r.p, {
        tex: "$p$",
        err: rows.some((r) => r.pError !== undefined) ? (r) => r.pError : undefined,
        about: "error: of the number of toys",
        reason: "a law has no error",
      }),
      number("significance", (r) => (r.significance > 0 ? r.significance : undefined), {
        decimals: 2,
        about: "one-sided, standard deviations",
        tex: "$\\sigma$ (one-sided)",
        reason: "p is above a half",
      }),
      text("how", (r) => r.how, { inTex: false }),
    ],
  };
}

export function toyRow(name: string, { toys, nAbove, pValue, pError, significance, nFailed }: PValue): PValueRow {
  const failed = nFailed === 0 ? "" : `; ${nFailed} more without a fit`;
  const how = nAbove === 0 ? `none of ${toys.length} toys is as high` : `${nAbove} of ${toys.length} toys are as high`;
  return { name, p: pText(pValue, pError), significance: significanceText(significance), how: how + failed };
}

export function toyDocument({ toys, nAbove, pValue, pError, significance, nFailed }: PValue, seed: number) {
  return {
    n: toys.length,
    seed,
    n_above: nAbove,
    n_failed: nFailed,
    p_value: pValue,
    p_error: pError,
    significance,
  };
}

/** The toys with what was observed. */
export const toyPicture = ({ toys, observed }: PValue, xLabel: string, look: Context["look"]): string =>
  histogramPlot({
    samples: [{ label: `${toys.length} toys`, values: toys }],
    marks: [{ label: "Observed", value: observed }],
    xLabel,
    yLabel: "Toys",
    ...look,
  });
