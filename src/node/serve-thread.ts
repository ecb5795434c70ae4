import { parentPort } from "node:worker_threads";
import { serveJobs } from "../execute/serve.js";
import type { AnyTaskKind } from "../execute/types.js";

/** The whole script of a thread: answers the jobs of these kinds that `threadsExecutor` sends. */
export function serveThread(kinds: readonly AnyTaskKind[]): void {
  const port = parentPort;
  if (port === null) throw new Error("serveThread: this script runs as a worker thread only");
  port.on(
    "message",
    serveJobs(kinds, (message, transfer) => port.postMessage(message, transfer)),
  );
}
