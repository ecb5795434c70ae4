/** A worker process of these tests: argument 1 is the URL. Writes a line for each job. */
import { standardTasks } from "../../src/estimators/tasks.js";
import { createResponses } from "../../src/fold/response.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import { redisWorker } from "../../src/node/redis.js";
import { squares } from "./tasks.js";

const url = process.argv[2]!;
const worker = await redisWorker({
  url,
  kinds: [...standardTasks, squares],
  context: { registry: likelihoodRegistry, responses: createResponses() },
  patience: 1500,
  onJob: (done) => process.stdout.write(`${done}\n`),
});
process.on("SIGTERM", () => void worker.close());
