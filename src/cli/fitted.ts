/** The best fit that profile, contour, sample and toys look around. */

import { compileJoint } from "../api/fit.js";
import type { Dataset } from "../datasets/types.js";
import { fitJoint } from "../fit/fit.js";
import type { Joint } from "../fit/joint.js";
import type { FitResult } from "../fit/result.js";
import { slotOf } from "../fit/search.js";
import type { Minimizer } from "../minimize/index.js";
import type { Models } from "../models/types.js";
import { type AnalysisOptions, type ReadAnalysis, readAnalysis } from "./analysis.js";
import type { Context } from "./context.js";
import { parameterNamed } from "./parameter-names.js";

export interface FitSettings extends AnalysisOptions {
  readonly backend?: Minimizer["name"];
}

export interface FittedAnalysis {
  readonly datasets: readonly Dataset[];
  readonly joint: Joint;
  readonly result: FitResult;
  readonly text: ReadAnalysis["text"];
  /** The datasets.yaml, where one is given. */
  readonly list: string | undefined;
}

/** Reads and compiles; `check` may look at what the command line names before the fit is done. */
export async function fitAnalysis(
  context: Context,
  paths: readonly string[],
  options: FitSettings,
  check?: (joint: Joint) => void,
): Promise<FittedAnalysis> {
  const { datasets, models, text, list } = await readAnalysis(context, paths, options);
  return { datasets, text, list, ...(await fitDatasets(context, datasets, models, options, check)) };
}

/** Compiles and fits, with progress; what the result warns of is said. */
export async function fitDatasets(
  context: Context,
  datasets: readonly Dataset[],
  models: Models,
  { backend }: Pick<FitSettings, "backend">,
  check?: (joint: Joint) => void,
): Promise<Pick<FittedAnalysis, "joint" | "result">> {
  const joint = compileJoint(datasets, models, { ...context.using, maxBytes: context.files.freeBytes?.() });
  check?.(joint);
  await turn(context);
  const progress = context.progress("fit, evaluations");
  const onEvaluation = (nfev: number) => progress.update(nfev, Number.POSITIVE_INFINITY);
  const result = context.compute(() => fitJoint(joint, { backend, onEvaluation }));
  progress.end();
  for (const warning of result.warnings) context.note(`gammats: ${warning}`);
  await turn(context);
  return { joint, result };
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

/** Full names of free parameters; the name alone will do where only one model has a free one. */
export function freeIds(joint: Joint, names: readonly string[], where: string): string[] {
  const free = new Set(joint.places.map(({ entry }) => joint.entries[entry]));
  return names.map((name) => {
    const { id } = parameterNamed(joint.entries, name, where, (entry) => free.has(entry));
    return joint.parameters[slotOf(joint, id, where)]!.id;
  });
}
