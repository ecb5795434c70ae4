import type { Dataset } from "../datasets/types.js";
import { allParameters, submodelsOf } from "../models/parameters.js";
import type { Model, Models, Parameter } from "../models/types.js";
import { modelsFor } from "./compile.js";
import { type DatasetInfo, infoTable } from "./info.js";
import type { NpredOptions } from "./npred.js";

/** A summary to read: counts, exposure, bins, statistic, and the models that apply, laid out like Gammapy's print(dataset). */
export function describe(
  dataset: Dataset,
  models: Models = { components: [] },
  options: Pick<NpredOptions, "registry"> = {},
): string {
  const info = infoTable([dataset], models, options)[0]!;
  const applicable = modelsFor(models, dataset.name);
  const parameters = allParameters(applicable);
  const free = parameters.filter(({ parameter }) => !parameter.frozen && parameter.expression === undefined);
  const blocks = [
    [["Name", info.name]],
    ...(dataset.type === "FluxPointsDataset" ? pointBlocks(info) : countBlocks(info)),
    [
      ["Fit statistic type", info.statType],
      ["Fit statistic value (-2 log(L))", info.statSum.toFixed(2)],
    ],
    [
      ["Number of models", `${applicable.length}`],
      ["Number of parameters", `${parameters.length}`],
      ["Number of free parameters", `${free.length}`],
    ],
  ];
  const text = blocks.map((lines) => lines.map(([key, value]) => line(key!, value!)).join("\n"));
  return [info.type, "-".repeat(info.type.length), "", text.join("\n\n"), describeModels(applicable), ""].join("\n");
}

const line = (key: string, value: string, indent = 2, width = 32) =>
  `${" ".repeat(indent)}${key.padEnd(width)}: ${value}`;

function countBlocks(info: DatasetInfo): string[][][] {
  const exposure = (x: number) => `${Number.isNaN(x) ? "nan" : x.toExponential(2)} cm2 s`;
  const number = (x: number, digits = 2) => (Number.isNaN(x) ? "nan" : x.toFixed(digits));
  const off =
    info.countsOff === undefined
      ? []
      : [
          [
            ["Total counts_off", number(info.countsOff, 0)],
            ["Acceptance", number(info.acceptance!)],
            ["Acceptance off", number(info.acceptanceOff!)],
          ],
        ];
  return [
    [
      ["Total counts", number(info.counts, 0)],
      ["Total background counts", number(info.background)],
      ["Total excess counts", number(info.excess)],
    ],
    ...off,
    [
      ["Predicted counts", number(info.npred)],
      ["Predicted background counts", number(info.npredBackground)],
      ["Predicted excess counts", number(info.npredSignal)],
    ],
    [
      ["Exposure min", exposure(info.exposureMin)],
      ["Exposure max", exposure(info.exposureMax)],
    ],
    [
      ["Number of total bins", `${info.nBins}`],
      ["Number of fit bins", `${info.nFitBins}`],
    ],
  ];
}

function pointBlocks(info: DatasetInfo): string[][][] {
  return [
    [
      ["Number of total flux points", `${info.nBins}`],
      ["Number of fit bins", `${info.nFitBins}`],
    ],
  ];
}

/** Models one after the other, each with its parts and parameters. */
export function describeModels(models: readonly Model[]): string {
  return models.map((model, i) => `\n  Component ${i}: ${model.type}\n\n${describeModel(model)}`).join("\n");
}

function describeModel(model: Model): string {
  const parts = submodelsOf(model);
  const lines = [
    line("Name", model.name, 4, 26),
    ...(model.datasetsNames ? [line("Datasets names", model.datasetsNames.join(", "), 4, 26)] : []),
    ...parts.map(({ kind, submodel }) =>
      line(`${kind[0]!.toUpperCase()}${kind.slice(1)} model type`, submodel.type, 4, 26),
    ),
    "    Parameters:",
    ...parts.flatMap(({ submodel }) => submodel.parameters.map(describeParameter)),
  ];
  return `${lines.join("\n")}\n`;
}

function describeParameter({ name, value, error, unit, frozen, link, expression }: Parameter): string {
  const digits = (x: number, n: number) => `${Number(x.toPrecision(n))}`;
  const state =
    expression !== undefined
      ? ` (= ${expression})`
      : link !== undefined
        ? ` (link ${link})`
        : frozen
          ? " (frozen)"
          : "";
  const uncertainty = frozen || !(error > 0) ? "" : ` +/- ${digits(error, 2)}`;
  return line(`${name}${state}`, `${digits(value, 6)}${uncertainty} ${unit}`.trimEnd(), 6, 30);
}
