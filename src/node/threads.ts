import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { createPool, type Port, type PortEvents } from "../execute/pool.js";
import type { Executor } from "../execute/types.js";
import { inSharedMemory } from "./shared-memory.js";

/** What a thread is told when it starts. */
export interface ThreadData {
  readonly plugins: readonly string[];
}

/** Options of `threadsExecutor`. */
export interface ThreadsOptions {
  /** Number of threads; default: the cores that this process may use. */
  readonly workers?: number;
  /** The script of a thread; default: the package's own, which knows `standardTasks`. One's own calls `serveTasks(tasks)`, or `serveThread` with a context of its own. */
  readonly script?: URL;
  /** Modules with models and the like of one's own, see `readPlugins`: paths or file URLs. */
  readonly plugins?: readonly (string | URL)[];
}

/** Runs jobs in threads of this process. */
export function threadsExecutor(options: ThreadsOptions = {}): Executor {
  const { workers = availableParallelism(), plugins = [] } = options;
  const workerData: ThreadData = { plugins: plugins.map((file) => `${file}`) };
  const script = options.script ?? workerScript();
  const open = ({ onMessage, onEnd }: PortEvents): Port => {
    const worker = new Worker(script, { workerData });
    let why = "";
    worker.on("message", onMessage);
    worker.on("error", (error) => {
      why = String(error);
    });
    worker.on("exit", (code) => onEnd(why === "" ? `exit code ${code}` : why));
    worker.unref();
    return {
      post: (message) => worker.postMessage(message),
      setBusy: (busy) => (busy ? worker.ref() : worker.unref()),
      terminate: () => void worker.terminate(),
    };
  };
  return createPool("threads", workers, open, workers > 1 ? inSharedMemory : undefined);
}

/** The built script beside this code, which a bundler may have put one folder up or down. */
function workerScript(): URL {
  const places = ["./worker.js", "./node/worker.js", "../node/worker.js"].map((path) => new URL(path, import.meta.url));
  const found = places.find((url) => existsSync(url));
  if (found === undefined)
    throw new Error(`threads: the worker script is missing, looked for ${places.join(", ")}; build the package`);
  return found;
}
