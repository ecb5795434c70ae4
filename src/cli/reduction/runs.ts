/** Runs read and reduced, one after the other. */
import type { MapDataset, OnOffDataset } from "../../datasets/types.js";
import { FormatError, GammatsError, SpecError } from "../../errors.js";
import type { ObservationEntry } from "../../events/index-types.js";
import type { Observation } from "../../events/types.js";
import { createObservationReader } from "../../io/dl3/observations.js";
import { fovNorm, withFovNorm } from "../../reduce/fov-background.js";
import { createMapReducer } from "../../reduce/map.js";
import { reduceSpectrum } from "../../reduce/spectrum.js";
import type { Context } from "../context.js";
import { turn } from "../fitted.js";
import type { Plan } from "./plan.js";

export type Reduced = MapDataset | OnOffDataset;

export interface Skipped {
  readonly id: string;
  readonly message: string;
}

/**
 * Gives `take` the dataset of each run, in their order, and keeps none; `planFor` is asked once, with the first run that can be read.
 * @throws FormatError that names the run which cannot be read or reduced, unless `skipBroken`.
 */
export async function reduceRuns(
  context: Context,
  entries: readonly ObservationEntry[],
  planFor: (first: Observation) => Promise<Plan>,
  take: (dataset: Reduced, plan: Plan) => void,
  { skipBroken }: { readonly skipBroken: boolean },
): Promise<{ readonly skipped: readonly Skipped[]; readonly plan: Plan }> {
  const reader = createObservationReader(context.files, { onNote: context.onNote });
  const progress = context.progress("runs");
  const skipped: Skipped[] = [];
  let n = 0;
  let plan: Plan | undefined;
  let reduce: ReturnType<typeof reducerOf> | undefined;
  for (const [k, entry] of entries.entries()) {
    await turn(context);
    let observation: Observation;
    try {
      observation = await reader.read(entry);
    } catch (error) {
      skipped.push(brokenRun(context, entry.id, error, skipBroken));
      progress.update(k + 1, entries.length);
      continue;
    }
    // what is wrong with an option is no fault of the run
    plan ??= await planFor(observation);
    reduce ??= reducerOf(context, plan);
    let made: Reduced | undefined;
    try {
      made = reduce({ ...observation, id: entry.id });
    } catch (error) {
      skipped.push(brokenRun(context, entry.id, error, skipBroken));
    }
    if (made !== undefined && isEmpty(made)) {
      // what the reduction has said of it is the reason
      const message = "no bin of it is in mask_safe";
      context.onNote(`observation ${entry.id} is left out: ${message}`);
      skipped.push({ id: entry.id, message });
    } else if (made !== undefined) {
      take(made, plan);
      n++;
    }
    progress.update(k + 1, entries.length);
  }
  progress.end();
  if (plan === undefined || n === 0) {
    throw new SpecError({
      where: "reduce",
      found: `${entries.length} runs, none of which could be reduced`,
      expected: "one at least that can be read and has events of the target's surroundings",
    });
  }
  return { skipped, plan };
}

/** Nothing of it can be fitted. */
const isEmpty = ({ maskSafe }: Reduced): boolean => maskSafe?.data.every((x) => x === 0) === true;

function brokenRun({ onNote }: Context, id: string, error: unknown, skipBroken: boolean): Skipped {
  if (!(error instanceof GammatsError)) throw error;
  const message = error.message;
  if (!skipBroken) {
    throw new FormatError(`observation ${id}: ${message}; --skip-broken goes on without it`, {
      code: error.code,
      where: error.where,
    });
  }
  onNote(`observation ${id} is left out: ${message}`);
  return { id, message };
}

function reducerOf({ onNote, files }: Context, plan: Plan): (observation: Observation) => Reduced | undefined {
  if (plan.geometry === "spectrum") return (observation) => reduceSpectrum(observation, plan.options);
  const reduceMap = createMapReducer({ ...plan.options, maxBytes: files.freeBytes?.(), onNote });
  return (observation) => {
    const made = reduceMap(observation);
    if (made === undefined) {
      onNote(`observation ${observation.id} is left out: it looked elsewhere than the map`);
      return undefined;
    }
    if (plan.norm === undefined) return made;
    const norm = fovNorm(made, plan.norm);
    if (norm.problem === undefined) {
      onNote(`observation ${observation.id}: background times ${norm.norm.toFixed(4)} +- ${norm.error.toFixed(4)}`);
    } else onNote(`observation ${observation.id} takes no part in fits: ${norm.problem}`);
    return withFovNorm(made, norm);
  };
}
