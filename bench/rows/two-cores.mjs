/** The same work on two threads and on one; results must agree to the bit. */
import {
  compileJoint,
  createSubmodel,
  estimateFluxPointsOn,
  fitJoint,
  simulate,
  skyModel,
  statProfileOn,
} from "gammats";
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

const FLUX_POINTS = 12;
const mapFluxPoints = onTwoThreads({
  name: "two-cores-flux-points",
  what: `${FLUX_POINTS} flux points beside a bright extended source in a map of 40 x 60 x 60 bins, whose position, width and flux are fitted again in each`,
  async prepare() {
    const { datasets, models } = simulatedMaps({ count: 1, npix: 60, nReco: 40 });
    const [source, ...backgrounds] = models.components;
    const [lon, lat] = source.spatial.parameters.map((p) => p.value);
    const free = (value) => ({ value, frozen: false });
    const neighbour = skyModel({
      name: "neighbour",
      spectral: createSubmodel("PowerLawSpectralModel", { amplitude: 3e-10, index: { value: 2.4, frozen: true } }),
      spatial: createSubmodel("GaussianSpatialModel", {
        lon_0: free(lon + 0.4),
        lat_0: free(lat + 0.2),
        sigma: free(0.15),
      }),
    });
    const start = { components: [source, neighbour, ...backgrounds] };
    return { datasets: datasets.map((dataset, i) => simulate(dataset, start, 5 + i)), models: start };
  },
  warmUp: (executor, prepared) => somePoints(executor, prepared, 4),
  work: (executor, prepared, quick) => somePoints(executor, prepared, quick ? 4 : FLUX_POINTS),
});

async function somePoints(executor, { datasets, models }, n) {
  const energyEdges = datasets[0].counts.geom.axes[0].nodes.slice(0, n + 1);
  const options = { source: "source", energyEdges, reoptimize: true };
  const points = await estimateFluxPointsOn(executor, datasets, models, options);
  return [...points.norm, ...points.stat];
}

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
