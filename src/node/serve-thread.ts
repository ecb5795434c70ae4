import { parentPort } from "node:worker_threads";
import { serveJobs } from "../execute/serve.js";
import type { AnyTaskKind } from "../execute/types.js";

/**
 * The whole script of a thread: answers the jobs of these kinds that `threadsExecutor` sends, with what they are made from beside their payloads.
 * @throws Error where the script does not run as a worker thread.
 */
export function serveThread(kinds: readonly AnyTaskKind[], context: unknown): void {
  const port = parentPort;
  if (port === null) throw new Error("serveThread: this script runs as a worker thread only");
  port.on(
    "message",
    serveJobs(kinds, context, (message, transfer) => port.postMessage(message, transfer)),
  );
}
