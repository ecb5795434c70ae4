import type { Dataset } from "../datasets/types.js";
import { allParameters, submodelsOf } from "../models/parameters.js";
import type { Model, Models, Parameter } from "../models/types.js";
import type { KindContext } from "./kind.js";
import { modelsFor } from "./kind.js";
import { kindOf } from "./registry.js";

/** A summary to read: counts, exposure, bins, statistic, and the models that apply, laid out like Gammapy's print(dataset). */
export function describe(dataset: Dataset, context: KindContext): string {
  const kind = kindOf(dataset, context.registry);
  const info = kind.info(dataset, context);
  const applicable = modelsFor(context.models, dataset.name);
  const parameters = allParameters(applicable);
  const free = parameters.filter(({ parameter }) => !parameter.frozen && parameter.expression === undefined);
  const blocks = [
    [["Name", info.name] as const],
    ...kind.summary(info),
    [
      ["Fit statistic type", info.statType] as const,
      ["Fit statistic value (-2 log(L))", info.statSum.toFixed(2)] as const,
    ],
    [
      ["Number of models", `${applicable.length}`] as const,
      ["Number of parameters", `${parameters.length}`] as const,
      ["Number of free parameters", `${free.length}`] as const,
    ],
  ];
  const text = blocks.map((lines) => lines.map(([label, value]) => line(label, value)).join("\n"));
  return [
    info.type,
    "-".repeat(info.type.length),
    "",
    text.join("\n\n"),
    formatModels({ components: applicable }),
    "",
  ].join("\n");
}

const line = (key: string, value: string, indent = 2, width = 32) =>
  `${" ".repeat(indent)}${key.padEnd(width)}: ${value}`;

/** Models one after the other, each with its parts and parameters. */
export function formatModels({ components }: Pick<Models, "components">): string {
  return components.map((model, i) => `\n  Component ${i}: ${model.type}\n\n${describeModel(model)}`).join("\n");
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
