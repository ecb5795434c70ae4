/**
 * Joint modelling, fitting and serialization: the Crab nebula from 10 GeV to 100 TeV with Fermi-LAT maps, H.E.S.S. ON/OFF spectra and HAWC flux
 * points. It follows the tutorial of the same name cell by cell. It reads the real files below GAMMAPY_DATA where all of
 * them are there, else the simulated ones that come with the package.
 */

import {
  estimateFluxPoints,
  fit,
  formatDataset,
  formatFitResult,
  formatModels,
  formatParameters,
  readDatasets,
  stackReduce,
  writeDatasets,
} from "gammats";
import { readFluxPointsDataset, readOgip } from "gammats/io";
import { exampleFolder, findCrab, nodeFiles, writePicture } from "gammats/node";
import { sedCurveOf, sedPlot, sedPointsOf } from "gammats/plot";
import { axisFromBounds, axisFromEnergyBounds } from "gammats/sky";

const folder = process.argv[2] ?? "out/joint-analysis";
const files = nodeFiles();
const real = process.env.GAMMAPY_DATA && (await findCrab(process.env.GAMMAPY_DATA, files));
const data = real && real.missing.length === 0 ? real : await findCrab(exampleFolder(), files);
console.log(`The files in ${data.folder}`);

// Fermi-LAT 3FHL: map dataset for 3D analysis
const fermi = await readDatasets(data.datasets, files, { modelsPath: data.models });
const datasetFermi = fermi.datasets[0]!;
const models = fermi.models!;
console.log(formatModels(models));

// HESS-DL3: 1D ON/OFF datasets for spectral fitting, stacked
const runs = await Promise.all(data.spectra.map((path) => readOgip(path, files)));
const datasetHess = stackReduce(runs, { name: "HESS" });

// HAWC: flux points from https://arxiv.org/abs/1905.12518
const where = data.fluxPoints;
const datasetHawc = readFluxPointsDataset(await files.read(where), { where, name: "HAWC" });

// Datasets serialization: one text for the datasets, one for the models, and the data files; and back
const written = [datasetFermi, datasetHess, datasetHawc];
await writeDatasets({ datasets: written, models }, files, { folder, prefix: "crab_10GeV_100TeV", overwrite: true });
const crab = await readDatasets(`${folder}/crab_10GeV_100TeV_datasets.yaml`, files, {
  modelsPath: `${folder}/crab_10GeV_100TeV_models.yaml`,
});
for (const dataset of crab.datasets) console.log(formatDataset(dataset, crab.models));

// Joint analysis
const result = fit(crab.datasets, crab.models!);
console.log(formatFitResult(result));
console.log(formatParameters(result.parameters));

// Flux points of Fermi-LAT and H.E.S.S., to be plotted together with those of HAWC
const source = "Crab Nebula";
const pointsFermi = estimateFluxPoints([crab.datasets[0]!], result.models, {
  source,
  energyEdges: axisFromEnergyBounds(0.01, 2, 5).nodes,
});
const pointsHess = estimateFluxPoints([crab.datasets[1]!], result.models, {
  source,
  energyEdges: axisFromBounds(1, 15, 6, { interp: "log", unit: "TeV" }).nodes,
});

// Display spectrum and flux points
const svg = sedPlot({
  curves: [sedCurveOf(result.models, source, { energyRange: [0.01, 120], label: "Model" })],
  points: [
    sedPointsOf(pointsFermi, "Fermi-LAT"),
    sedPointsOf(pointsHess, "HESS"),
    sedPointsOf(datasetHawc.points, "HAWC"),
  ],
});
await writePicture(svg, `${folder}/crab-sed.svg`, files, { overwrite: true });
await writePicture(svg, `${folder}/crab-sed.png`, files, { overwrite: true });
