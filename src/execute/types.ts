/**
 * One kind of work, known to the caller and to the workers by its name. Payload and results are structured-clonable; a result depends on the
 * payload and the job's index alone, so a job may be run anywhere, again, and in any order. Where a payload's field is an array of objects (its
 * datasets), workers keep these: a later payload with the same ones finds them there as the same objects, with what was made for them.
 */
export interface TaskKind<P, R> {
  readonly name: string;
  /** What all jobs need (compile), once in each worker; the returned function runs job `index`. Results are new arrays, not kept by it. */
  prepare(payload: P): (index: number) => R;
}

/** The same with its types forgotten, for the lists that workers hold. */
// biome-ignore lint/suspicious/noExplicitAny: payloads and results differ by kind
export type AnyTaskKind = TaskKind<any, any>;

/** Where jobs run. Several runs may be under way at once. */
export interface Executor {
  readonly name: string;
  /** How many jobs run at once, where that is known. */
  readonly workers: number;
  /** How many jobs to hand over before waiting for results. */
  readonly inFlight: number;
  /** Runs one job. A job whose worker dies is run again by another; an error thrown by the job itself rejects. */
  job<P extends object, R>(kind: TaskKind<P, R>, payload: P, index: number, signal?: AbortSignal): Promise<R>;
  /** Ends the workers. */
  close(): Promise<void>;
}

export interface RunOptions<R> {
  readonly signal?: AbortSignal;
  /** After every job. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Each result as it comes, in any order: what a caller keeps to resume later. */
  readonly onResult?: (index: number, result: R) => void;
  /** Results of jobs done before; they are not run again. */
  readonly known?: ReadonlyMap<number, R>;
}
