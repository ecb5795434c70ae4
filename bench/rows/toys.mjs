/** Simulated joint Crabs fitted again, on one core. */
import { toys } from "gammats";
import { jointCrab } from "../data.mjs";
import { now } from "../measure.mjs";

export async function runToys(n, seed, executor) {
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
    await runToys(200, 1);
    const { seconds, result } = await runToys(n, 2);
    return { seconds: seconds / n, check: result.stat[0], extra: { fits_per_second: n / seconds } };
  },
};

export const toyRows = [one];
