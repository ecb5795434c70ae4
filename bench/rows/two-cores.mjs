/** The same work on two threads and on one; results must agree to the bit. */
import { compileJoint, createSubmodel, estimateFluxPointsOn, fitJoint, simulate, statProfileOn } from "gammats";
import { threadsExecutor } from "gammats/node";
import { readExtended, SOURCE, simulatedMaps } from "../data.mjs";
import { now } from "../measure.mjs";
import { runToys } from "./toys.mjs";

/**
 * `prepare()` resolves to what `work(executor, prepared, quick)` starts from; work resolves to numbers. `warmUp` is done in each thread before, so
 * that starting and compiling stay outside.
 */
function onTwoThreads({ name, what, prepare = async () => ({}), work, warmUp = work }) {
  return {
    name,
    what: `${what}, on two threads, against one thread`,
    goal: 1.8,
    against: "one thread",
    /** Seconds of ours, and in the place of the peer those of one thread. */
    async pair({ quick }) {
      const prepared = await prepare();
      const times = [];
      const found = [];
      for (const workers of [1, 2]) {
        const executor = threadsExecutor({ workers });
        for (let k = 0; k < workers; k++) await warmUp(executor, prepared, quick);
        const start = now();
        found.push(await work(executor, prepared, quick));
        times.push((now() - start) / 1e3);
        await executor.close();
      }
      if (found[0].some((v, i) => !Object.is(v, found[1][i]))) throw new Error(`${name}: two threads differ from one`);
      return { own: times[1], peer: times[0] };
    },
  };
}

const manyToys = onTwoThreads({
  name: "two-cores",
  what: "20 000 toys of the joint Crab",
  // V8 goes on compiling for some seconds, on cores that two threads need themselves
  warmUp: (executor) => runToys(4000, 1, executor),
  work: async (executor, _, quick) => (await runToys(quick ? 4000 : 20000, 3, executor)).result.stat,
});

const POINTS = 300;
const extendedProfile = onTwoThreads({
  name: "two-cores-profile",
  what: `profile of ${POINTS} points of the width of an extended source, position free`,
  async prepare() {
    const { datasets, models } = await readExtended();
    const joint = compileJoint(datasets, models);
    return { joint, result: fitJoint(joint) };
  },
  async work(executor, { joint, result }, quick) {
    const options = { n: quick ? POINTS / 10 : POINTS, jobSize: 10 };
    return (await statProfileOn(executor, joint, result, `${SOURCE}.sigma`, options)).stat;
  },
});

const mapFluxPoints = onTwoThreads({
  name: "two-cores-flux-points",
  what: "26 flux points up to 10 TeV from three maps of 40 x 120 x 120 bins, position, width and backgrounds fitted again in each",
  async prepare() {
    const { datasets, models } = simulatedMaps({ count: 3, npix: 120, nReco: 40 });
    const [{ spatial, ...source }, ...backgrounds] = models.components;
    const place = Object.fromEntries(spatial.parameters.map(({ name, value }) => [name, { value, frozen: false }]));
    const wide = createSubmodel("GaussianSpatialModel", { ...place, sigma: { value: 0.1, frozen: false } });
    const start = { components: [{ ...source, spatial: wide }, ...backgrounds] };
    return { datasets: datasets.map((dataset, i) => simulate(dataset, start, 5 + i)), models: start };
  },
  async work(executor, { datasets, models }) {
    const energyEdges = datasets[0].counts.geom.axes[0].nodes.slice(0, 27);
    const points = await estimateFluxPointsOn(executor, datasets, models, {
      source: "source",
      energyEdges,
      reoptimize: true,
    });
    return [...points.norm, ...points.stat];
  },
});

/** What the machine gives to two threads that have nothing to do with each other. */
const ceiling = {
  name: "two-cores-ceiling",
  what: "the same toys in halves, on two threads that share nothing, against one thread: what two cores of this machine can do",
  against: "one thread",
  async pair({ quick }) {
    const n = quick ? 4000 : 20000;
    const executors = [threadsExecutor({ workers: 1 }), threadsExecutor({ workers: 1 })];
    await Promise.all(executors.map((executor) => runToys(4000, 1, executor)));
    const { seconds: alone } = await runToys(n, 3, executors[0]);
    const start = now();
    await Promise.all(executors.map((executor, i) => runToys(n / 2, 4 + i, executor)));
    const together = (now() - start) / 1e3;
    await Promise.all(executors.map((executor) => executor.close()));
    return { own: together, peer: alone };
  },
};

export const twoCoreRows = [manyToys, extendedProfile, mapFluxPoints, ceiling];
