import { workerData } from "node:worker_threads";
import type { TaskContext } from "../estimators/plan.js";
import type { AnyTaskKind } from "../execute/types.js";
import { createResponses } from "../fold/response.js";
import { likelihoodRegistry } from "../kinds/registry.js";
import { loadPlugins } from "./plugins.js";
import { serveThread } from "./serve-thread.js";
import type { ThreadData } from "./threads.js";

/** The whole script of a thread for estimators: answers jobs of these tasks, with what GammaTS and the plugins of `threadsExecutor` declare. */
export async function serveTasks(tasks: readonly AnyTaskKind[]): Promise<void> {
  const { plugins } = workerData as ThreadData;
  // what a pool sends is never changed
  const responses = createResponses({ immutable: true });
  const context: TaskContext = { registry: await loadPlugins(plugins, likelihoodRegistry), responses };
  serveThread(tasks, context);
}
