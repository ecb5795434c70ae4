import { toyGoodness } from "../../api/estimators.js";
import { goodnessOfFit, informationCriteria } from "../../fit/goodness.js";
import { isMinimum } from "../../fit/search.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import type { Context } from "../context.js";
import { type ToyOptions, toyRunner } from "../executor.js";
import { type FitSettings, fitAnalysis, notConverged } from "../fitted.js";
import { wholeNumber } from "../numbers.js";
import { pText, pValueTable, toyDocument, toyPicture, toyRow } from "../p-value.js";
import { giveResults, refuseEarly } from "../results.js";
import { showTable } from "../tables.js";

interface Options extends FitSettings, ToyOptions {
  readonly toys?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const n = options.toys === undefined ? 0 : wholeNumber(options.toys, "--toys", 2);
  const runToys = toyRunner(context, options);
  await refuseEarly(context, options, "goodness.json");
  const { joint, result } = await fitAnalysis(context, paths, options);
  if (!isMinimum(result)) return notConverged(context, result, "goodness");
  const found = goodnessOfFit(joint, result);
  const { aic, aicc, bic, nFree, nBins } = informationCriteria(result);
  const all = { ...found, name: "all", nBins };
  const deviances = (use: "text" | "file"): Table => {
    const { text, number, whole } = columnsOf([...found.datasets, all]);
    return {
      name: "goodness",
      about: "Deviance of each dataset",
      columns: [
        text("dataset", (d) => d.name),
        whole("bins", (d) => d.nBins),
        number("deviance", (d) => d.deviance, { decimals: 2 }),
        number("expected", (d) => d.expected, { err: (d) => d.spread, about: "with its standard deviation" }),
        use === "text" ? text("p_value", (d) => pText(d.pValue)) : number("p_value", (d) => d.pValue),
      ],
    };
  };
  const saturated = result.totalStat - found.deviance;
  const byToys =
    n === 0
      ? undefined
      : await runToys("toys", n, (work) =>
          toyGoodness(joint.datasets, result.models, { ...work, n, ...context.using }),
        );

  showTable(context, deviances("text"));
  if (byToys !== undefined) showTable(context, pValueTable([toyRow("toys", byToys)]));
  context.print(
    `total stat ${result.totalStat.toFixed(3)}, of a model that predicts the data exactly ${saturated.toFixed(3)}\n` +
      `${nFree} free parameters, AIC ${aic.toFixed(3)}, AICc ${aicc.toFixed(3)}, BIC ${bic.toFixed(3)}`,
  );
  if (found.message !== "" && byToys === undefined) context.note(`gammats: ${found.message}: --toys 1000`);
  await giveResults(context, {
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
    tables: { goodness: () => deviances("file") },
    pictures: () => ({ ...(byToys !== undefined && { goodness: toyPicture(byToys, "Deviance", context.look) }) }),
  });
  return 0;
}
