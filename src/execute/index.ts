/** Many jobs of one kind on one or many cores, with the same results. */
export { jobRange, runJobs } from "./run.js";
export { serialExecutor } from "./serial.js";
export type { AnyTaskKind, Executor, RunOptions, TaskKind } from "./types.js";
export { serveWebWorker, webExecutor } from "./web.js";
