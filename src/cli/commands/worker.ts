import { standardTasks } from "../../estimators/tasks.js";
import { redisWorker } from "../../node/redis-worker.js";
import { threadsExecutor } from "../../node/threads.js";
import { codeVersion } from "../code-version.js";
import type { Context } from "../context.js";
import { numberOf } from "../numbers.js";
import { PASSWORD, redisUrl, threadCount } from "../workers.js";

interface Options {
  readonly redis: string;
  readonly workers?: string;
  readonly patience: string;
}

/** Takes jobs until it is told to leave, by Ctrl-C or SIGTERM. */
export async function run(context: Context, _: readonly string[], options: Options) {
  const url = redisUrl(options.redis, "--redis");
  const workers = threadCount(options.workers);
  const patience = 1000 * numberOf(options.patience, "--patience", "a number of seconds of at least 1", (s) => s >= 1);
  const executor = threadsExecutor({ workers, plugins: context.plugins });
  const progress = context.progress("jobs done:");
  let jobs = 0;
  try {
    const worker = await redisWorker({
      url,
      password: context.files.env(PASSWORD),
      version: codeVersion(context.plugins),
      onNote: context.onNote,
      kinds: standardTasks,
      context: context.using,
      executor,
      patience,
      onJob(done) {
        jobs = done;
        progress.update(done, Number.POSITIVE_INFINITY);
      },
    });
    context.note(`gammats worker: ready, ${workers} ${workers === 1 ? "thread" : "threads"}; Ctrl-C to leave`);
    await told(context);
    progress.end();
    context.note("gammats worker: finishing the jobs under way; Ctrl-C again ends them, and others will run them");
    await worker.close();
  } finally {
    progress.end();
    await executor.close();
  }
  context.print(`${jobs} jobs done`);
  context.document({ jobs });
}

function told({ signal }: Context): Promise<void> {
  return new Promise((resolve) => {
    const leave = () => {
      process.off("SIGTERM", leave);
      resolve();
    };
    process.once("SIGTERM", leave);
    signal?.addEventListener("abort", leave, { once: true });
    if (signal?.aborted) leave();
  });
}
