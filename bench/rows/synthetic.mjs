/** Rows on simulated data, which both programs read from the same files. */
import { compileJoint, createResponses, estimateLightCurve, fitJoint, readDatasets } from "gammats";
import { readOgip } from "gammats/io";
import { files, tenModels, writeFiveMaps, writeTenSpectra } from "../data.mjs";

let ten;
const tenSpectra = () => {
  ten ??= writeTenSpectra();
  return ten;
};

async function readTen() {
  const datasets = [];
  for (const path of await tenSpectra()) datasets.push(await readOgip(path, files));
  return datasets;
}

const tenRow = (peer, goal) => ({
  name: `ten-datasets-${peer}`,
  what: `ten ON/OFF spectra, joint fit of three parameters with errors (peer: ${peer})`,
  goal,
  peer: { name: peer, row: "ten-datasets", request: async () => ({ files: await tenSpectra() }) },
  // threeML leaves constants in its statistic
  comparable: peer === "gammapy",
  async prepare() {
    const joint = compileJoint(await readTen(), tenModels());
    return () => fitJoint(joint).totalStat;
  },
});

const lightCurve = {
  name: "light-curve",
  what: "light curve of ten ON/OFF spectra in two energy bins, with asymmetric errors, limits and scans",
  peer: { name: "gammapy", request: async () => ({ files: await tenSpectra() }) },
  async prepare() {
    const [datasets, models] = [await readTen(), tenModels()];
    const responses = createResponses({ immutable: true });
    const options = { source: "source", energyEdges: [1, 3, 10], responses };
    return () => estimateLightCurve(datasets, models, options).points[0].norm[0];
  },
};

let five;
const fiveFolder = () => {
  five ??= writeFiveMaps();
  return five;
};

const fiveMaps = {
  name: "five-maps",
  what: "five maps of 10 x 120 x 120 bins, 50 true energies: point source and five background norms, fit with errors",
  goal: 1000,
  peer: { name: "gammapy", request: async () => ({ folder: (await fiveFolder()).folder }), slow: true },
  async prepare() {
    const { folder } = await fiveFolder();
    const analysis = await readDatasets(`${folder}/maps_datasets.yaml`, files, {
      modelsPath: `${folder}/maps_models.yaml`,
    });
    const joint = compileJoint(analysis.datasets, analysis.models);
    return () => fitJoint(joint).totalStat;
  },
};

export const syntheticRows = [tenRow("gammapy", 1000), tenRow("threeml", 40), lightCurve, fiveMaps];
