import { estimateFluxPoints, fit, formatParameters, readDatasets } from "gammats";
import { exampleFolder, nodeFiles } from "gammats/node";

const folder = `${exampleFolder()}/fermi-3fhl-crab/Fermi-LAT-3FHL`; // or your own files
const { datasets, models } = await readDatasets(`${folder}_datasets.yaml`, nodeFiles(), {
  modelsPath: `${folder}_models.yaml`,
});
const result = fit(datasets, models);
console.log(result.message, result.totalStat);
console.log(formatParameters(result.parameters));
const energyEdges = [0.01, 0.05, 0.3, 2]; // TeV
console.log(estimateFluxPoints(datasets, result.models, { source: "Crab Nebula", energyEdges }).norm);
