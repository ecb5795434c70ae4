/** The thread script of these tests. */
import { standardTasks } from "../../src/estimators/tasks.js";
import { createResponses } from "../../src/fold/response.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import { serveThread } from "../../src/node/serve-thread.js";
import { lookAt, meet, squares } from "./tasks.js";

serveThread([...standardTasks, squares, lookAt, meet], { registry: likelihoodRegistry, responses: createResponses() });
