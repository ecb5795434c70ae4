/** What `gammats test` is asked, as two nested models. */
import type { RegistryOption } from "../api/context.js";
import { cutoffHypotheses, extensionHypotheses, sourceHypotheses } from "../api/estimators.js";
import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { Hypotheses } from "../estimators/hypotheses.js";
import { allParameters } from "../models/parameters.js";
import type { Models } from "../models/types.js";
import { parameterNamed } from "./parameter-names.js";
import { changeModels } from "./settings.js";

export interface QuestionOptions {
  readonly source?: string;
  readonly cutoff?: string;
  readonly extension?: string;
  /** `"<model>.<parameter>=<value>"` */
  readonly hold?: readonly string[];
}

export interface Question extends Hypotheses {
  /** In the singular, for tables: "no source", "source". */
  readonly names: readonly [nullName: string, alternative: string];
  /** One parameter stands at its limit in the null hypothesis. */
  readonly boundary: boolean;
}

export function questionOf(
  datasets: readonly Dataset[],
  models: Models,
  options: QuestionOptions,
  using: RegistryOption,
): Question {
  const { source, cutoff, extension, hold } = options;
  if ([source, cutoff, extension, hold].filter((x) => x !== undefined).length !== 1) {
    throw new SpecError(
      'test: say what to test with one of --source, --cutoff, --extension and --hold "parameter=value"',
    );
  }
  if (source !== undefined) return named(sourceHypotheses(models, source, using), "no source", "source");
  if (cutoff !== undefined) return named(cutoffHypotheses(models, cutoff, using), "power law", "cutoff");
  if (extension !== undefined)
    return named(extensionHypotheses(datasets, models, extension, using), "point", "extended");
  return held(models, hold!);
}

const named = (hypotheses: Hypotheses, nullName: string, alternative: string): Question => ({
  ...hypotheses,
  names: [nullName, alternative],
  boundary: true,
});

function held(models: Models, hold: readonly string[]): Question {
  const ids = hold.map((text) => text.slice(0, Math.max(0, text.lastIndexOf("="))).trim());
  const change = changeModels(models, { set: hold }, "--hold");
  const after = ids.map((id) => parameterNamed(allParameters(change), id, "--hold").parameter);
  ids.forEach((id, i) => {
    if (after[i]!.frozen)
      throw new SpecError(`--hold "${hold[i]}": ${id} is frozen already; let it vary with --free "${id}"`);
  });
  const [first] = after;
  return {
    null: changeModels(change, { freeze: ids }),
    alternative: models,
    message: "",
    names: [hold.join(", "), "free"],
    boundary: after.length === 1 && (first!.value === first!.min || first!.value === first!.max),
  };
}
