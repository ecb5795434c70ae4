/** The best fit that profile, contour, sample and toys look around. */

import { compileJoint } from "../api/fit.js";
import type { Dataset } from "../datasets/types.js";
import { SpecError, unknownName } from "../errors.js";
import { fitJoint } from "../fit/fit.js";
import type { Joint } from "../fit/joint.js";
import type { FitResult } from "../fit/result.js";
import { slotOf } from "../fit/search.js";
import type { Analysis } from "../io/yaml/analysis.js";
import type { Minimizer } from "../minimize/index.js";
import { readAnalysis } from "./analysis.js";
import type { Context } from "./context.js";
import type { Settings } from "./settings.js";

export interface FitSettings extends Settings {
  readonly backend?: Minimizer["name"];
}

export interface FittedAnalysis {
  readonly datasets: readonly Dataset[];
  readonly joint: Joint;
  readonly result: FitResult;
  readonly text: Analysis["text"];
}

/** Reads and compiles; `check` may look at what the command line names before the fit is done. */
export async function fitAnalysis(
  context: Context,
  [datasetsPath, modelsPath]: readonly string[],
  options: FitSettings,
  check?: (joint: Joint) => void,
): Promise<FittedAnalysis> {
  const { datasets, models, text } = await readAnalysis(context, datasetsPath!, modelsPath!, options);
  const joint = compileJoint(datasets, models, { ...context.using, maxBytes: context.files.freeBytes?.() });
  check?.(joint);
  await turn(context);
  const progress = context.progress("fit, evaluations");
  const onEvaluation = (nfev: number) => progress.update(nfev, Number.POSITIVE_INFINITY);
  const result = context.compute(() => fitJoint(joint, { backend: options.backend, onEvaluation }));
  progress.end();
  for (const warning of result.warnings) context.note(`gammats: ${warning}`);
  await turn(context);
  return { datasets, joint, result, text };
}

/** What to say of a fit that is no success. */
export function failureInWords({ reason, message }: FitResult): string {
  return reason === "errors not confirmed"
    ? `the fit is at a minimum, but not all of its errors can be used: ${message}`
    : `the fit did not converge: ${message}`;
}

/** Says why there is nothing to look around, and returns the exit status. */
export function notConverged(context: Context, result: FitResult, command: string): 1 {
  context.fail(`gammats ${command}: ${failureInWords(result)}`);
  context.document({ success: false, message: result.message });
  return 1;
}

/** Lets Ctrl-C and timers have their turn; throws if the command was interrupted. */
export async function turn({ signal }: Context): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}

/** Full names of free parameters; the name alone will do where only one model has it. */
export function freeIds(joint: Joint, names: readonly string[], where: string): string[] {
  return names.map((text) => {
    const name = text.trim();
    const alone = joint.entries.filter((entry) => entry.name === name);
    if (alone.length > 1) {
      throw new SpecError(
        `${where}: several models have a parameter "${name}"; write ${alone.map((entry) => `"${entry.id}"`).join(" or ")}`,
      );
    }
    if (alone.length === 0 && !name.includes(".")) {
      throw unknownName(where, "parameter", name, new Set(joint.entries.map((entry) => entry.name)));
    }
    const id = alone[0]?.id ?? name;
    return joint.parameters[slotOf(joint, id, where)]!.id;
  });
}
