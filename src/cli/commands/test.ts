import { nestedPValue } from "../../api/estimators.js";
import { fit } from "../../api/fit.js";
import { compareModels, informationCriteria } from "../../fit/goodness.js";
import type { FitResult } from "../../fit/result.js";
import { shown } from "../../io/table/digits.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { type ToyOptions, toyRunner } from "../executor.js";
import { fewCountsMessage } from "../few-counts.js";
import { type FitSettings, notConverged, turn } from "../fitted.js";
import { labelOf, wholeNumber } from "../numbers.js";
import {
  lawText,
  pText,
  pValueTable,
  type SignificanceRow,
  significanceTable,
  significanceText,
  toyDocument,
  toyPicture,
  toyRow,
} from "../p-value.js";
import { type QuestionOptions, questionOf } from "../question.js";
import { giveResults, refuseEarly } from "../results.js";
import { showTable } from "../tables.js";

interface Options extends FitSettings, ToyOptions, QuestionOptions {
  readonly toys?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const n = options.toys === undefined ? 0 : wholeNumber(options.toys, "--toys", 2);
  const runToys = toyRunner(context, options);
  await refuseEarly(context, options, "test.json");
  const { datasets, models } = await readAnalysis(context, paths, options);
  const question = questionOf(datasets, models, options, context.using);
  const { names, boundary } = question;
  const fits: FitResult[] = [];
  for (const hypothesis of [question.null, question.alternative]) {
    const result = fit(datasets, hypothesis, { backend: options.backend, signal: context.signal, ...context.using });
    await turn(context);
    if (!result.success) return notConverged(context, result, "test");
    fits.push(result);
  }
  const [without, alternative] = fits as [FitResult, FitResult];
  const found = compareModels(without, alternative, { boundary });
  const byToys =
    n === 0
      ? undefined
      : await runToys("toys", n, (work) =>
          nestedPValue(datasets, without.models, alternative.models, { ...work, n, boundary, ...context.using }),
        );

  const rows = fits.map((result, i) => ({ name: names[i]!, stat: result.totalStat, ...informationCriteria(result) }));
  const hypotheses = hypothesesTable(rows);
  showTable(context, hypotheses);
  const more = alternative.free.ids.filter((id) => !without.free.ids.includes(id));
  const fitted = more.map((id) => alternative.parameters.find((p) => p.id === id)!);
  for (const p of fitted) context.print(`${labelOf(p)} = ${shown(p.value, p.error)} +- ${shown(p.error, p.error)}`);
  context.print(`\nTS ${found.ts.toFixed(3)}`);
  const large = { name: "large counts", p: pText(found.pValue), significance: significanceText(found.significance) };
  const law = lawText(found.dof, boundary);
  const ofToys = byToys && toyRow("toys", byToys);
  showTable(context, pValueTable([{ ...large, how: law }, ...(ofToys ? [ofToys] : [])]));
  const { ts, dof } = found;
  const significances = (): SignificanceRow[] => [
    { method: "large counts", ts, dof, p: found.pValue, significance: found.significance, how: law },
    ...(byToys && ofToys ? [{ ...byToys, method: "toys" as const, ts, dof, p: byToys.pValue, how: ofToys.how }] : []),
  ];
  const given =
    options.extension === undefined ? undefined : fit(datasets, models, { backend: options.backend, ...context.using });
  if (given?.success && given.totalStat < Math.min(...rows.map((r) => r.stat)) - 1) {
    context.note(
      `gammats: the models as given have a lower stat, ${given.totalStat.toFixed(3)}: the source is narrower than these pixels can tell`,
    );
  }
  const few = fewCountsMessage(datasets, alternative.models, more, context.using);
  for (const text of [found.message, question.message, few]) {
    if (text !== "") context.note(`gammats: ${text}${text === found.message ? "" : guide(n)}`);
  }
  if (byToys !== undefined && byToys.nUnconverged > 0) {
    context.note(
      `gammats: in ${byToys.nUnconverged} toys the fit of "${names[1]}" did not converge; the statistic that it reached counts`,
    );
  }
  await giveResults(context, {
    overwrite: options.overwrite,
    name: "test",
    document: {
      success: found.message === "",
      ts: found.ts,
      dof: found.dof,
      boundary,
      p_value: found.pValue,
      significance: found.significance,
      message: [found.message, question.message, few].filter((text) => text !== "").join("; "),
      hypotheses: rows.map(({ name, stat, nFree, nBins, aic, aicc, bic }) => ({
        name,
        total_stat: stat,
        n_free: nFree,
        n_bins: nBins,
        aic,
        aicc,
        bic,
      })),
      parameters: fitted.map(({ id, unit, value, error }) => ({ parameter: id, unit, value, error })),
      ...(byToys !== undefined && {
        toys: { ...toyDocument(byToys, Number(options.seed)), n_unconverged: byToys.nUnconverged },
      }),
    },
    tables: { significance: () => significanceTable(significances()), hypotheses: () => hypotheses },
    pictures: () => ({ ...(byToys !== undefined && { test: toyPicture(byToys, "TS", context.look) }) }),
  });
  return found.message === "" ? 0 : 1;
}

interface Hypothesis {
  readonly name: string;
  readonly stat: number;
  readonly nFree: number;
  readonly aic: number;
  readonly bic: number;
}

function hypothesesTable(rows: readonly Hypothesis[]): Table {
  const { text, number, whole } = columnsOf(rows);
  return {
    name: "hypotheses",
    about: "Nested models",
    columns: [
      text("hypothesis", (r) => r.name),
      whole("free", (r) => r.nFree),
      number("stat", (r) => r.stat, { decimals: 3 }),
      number("AIC", (r) => r.aic, { decimals: 3 }),
      number("BIC", (r) => r.bic, { decimals: 3 }),
    ],
  };
}

const guide = (n: number) =>
  `; the probability for large counts is a guide only${n === 0 ? ", --toys 1000 gives one to rely on" : ""}`;
