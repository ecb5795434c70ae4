/** What is timed in Node and in a browser alike: the embedded example from its files. No imports of Node. */
import { compileJoint, fitJoint, memoryFiles, readDatasets, stackReduce } from "gammats";
import { readFluxPointsDataset, readOgip } from "gammats/io";

/** `entries`: the example's files by path. */
export async function prepare(entries) {
  const files = memoryFiles(entries);
  const fermi = "fermi-3fhl-crab/Fermi-LAT-3FHL";
  const { datasets, models } = await readDatasets(`${fermi}_datasets.yaml`, files, {
    modelsPath: `${fermi}_models.yaml`,
  });
  const runs = [];
  for (const run of [23523, 23526]) runs.push(await readOgip(`joint-crab/spectra/hess/pha_obs${run}.fits`, files));
  const where = "hawc_crab/HAWC19_flux_points.fits";
  const hawc = readFluxPointsDataset(await files.read(where), { where, name: "HAWC" });
  return compileJoint([...datasets, stackReduce(runs, { name: "HESS" }), hawc], models);
}

/** Seconds of one value with gradient and Hessian, and of one warm fit: the best of five batches of 50 ms, after as long a warm-up. */
export function measure(joint) {
  const { objective, start } = joint;
  const n = objective.n;
  const [g, h, x] = [new Float64Array(n), new Float64Array(n * n), start.slice()];
  let k = 0;
  return {
    evaluation: best(() => {
      x[1] = start[1] + 1e-4 * (k++ % 5);
      objective.hessian(x, g, h);
    }),
    fit: best(() => fitJoint(joint)),
    totalStat: fitJoint(joint).totalStat,
  };
}

function best(run) {
  const batch = (milliseconds) => {
    const from = performance.now();
    let calls = 0;
    let now = from;
    while (now - from < milliseconds) {
      for (let i = 0; i < 10; i++) run();
      calls += 10;
      now = performance.now();
    }
    return (now - from) / 1e3 / calls;
  };
  batch(500);
  return Math.min(...Array.from({ length: 5 }, () => batch(50)));
}
