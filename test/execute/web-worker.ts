/** The script of a Web Worker of these tests. */

import { standardTasks } from "../../src/extend.js";
import { createResponses, serveWebWorker, standardRegistry } from "../../src/index.js";

serveWebWorker(standardTasks, { registry: standardRegistry, responses: createResponses({ immutable: true }) });
