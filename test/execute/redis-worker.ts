/** A worker process of these tests: argument 1 is the URL, 2 the version. Writes a line for each job. */
import { standardTasks } from "../../src/estimators/tasks.js";
import { createResponses } from "../../src/fold/response.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import { redisWorker } from "../../src/node/redis-worker.js";
import { squares } from "./tasks.js";

const url = process.argv[2]!;
const worker = await redisWorker({
  url,
  ...(process.argv[3] && { version: process.argv[3] }),
  kinds: [...standardTasks, squares],
  context: { registry: likelihoodRegistry, responses: createResponses() },
  patience: 1500,
  onNote: (note) => process.stdout.write(`note: ${note}\n`),
  onJob: (done) => process.stdout.write(`${done}\n`),
});
process.on("SIGTERM", () => void worker.close());
