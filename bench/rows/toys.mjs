/** Rows on many fits: simulated joint Crabs fitted again, on one core and on two. */
import { toys } from "gammats";
import { threadsExecutor } from "gammats/node";
import { jointCrab } from "../data.mjs";
import { now } from "../measure.mjs";

async function run(n, seed, executor) {
  const { datasets, models } = await jointCrab();
  const start = now();
  const result = await toys(datasets, models, { n, seed, errors: true, ...(executor && { executor }) });
  return { seconds: (now() - start) / 1e3, result };
}

/** One million in under 3 minutes on two cores: 360 core-seconds. The reference needs about 40 days on one. */
const one = {
  name: "toys",
  what: "one toy of the joint Crab: simulated and fitted with errors, on one core; a million in 180 s on two cores needs 360 us",
  goalSeconds: 360e-6,
  peer: { name: "gammapy", slow: true },
  async ownSeconds({ quick }) {
    const n = quick ? 500 : 2000;
    await run(200, 1);
    const { seconds, result } = await run(n, 2);
    return { seconds: seconds / n, check: result.stat[0], extra: { fits_per_second: n / seconds } };
  },
};

/** The same toys on one thread and on two; results must agree to the bit. */
const two = {
  name: "two-cores",
  what: "20 000 toys of the joint Crab on two threads, against one thread",
  goal: 1.8,
  against: "one thread",
  /** Seconds of ours, and in the place of the peer those of one thread. */
  async pair({ quick }) {
    const n = quick ? 4000 : 20000;
    const times = [];
    const stats = [];
    for (const workers of [1, 2]) {
      const executor = threadsExecutor({ workers });
      // threads start and compile outside of the measurement
      await run(200 * workers, 1, executor);
      const { seconds, result } = await run(n, 3, executor);
      await executor.close();
      times.push(seconds);
      stats.push(result.stat);
    }
    if (stats[0].some((v, i) => v !== stats[1][i])) throw new Error("two threads gave other results than one");
    return { own: times[1], peer: times[0] };
  },
};

/** What the machine gives to two threads that have nothing to do with each other. */
const ceiling = {
  name: "two-cores-ceiling",
  what: "the same toys in halves, on two threads that share nothing, against one thread: what two cores of this machine can do",
  against: "one thread",
  async pair({ quick }) {
    const n = quick ? 4000 : 20000;
    const executors = [threadsExecutor({ workers: 1 }), threadsExecutor({ workers: 1 })];
    await Promise.all(executors.map((executor) => run(200, 1, executor)));
    const { seconds: alone } = await run(n, 3, executors[0]);
    const start = now();
    await Promise.all(executors.map((executor, i) => run(n / 2, 4 + i, executor)));
    const together = (now() - start) / 1e3;
    await Promise.all(executors.map((executor) => executor.close()));
    return { own: together, peer: alone };
  },
};

export const toyRows = [one, two, ceiling];
