import { toys } from "../../api/estimators.js";
import { type CoverageFraction, coverage, type ParameterCoverage } from "../../estimators/coverage.js";
import type { Toys } from "../../estimators/toys.js";
import { numbers, whole } from "../../io/table/columns.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { histogramPlot } from "../../plot/histogram.js";
import { filesAnd } from "../arguments.js";
import type { Context } from "../context.js";
import { type ToyOptions, toyRunner } from "../executor.js";
import { type FitSettings, fitAnalysis, freeIds, notConverged } from "../fitted.js";
import { fileName, labelOf, wholeNumber } from "../numbers.js";
import { giveResults, refuseEarly } from "../results.js";
import { showTable } from "../tables.js";

interface Options extends FitSettings, ToyOptions {
  readonly minos?: readonly string[];
  /** `--no-fit` */
  readonly fit: boolean;
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const { paths, words } = await filesAnd(context, args, ["n"], "toys");
  const n = wholeNumber(words[0]!, "toys: the number of toys", 2);
  const runToys = toyRunner(context, options);
  let minos: string[] = [];
  await refuseEarly(context, options, "toys.json");
  const { joint, result } = await fitAnalysis(context, paths, options, (j) => {
    minos = freeIds(j, options.minos ?? [], "--minos");
  });
  if (options.fit && !result.success) return notConverged(context, result, "toys");

  const truth = options.fit ? result.models : joint.models;
  const found = await runToys("toys", n, (work) =>
    toys(joint.datasets, truth, { ...work, n, minos, ...context.using }),
  );

  const summaries = coverage(found);
  const converged = found.success.reduce((sum, ok) => sum + ok, 0);
  context.print(`${n} toys, seed ${found.seed}: ${converged} fits converged, ${n - converged} did not`);
  showTable(context, summaryTable(summaries, minos.length > 0));
  if (converged < n) context.note(`gammats: ${n - converged} of ${n} toys are left out: their fits did not converge`);
  for (const s of summaries) {
    const without = converged - s.hessian.n;
    if (without > 0) {
      context.note(
        `gammats: ${without} of ${n} toys gave no valid error of ${s.id}: they count as failures, and are not among its pulls and coverage`,
      );
    }
  }
  await giveResults(context, {
    overwrite: options.overwrite,
    name: "toys",
    document: {
      success: converged > 0,
      n,
      seed: found.seed,
      converged,
      parameters: summaries.map((s) => ({
        parameter: s.id,
        unit: s.unit,
        truth: s.truth,
        mean: s.mean,
        std: s.std,
        mean_error: s.meanError,
        pull_mean: s.pullMean,
        pull_mean_error: s.pullMeanError,
        pull_width: s.pullWidth,
        pull_width_error: s.pullWidthError,
        coverage: s.hessian.fraction,
        coverage_error: s.hessian.error,
        ...(s.minos && { minos_coverage: s.minos.fraction, minos_coverage_error: s.minos.error }),
        used: s.hessian.n,
      })),
    },
    tables: { toys: () => tableOf(found), summary: () => summaryFile(summaries) },
    pictures: () =>
      Object.fromEntries(
        found.ids.map((id, j) => [
          `pulls-${fileName(id)}`,
          histogramPlot({
            samples: [{ label: `${summaries[j]!.hessian.n} toys`, values: summaries[j]!.pulls }],
            normal: { label: "Normal distribution", mean: 0, sigma: 1 },
            xLabel: `(${id} − truth) / error`,
            yLabel: "Toys",
            ...context.look,
          }),
        ]),
      ),
  });
  return converged > 0 ? 0 : 1;
}

const percent = ({ fraction, error }: CoverageFraction) =>
  `${(100 * fraction).toFixed(1)} +- ${(100 * error).toFixed(1)} %`;

/** For people: rounded, what belongs together in one cell. */
function summaryTable(summaries: readonly ParameterCoverage[], hasMinos: boolean): Table {
  const { text, number } = columnsOf(summaries);
  const scale = (s: ParameterCoverage) => s.std;
  return {
    name: "summary",
    columns: [
      text("parameter", labelOf),
      number("truth", (s) => s.truth, { scale }),
      number("mean", (s) => s.mean, { scale }),
      number("std", scale, { scale }),
      number("mean error", (s) => s.meanError, { scale }),
      text("pull mean", (s) => `${s.pullMean.toFixed(3)} +- ${s.pullMeanError.toFixed(3)}`),
      text("pull width", (s) => `${s.pullWidth.toFixed(3)} +- ${s.pullWidthError.toFixed(3)}`),
      text("coverage", (s) => percent(s.hessian)),
      ...(hasMinos
        ? [text("MINOS coverage", (s) => (s.minos === undefined ? "not asked for" : percent(s.minos)))]
        : []),
    ],
  };
}

/** The same for a file. */
function summaryFile(summaries: readonly ParameterCoverage[]): Table {
  const { text, number, whole: count } = columnsOf(summaries);
  const units = (s: ParameterCoverage) => s.unit;
  const reason = "no toy gave a valid error";
  const hasMinos = summaries.some((s) => s.minos !== undefined);
  return {
    name: "summary",
    about: "Toys: bias, pulls and coverage",
    columns: [
      text("parameter", (s) => s.id),
      text("unit", units),
      number("truth", (s) => s.truth, { scale: (s) => s.std }),
      number("mean", (s) => s.mean, { scale: (s) => s.std, reason }),
      number("std", (s) => s.std, { scale: (s) => s.std, reason }),
      number("mean_error", (s) => s.meanError, { scale: (s) => s.std, reason }),
      number("pull_mean", (s) => s.pullMean, { err: (s) => s.pullMeanError, reason }),
      number("pull_width", (s) => s.pullWidth, { err: (s) => s.pullWidthError, reason }),
      number("coverage", (s) => s.hessian.fraction, { err: (s) => s.hessian.error, reason }),
      ...(hasMinos
        ? [
            number("minos_coverage", (s) => s.minos?.fraction, {
              err: (s) => s.minos?.error,
              reason: (s) => (s.minos === undefined ? "not asked for" : reason),
            }),
          ]
        : []),
      count("used", (s) => s.hessian.n),
    ],
  };
}

function tableOf(found: Toys): Table {
  const { n, seed, ids, units, minos, stat, statTruth, saturated, success } = found;
  const column = (values: Float64Array, width: number, j: number) =>
    Float64Array.from({ length: n }, (_, i) => values[i * width + j]!);
  const reason = Array.from(success, (ok) => (ok === 1 ? "no valid error" : "the fit did not converge"));
  return {
    name: "toys",
    about: "Toys",
    columns: [
      whole(
        "toy",
        Array.from({ length: n }, (_, i) => i),
      ),
      whole("success", success),
      numbers("stat", stat, { reason }),
      numbers("stat_truth", statTruth, { reason }),
      numbers("stat_saturated", saturated, { reason }),
      ...ids.map((id, j) => {
        const m = minos.indexOf(j);
        return numbers(id, column(found.values, ids.length, j), {
          unit: units[j],
          err: column(found.errors, ids.length, j),
          reason,
          ...(m >= 0 && { errn: column(found.errn, minos.length, m), errp: column(found.errp, minos.length, m) }),
        });
      }),
    ],
    // toy i depends on the seed and i alone
    meta: { SEED: seed },
  };
}
