/** Work that can be cut into items which do not know of each other, and how it is run: here, or by any executor. */

import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { jobRange, runJobs } from "../execute/run.js";
import type { Executor, Task, TaskKind } from "../execute/types.js";
import { additionsUsed, requireAdditions } from "../kinds/additions.js";
import type { KindContext } from "../likelihood/kind.js";
import type { StopSignal } from "../math/types.js";
import type { Models } from "../models/types.js";

/** What tasks are made from beside their payloads. */
export type TaskContext = Pick<KindContext, "registry" | "responses">;

/** What goes to the workers: plain data. */
export interface Payload {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  /** What of the caller's registry it uses that GammaTS does not bring along. */
  readonly needs: readonly string[];
  /** Items in a job. */
  readonly jobSize: number;
}

/** What the estimators have their workers do; items [first, last) of a job come as a range. */
export function defineTask<P extends Payload, R>(
  name: string,
  prepare: (payload: P, context: KindContext) => (index: number, signal?: StopSignal) => R,
): TaskKind<P, R, TaskContext> {
  return {
    name,
    prepare(payload, context) {
      requireAdditions(payload.needs, context.registry, name);
      return prepare(payload, { ...context, models: payload.models });
    },
  };
}

/** The parts of a payload that all have. */
export function payloadOf(
  datasets: readonly Dataset[],
  { models, registry }: KindContext,
  jobSize: number,
  others: readonly Models[] = [],
): Payload {
  return { datasets, models, needs: additionsUsed(registry, datasets, [models, ...others]), jobSize };
}

/** A task made of items that are computed independently, and how its result is put together. */
export interface Plan<P extends Payload, R, T> extends Task<P, R, TaskContext> {
  /** Number of items. */
  readonly total: number;
  /** The result, from those of the jobs in order. */
  collect(parts: readonly R[]): T;
}

/** How to stop a plan, and who is told of its progress. */
export interface PlanOptions {
  readonly signal?: StopSignal | undefined;
  /** Items done so far. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Runs a plan here and now, one job after the other. */
export function runPlan<P extends Payload, R, T>(plan: Plan<P, R, T>, { signal, onProgress }: PlanOptions): T {
  const { kind, payload, context, total, collect } = plan;
  const nJobs = jobsOf(plan);
  const run = kind.prepare(payload, context);
  const parts: R[] = [];
  for (let i = 0; i < nJobs; i++) {
    signal?.throwIfAborted();
    parts.push(run(i, signal));
    onProgress?.(Math.min(total, (i + 1) * payload.jobSize), total);
  }
  return collect(parts);
}

/**
 * The same numbers from an executor, to the bit. How items are cut into jobs never follows the number of workers: where a part starts anew from the best fit,
 * the last digits depend on the cut and must not depend on who computes.
 */
export async function runPlanOn<P extends Payload, R, T>(
  executor: Executor,
  plan: Plan<P, R, T>,
  { signal, onProgress }: PlanOptions,
): Promise<T> {
  const { payload, total } = plan;
  const parts = await runJobs(executor, plan, jobsOf(plan), {
    signal,
    onProgress: onProgress && ((done) => onProgress(Math.min(total, done * payload.jobSize), total)),
  });
  return plan.collect(parts);
}

function jobsOf<P extends Payload, R, T>({ kind, payload, total }: Plan<P, R, T>): number {
  const { jobSize } = payload;
  if (Number.isInteger(jobSize) && jobSize >= 1) return Math.ceil(total / jobSize);
  throw new SpecError(`${kind.name}: jobSize is ${jobSize}, expected a whole number of at least 1`);
}

/** The items of a job, one after the other. */
export function eachItem<R>(
  index: number,
  { total, jobSize }: { total: number; jobSize: number },
  item: (i: number) => R,
): R[] {
  const [first, last] = jobRange(index, total, jobSize);
  return Array.from({ length: last - first }, (_, k) => item(first + k));
}

/** About ten jobs: enough to end together on some cores, and warm starts inside each. */
export const partSize = (total: number): number => Math.ceil(total / 10);
