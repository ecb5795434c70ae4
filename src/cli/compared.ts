/** Fits of several models to the same data, compared: information criteria, and likelihood ratios of what is nested. */
import type { Dataset } from "../datasets/types.js";
import {
  type Compared,
  type Comparison,
  compareModels,
  type InformationCriteria,
  informationCriteria,
} from "../fit/goodness.js";
import { columnsOf } from "../io/table/rows.js";
import type { Table } from "../io/table/types.js";
import { nestingOf } from "../models/nesting.js";
import { allParameters } from "../models/parameters.js";
import type { Models } from "../models/types.js";
import type { Context } from "./context.js";
import { fewCountsMessage } from "./few-counts.js";
import { lawText } from "./p-value.js";

/** Models that were fitted. */
export interface Hypothesis {
  /** As the command line says it. */
  readonly name: string;
  readonly fit: Compared;
  /** Absent: nobody knows what is nested in them. */
  readonly models?: Models | undefined;
  /** Absent: they are not at hand. */
  readonly datasets?: readonly Dataset[];
}

/** Criteria of a fit, and how far each is above the lowest of all successful ones. */
export interface Ranked extends InformationCriteria {
  readonly name: string;
  readonly success: boolean;
  readonly message: string;
  readonly stat: number;
  readonly deltaAic: number;
  readonly deltaBic: number;
}

/** Two of the fits, that with fewer free parameters first. */
export interface Ratio {
  readonly names: readonly [fewer: string, more: string];
  /** Why there is no test; empty where there is one. */
  readonly reason: string;
  readonly comparison: Comparison | undefined;
  readonly boundary: boolean;
  readonly message: string;
}

export function ranked(hypotheses: readonly Hypothesis[]): Ranked[] {
  const all = hypotheses.map(({ name, fit }) => ({
    name,
    success: fit.success,
    message: fit.message,
    stat: fit.totalStat,
    ...informationCriteria(fit),
  }));
  const good = all.filter(({ success }) => success);
  const [aic, bic] = (["aic", "bic"] as const).map((key) => Math.min(...good.map((one) => one[key])));
  return all.map((one) => ({ ...one, deltaAic: one.aic - aic!, deltaBic: one.bic - bic! }));
}

export function ratiosOf(hypotheses: readonly Hypothesis[], using: Context["using"]): Ratio[] {
  return hypotheses.flatMap((a, i) => hypotheses.slice(i + 1).map((b) => ratioOf(a, b, using)));
}

const nFree = ({ fit }: Hypothesis) => fit.free.ids.length;

function ratioOf(first: Hypothesis, second: Hypothesis, using: Context["using"]): Ratio {
  const [a, b] = nFree(second) < nFree(first) ? [second, first] : [first, second];
  const names = [a.name, b.name] as const;
  const none = (reason: string): Ratio => ({ names, reason, comparison: undefined, boundary: false, message: "" });
  if (a.models === undefined || b.models === undefined)
    return none("not known: there is no models.yaml beside the result");
  if (nFree(a) === nFree(b)) return none("not nested: the same number of free parameters");
  const { reason, held, meaningless } = nestingOf(a.models, b.models, using.registry);
  if (reason !== "") return none(`not nested: ${reason}`);
  const failed = [a, b].find(({ fit }) => !fit.success);
  if (failed !== undefined) return none(`the fit of ${failed.name} is no success`);
  const limits = held.filter(({ atLimit }) => atLimit).map(({ id }) => id);
  const boundary = limits.length === 1;
  const comparison = compareModels(a.fit, b.fit, { boundary });
  const guide = "the probability is a guide only, gammats test --toys gives one to rely on";
  const tested = held.map(({ id }) => id);
  const stopped = [atLimits(a.models), atLimits(b.models)].flat().filter((id) => !tested.includes(id));
  const few = b.datasets === undefined ? "" : fewCountsMessage(b.datasets, b.models, tested, using);
  const messages = [
    few === "" ? "" : `${few}: ${guide}`,
    comparison.message,
    meaningless.length === 0 ? "" : `${listed(meaningless)} nothing in the simpler models: ${guide}`,
    limits.length < 2
      ? ""
      : `several parameters stand at limits (${limits.join(", ")}): the probability is smaller than that`,
    stopped.length === 0 ? "" : `${stopped.join(", ")} at a limit, where -2 ln L need not follow chi2: ${guide}`,
  ];
  return { names, reason: "", comparison, boundary, message: messages.filter((text) => text !== "").join("; ") };
}

/** Free parameters that stand at one of their limits. */
const atLimits = (models: Models) =>
  allParameters(models).flatMap(({ id, parameter: p }) =>
    !p.frozen && (p.value === p.min || p.value === p.max) ? [id] : [],
  );

/** No standard deviations where the simpler model does as well: p above a half. */
const significanceOf = ({ comparison }: Ratio) =>
  comparison === undefined || comparison.significance <= 0 ? undefined : comparison.significance;

const listed = (names: readonly string[]) => `${names.join(", ")} ${names.length === 1 ? "means" : "mean"}`;

export function rankedTable(rows: readonly Ranked[]): Table {
  const { text, number, whole } = columnsOf(rows);
  const decimals = 3;
  const reason = "no fit is a success";
  return {
    name: "models",
    about: "Models fitted to the same data",
    columns: [
      text("model", (r) => r.name, { tex: "Model" }),
      number("stat", (r) => r.stat, { decimals, about: "-2 ln L", tex: "$-2 \\ln L$", reason: "it is not finite" }),
      whole("free", (r) => r.nFree, { about: "free parameters", tex: "Free" }),
      number("AIC", (r) => r.aic, { decimals, reason: "it is not finite" }),
      number("delta_AIC", (r) => r.deltaAic, { decimals, about: "above the lowest", tex: "$\\Delta$AIC", reason }),
      number("BIC", (r) => r.bic, { decimals, reason: "it is not finite" }),
      number("delta_BIC", (r) => r.deltaBic, { decimals, about: "above the lowest", tex: "$\\Delta$BIC", reason }),
      text("fit", (r) => (r.success ? "success" : `no success: ${r.message}`), { inTex: false }),
    ],
    meta: { n_bins: rows[0]?.nBins ?? 0 },
  };
}

export function ratiosTable(rows: readonly Ratio[]): Table {
  const { text, number, whole } = columnsOf(rows);
  const reason = (r: Ratio) => r.reason;
  return {
    name: "ratios",
    about: "Likelihood ratios of nested models",
    columns: [
      text("null", (r) => r.names[0], { about: "the models with fewer free parameters", tex: "Null" }),
      text("alternative", (r) => r.names[1], { tex: "Alternative" }),
      number("TS", (r) => r.comparison?.ts, { decimals: 3, about: "difference of -2 ln L", reason }),
      whole("dof", (r) => r.comparison?.dof, { about: "more free parameters", tex: "d.o.f." }),
      number("p_value", (r) => r.comparison?.pValue, { tex: "$p$", about: "for large counts" }),
      number("significance", significanceOf, {
        decimals: 2,
        about: "one-sided, standard deviations",
        tex: "$\\sigma$ (one-sided)",
        reason: (r) => r.reason || "p is above a half",
      }),
      text("how", (r) => (r.comparison === undefined ? r.reason : lawText(r.comparison.dof, r.boundary)), {
        inTex: false,
      }),
    ],
  };
}
