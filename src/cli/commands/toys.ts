import { toys } from "../../api/estimators.js";
import { type CoverageFraction, coverage } from "../../estimators/coverage.js";
import type { Toys } from "../../estimators/toys.js";
import { type ColumnTable, writeColumnTable } from "../../io/column-table.js";
import { histogramPlot } from "../../plot/histogram.js";
import { filesAnd } from "../arguments.js";
import type { Context } from "../context.js";
import { type ToyOptions, toyRunner } from "../executor.js";
import { type FitSettings, fitAnalysis, freeIds, notConverged } from "../fitted.js";
import { fileName, labelOf, shown, wholeNumber } from "../numbers.js";
import { giveResults, refuseEarly } from "../results.js";
import { textTable } from "../table.js";

interface Options extends FitSettings, ToyOptions {
  readonly minos?: readonly string[];
  /** `--no-fit` */
  readonly fit: boolean;
  readonly format: "fits" | "csv";
  readonly out?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const { paths, words } = await filesAnd(context, args, ["n"], "toys");
  const n = wholeNumber(words[0]!, "toys: the number of toys", 2);
  const runToys = toyRunner(context, options);
  let minos: string[] = [];
  await refuseEarly(context, options, "toys");
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
  context.print(
    textTable(
      [
        "parameter",
        "truth",
        "mean",
        "std",
        "mean error",
        "pull mean",
        "pull width",
        "coverage",
        ...(minos.length > 0 ? ["MINOS coverage"] : []),
      ],
      summaries.map((s) => [
        labelOf(s),
        shown(s.truth, s.std),
        shown(s.mean, s.std),
        shown(s.std, s.std),
        shown(s.meanError, s.std),
        `${s.pullMean.toFixed(3)} +- ${s.pullMeanError.toFixed(3)}`,
        `${s.pullWidth.toFixed(3)} +- ${s.pullWidthError.toFixed(3)}`,
        percent(s.hessian),
        ...(minos.length > 0 ? [s.minos === undefined ? "-" : percent(s.minos)] : []),
      ]),
    ),
  );
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
    folder: options.out,
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
    tables: () => ({ [`toys.${options.format}`]: writeColumnTable(tableOf(found), options.format) }),
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

function tableOf(found: Toys): ColumnTable {
  const { n, seed, ids, units, minos, stat, statTruth, saturated, success } = found;
  const column = (values: Float64Array, width: number, j: number) =>
    Float64Array.from({ length: n }, (_, i) => values[i * width + j]!);
  return {
    name: "TOYS",
    columns: [
      { name: "toy", data: Int32Array.from({ length: n }, (_, i) => i) },
      { name: "success", data: Int32Array.from(success) },
      { name: "stat", data: stat },
      { name: "stat_truth", data: statTruth },
      { name: "stat_saturated", data: saturated },
      ...ids.flatMap((id, j) => [
        { name: id, unit: units[j], data: column(found.values, ids.length, j) },
        { name: `${id}_err`, unit: units[j], data: column(found.errors, ids.length, j) },
      ]),
      ...minos.flatMap((j, m) => [
        { name: `${ids[j]}_errn`, unit: units[j], data: column(found.errn, minos.length, m) },
        { name: `${ids[j]}_errp`, unit: units[j], data: column(found.errp, minos.length, m) },
      ]),
    ],
    cards: [{ key: "SEED", value: seed, comment: "toy i depends on the seed and i alone" }],
  };
}
