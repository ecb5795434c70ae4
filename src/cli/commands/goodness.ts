import { toyGoodness } from "../../api/estimators.js";
import { goodnessOfFit, informationCriteria } from "../../fit/goodness.js";
import { isMinimum } from "../../fit/search.js";
import type { Context } from "../context.js";
import { type ToyOptions, toyRunner } from "../executor.js";
import { type FitSettings, fitAnalysis, notConverged } from "../fitted.js";
import { wholeNumber } from "../numbers.js";
import { pText, toyDocument, toyPicture, toyRow } from "../p-value.js";
import { giveResults, refuseEarly } from "../results.js";
import { textTable } from "../table.js";

interface Options extends FitSettings, ToyOptions {
  readonly toys?: string;
  readonly out?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const n = options.toys === undefined ? 0 : wholeNumber(options.toys, "--toys", 2);
  const runToys = toyRunner(context, options);
  await refuseEarly(context, options, "goodness");
  const { joint, result } = await fitAnalysis(context, paths, options);
  if (!isMinimum(result)) return notConverged(context, result, "goodness");
  const found = goodnessOfFit(joint, result);
  const { aic, aicc, bic, nFree, nBins } = informationCriteria(result);
  const all = { ...found, name: "all", nBins };
  const saturated = result.totalStat - found.deviance;
  const byToys =
    n === 0
      ? undefined
      : await runToys("toys", n, (work) =>
          toyGoodness(joint.datasets, result.models, { ...work, n, ...context.using }),
        );

  context.print(
    textTable(
      ["dataset", "bins", "deviance", "expected", "p-value"],
      [...found.datasets, all].map((d) => [
        d.name,
        d.nBins,
        d.deviance.toFixed(2),
        `${d.expected.toFixed(1)} +- ${d.spread.toFixed(1)}`,
        pText(d.pValue),
      ]),
    ),
  );
  if (byToys !== undefined) context.print(textTable(["all", "p-value", "", ""], [toyRow("toys", byToys)]));
  context.print(
    `total stat ${result.totalStat.toFixed(3)}, of a model that predicts the data exactly ${saturated.toFixed(3)}\n` +
      `${nFree} free parameters, AIC ${aic.toFixed(3)}, AICc ${aicc.toFixed(3)}, BIC ${bic.toFixed(3)}`,
  );
  if (found.message !== "" && byToys === undefined) context.note(`gammats: ${found.message}: --toys 1000`);
  await giveResults(context, {
    folder: options.out,
    overwrite: options.overwrite,
    name: "goodness",
    document: {
      success: true,
      total_stat: result.totalStat,
      stat_saturated: saturated,
      deviance: found.deviance,
      dof: found.dof,
      expected: found.expected,
      spread: found.spread,
      p_value: found.pValue,
      message: found.message,
      ...(byToys !== undefined && { toys: toyDocument(byToys, Number(options.seed)) }),
      aic,
      aicc,
      bic,
      n_free: nFree,
      n_bins: nBins,
      datasets: found.datasets.map(({ name, nBins: bins, deviance, expected, spread, pValue, message }) => ({
        name,
        n_bins: bins,
        deviance,
        expected,
        spread,
        p_value: pValue,
        message,
      })),
    },
    pictures: () => ({ ...(byToys !== undefined && { goodness: toyPicture(byToys, "Deviance", context.look) }) }),
  });
  return 0;
}
