/** Long checks on random inputs, and what the tests reach and find (docs/limits.md): `npm run nightly -- --help`. */

import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { parts, report } from "../test/fuzz/nightly.js";
import type { Run } from "../test/fuzz/report.js";
import { measureCoverage } from "./nightly/coverage.js";
import { measureMutation } from "./nightly/mutation.js";
import { type NightlyOptions, parseOptions, WrongUse } from "./nightly/options.js";

/** ms after which a case is one that does not end; longer where it waits for another program on a busy machine. */
const PATIENCE = 60_000;
const PATIENCE_WITH_PYTHON = 600_000;

interface Job {
  readonly name: string;
  readonly run: Omit<Run, "onCase">;
  /** int32 [1]: the case in hand, plus 1. */
  readonly at: SharedArrayBuffer;
}

/** In a thread, so that a case that does not end can be stopped and named. */
async function work({ name, run, at }: Job): Promise<void> {
  const cell = new Int32Array(at);
  const part = parts.find((p) => p.name === name)!;
  parentPort!.postMessage(await report(part, { ...run, onCase: (index) => Atomics.store(cell, 0, index + 1) }));
}

function start(name: string, run: Job["run"]): Promise<{ readonly text: string; readonly failed: number }> {
  const at = new SharedArrayBuffer(4);
  const cell = new Int32Array(at);
  const patience = name === "sweep" ? PATIENCE_WITH_PYTHON : PATIENCE;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { name, run, at } satisfies Job });
    let [last, since] = [0, performance.now()];
    const timer = setInterval(() => {
      const index = Atomics.load(cell, 0);
      if (index !== last) [last, since] = [index, performance.now()];
      if (performance.now() - since < patience) return;
      end();
      void worker.terminate();
      const command = `npm run nightly -- ${name} --seed ${run.seed} --first ${index - 1} --count 1`;
      resolve({ text: `| ${name} | does not end: ${command} |`, failed: 1 });
    }, 1000);
    const end = () => clearInterval(timer);
    worker.once("message", (message) => {
      end();
      resolve(message);
    });
    worker.once("error", (error) => {
      end();
      reject(error);
    });
  });
}

async function main(argv: readonly string[]): Promise<void> {
  const asked = parseOptions(argv, parts);
  if (typeof asked !== "string") return runAll(asked);
  console.log(asked);
}

async function runAll({ wanted, seed, first, count, small: isSmall, all, room }: NightlyOptions): Promise<void> {
  let failed = 0;
  const say = (found: { readonly text: string; readonly failed: number }) => {
    console.log(found.text);
    failed += found.failed;
  };
  const random = parts.filter(({ name }) => wanted(name));
  if (random.length > 0) {
    console.log("| part | what | seed | cases | failed | found | time |\n|---|---|---|---|---|---|---|");
  }
  for (const { name, small, large } of random) {
    say(await start(name, { seed, first, count: count ?? (isSmall ? small : large) }));
  }
  if (wanted("coverage")) say(measureCoverage({ first, count }));
  if (wanted("mutation")) say(measureMutation({ seed, count, all, room }));
  process.exitCode = failed > 0 ? 1 : 0;
}

if (isMainThread) {
  await main(process.argv.slice(2)).catch((error: unknown) => {
    if (!(error instanceof WrongUse)) throw error;
    console.error(`nightly: ${error.message}\nnpm run nightly -- --help says what there is`);
    process.exitCode = 2;
  });
} else await work(workerData as Job);
