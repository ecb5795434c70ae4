import type { StopSignal } from "../math/types.js";

/**
 * One kind of work, known to the caller and to the workers by its name. Payload and results are structured-clonable; a result depends on the
 * payload and the job's index alone, so a job may be run anywhere, again, and in any order. What cannot be cloned (functions) is the context: the caller
 * has one, and every worker one of its own. Where a payload's field is an array of objects (its datasets), workers keep these: a later payload with the
 * same ones finds them there as the same objects, with what was made for them.
 */
export interface TaskKind<P, R, C> {
  readonly name: string;
  /** What all jobs need (compile), once in each worker; the returned function runs job `index`. Results are new arrays, not kept by it. */
  prepare(payload: P, context: C): (index: number, signal?: StopSignal) => R;
}

/** The same with its types forgotten, for the lists that workers hold. */
// biome-ignore lint/suspicious/noExplicitAny: payloads, results and contexts differ by kind
export type AnyTaskKind = TaskKind<any, any, any>;

/** A kind of work, what it is about, and what this thread has for it. */
export interface Task<P, R, C> {
  readonly kind: TaskKind<P, R, C>;
  readonly payload: P;
  readonly context: C;
}

/** Where jobs run. Several runs may be under way at once. */
export interface Executor {
  readonly name: string;
  /** How many jobs run at once, where that is known. */
  readonly workers: number;
  /** How many jobs to hand over before waiting for results. */
  readonly inFlight: number;
  /** Runs one job. A job whose worker dies is run again by another; an error thrown by the job itself rejects. */
  job<P extends object, R, C>(task: Task<P, R, C>, index: number, signal?: StopSignal): Promise<R>;
  /** Ends the workers. */
  close(): Promise<void>;
}

/** How to stop jobs, resume them, and who is told of their results. */
export interface RunOptions<R> {
  readonly signal?: StopSignal;
  /** After every job. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Each result as it comes, in any order: what a caller keeps to resume later. */
  readonly onResult?: (index: number, result: R) => void;
  /** Results of jobs done before; they are not run again. */
  readonly known?: ReadonlyMap<number, R>;
}
