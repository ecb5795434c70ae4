/**
 * Residuals of counts by energy, in standard deviations: a picture of one's own, from the numbers of an analysis.
 *   node own-picture.mjs datasets.yaml models.yaml residuals.svg residuals.png
 */
import { fit, isMapDataset, npred, readDatasets } from "gammats";
import { nodeFiles, writePicture } from "gammats/node";
import { linePlot } from "gammats/plot";
import { axisCenters } from "gammats/sky";

/** Square root of the deviance of n Poisson counts where mu are expected, with the sign of n - mu [Baker & Cousins 1984, NIM 221, 437]. */
const sigmas = (n, mu) => Math.sign(n - mu) * Math.sqrt(2 * (mu - n + (n > 0 ? n * Math.log(n / mu) : 0)));

/** Sums over the pixels of each energy bin inside mask_safe; a map is [energy, lat, lon]. */
function byEnergy({ geom, data }, maskSafe) {
  const energies = axisCenters(geom.axes[0]);
  const nPix = data.length / energies.length;
  const sums = new Float64Array(energies.length);
  data.forEach((x, i) => {
    if (maskSafe?.data[i] !== 0) sums[Math.floor(i / nPix)] += x;
  });
  return { energies, sums };
}

function residuals(dataset, models) {
  const { energies, sums: counts } = byEnergy(dataset.counts, dataset.maskSafe);
  const { sums: expected } = byEnergy(npred(dataset, models), dataset.maskSafe);
  const used = [...energies.keys()].filter((i) => expected[i] > 0);
  return {
    label: dataset.name,
    x: used.map((i) => energies[i]),
    y: used.map((i) => sigmas(counts[i], expected[i])),
    errn: used.map(() => 1),
    errp: used.map(() => 1),
    draw: "points",
  };
}

const [datasetsPath, modelsPath, ...pictures] = process.argv.slice(2);
const files = nodeFiles();
const { datasets, models } = await readDatasets(datasetsPath, files, { modelsPath });
const fitted = fit(datasets, models);
console.log(fitted.message);
// counts whose background is modelled; of ON/OFF data the background is as uncertain as the counts
const series = datasets.filter(isMapDataset).map((dataset) => residuals(dataset, fitted.models));
for (const { label, x, y } of series) {
  for (const [i, energy] of x.entries()) {
    console.log(`${label} ${energy.toPrecision(4)} TeV: ${y[i].toFixed(3)} sigma`);
  }
}
const svg = linePlot({
  title: "Residuals of the fit",
  series,
  references: [{ axis: "y", value: 0 }],
  xScale: "log",
  xLabel: "Energy [TeV]",
  yLabel: "(counts − predicted) [σ]",
});
for (const path of pictures) await writePicture(svg, path, files, { overwrite: true });
