/** Prints where the time of a whole joint Crab analysis goes, the first time in a process and when it is repeated: node stages.mjs RUNS */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileJoint, estimateFluxPoints, fitJoint, writeFit } from "gammats";
import { datasetPictures, readCrab, sedPicture, writePictures } from "gammats/node";
import { dataFolder, files, SOURCE } from "./data.mjs";
import { spread } from "./measure.mjs";

async function once() {
  const times = {};
  let last = performance.now();
  const mark = (name) => {
    const now = performance.now();
    times[name] = (now - last) / 1e3;
    last = now;
  };
  const folder = await mkdtemp(join(tmpdir(), "gammats-bench-"));
  last = performance.now();
  const { datasets, models } = await readCrab(dataFolder(), files);
  mark("read");
  const joint = compileJoint(datasets, models);
  mark("compile");
  const result = fitJoint(joint);
  mark("fit");
  const points = estimateFluxPoints([datasets[1]], result.models, { source: SOURCE, energyEdges: [1, 2, 4, 8, 15] });
  mark("flux points");
  await writeFit(result, datasets, files, { folder, prefix: "crab", overwrite: true });
  mark("write");
  const pictures = {
    sed: sedPicture(result.models, SOURCE, { HESS: points }, [0.01, 120]),
    ...datasetPictures(datasets, result.models),
  };
  mark("plot");
  await writePictures(pictures, files, { folder, formats: ["png"], overwrite: true });
  mark("PNG");
  await rm(folder, { recursive: true, force: true });
  return times;
}

const first = await once();
const runs = [];
for (let k = 0; k < Number(process.argv[2] ?? 7); k++) runs.push(await once());
const stages = Object.keys(first).map((name) => [
  name,
  { first: first[name], warm: spread(runs.map((r) => r[name])).median },
]);
process.stdout.write(JSON.stringify(Object.fromEntries(stages)));
