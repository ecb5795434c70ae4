/** The script of a Web Worker of these tests. */
import { createResponses, serveWebWorker, standardRegistry, standardTasks } from "../../src/index.js";

serveWebWorker(standardTasks, { registry: standardRegistry, responses: createResponses({ immutable: true }) });
