/** Script of the threads. */
import { workerData } from "node:worker_threads";
import type { TaskContext } from "../estimators/plan.js";
import { standardTasks } from "../estimators/tasks.js";
import { createResponses } from "../fold/response.js";
import { likelihoodRegistry } from "../kinds/registry.js";
import { loadPlugins } from "./plugins.js";
import { serveThread } from "./serve-thread.js";
import type { ThreadData } from "./threads.js";

const { plugins } = workerData as ThreadData;
// what a pool sends is never changed
const responses = createResponses({ immutable: true });
const context: TaskContext = { registry: await loadPlugins(plugins, likelihoodRegistry), responses };
serveThread(standardTasks, context);
