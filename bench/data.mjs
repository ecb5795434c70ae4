/** The data that rows and peers share: the joint Crab, and synthetic datasets written as files for both. */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  createSubmodel,
  fovBackground,
  readDatasets,
  simulate,
  skyModel,
  updateParameters,
  writeDatasets,
} from "gammats";
import { readOgip, writeOgip } from "gammats/io";
import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
import { axisFromEnergyBounds, wcsGeom } from "gammats/sky";

export const files = nodeFiles();
/** The real files where they are, else the simulated twin. */
export const dataFolder = () => process.env.GAMMAPY_DATA ?? exampleFolder();
export const outFolder = fileURLToPath(new URL("../out/bench", import.meta.url));
export const SOURCE = "Crab Nebula";

let crab;
/** Fermi-LAT, H.E.S.S. stacked and HAWC with the models of the Fermi-LAT file. */
export function jointCrab() {
  crab ??= readCrab(dataFolder(), files);
  return crab;
}

/** The joint analysis as one datasets.yaml with its files, which both programs read. Returns the folder. */
export async function writeJointCrab() {
  const folder = `${outFolder}/joint`;
  await mkdir(folder, { recursive: true });
  await writeDatasets(await jointCrab(), files, { folder, prefix: "crab", overwrite: true });
  return folder;
}

/** Ten spectra simulated from a H.E.S.S. run's response, one every half hour, as OGIP files. Returns the PHA paths. */
export async function writeTenSpectra(count = 10) {
  const folder = `${outFolder}/ten`;
  await mkdir(folder, { recursive: true });
  const run = await readOgip(`${dataFolder()}/joint-crab/spectra/hess/pha_obs23523.fits`, files);
  const paths = [];
  for (let i = 0; i < count; i++) {
    const name = `run${i}`;
    const start = 1800 * i;
    const gti = {
      start: Float64Array.of(start),
      stop: Float64Array.of(start + 1600),
      reference: 53343,
      timeScale: "tt",
    };
    const dataset = { ...simulate({ ...run, name }, tenModels(), 1000 + i), name, gti };
    for (const [file, bytes] of Object.entries(writeOgip(dataset, { name }))) {
      await files.write(`${folder}/${file}`, bytes, { overwrite: true });
    }
    paths.push(`${folder}/${name}.fits`);
  }
  return paths;
}

/** Start values of the ten-dataset fit; the data are drawn from them. */
export function tenModels() {
  const spectral = createSubmodel("ExpCutoffPowerLawSpectralModel", {
    amplitude: 3.8e-11,
    index: 2.3,
    lambda_: 0.08,
    reference: 1,
  });
  return { components: [skyModel({ name: "source", spectral })] };
}

/**
 * The Fermi-LAT dataset with counts of a Gaussian source of 0.25 deg, five times as bright as the Crab, in place of its own; the models file begins off
 * the truth. Returns the folder.
 */
async function writeExtended() {
  const { datasets, models } = await jointCrab();
  const fermi = datasets.find((d) => d.name === "Fermi-LAT");
  const [crabModel, ...others] = models.components;
  const value = (part, name) => crabModel[part].parameters.find((p) => p.name === name).value;
  const gaussian = (lon, lat, sigma, brightness) => {
    const free = (x) => ({ value: x, frozen: false });
    const spatial = createSubmodel("GaussianSpatialModel", { lon_0: free(lon), lat_0: free(lat), sigma: free(sigma) });
    const bright = { [`${SOURCE}.amplitude`]: brightness * value("spectral", "amplitude") };
    return updateParameters({ components: [{ ...crabModel, spatial }, ...others] }, bright);
  };
  const [lon, lat] = [value("spatial", "lon_0"), value("spatial", "lat_0")];
  const dataset = simulate(fermi, gaussian(lon, lat, 0.25, 5), 11);
  const folder = `${outFolder}/extended`;
  await mkdir(folder, { recursive: true });
  const start = { datasets: [dataset], models: gaussian(lon + 0.03, lat - 0.02, 0.18, 4) };
  await writeDatasets(start, files, { folder, prefix: "extended", overwrite: true });
  return folder;
}

let extended;
/** Its folder, written once. */
export const extendedFolder = () => {
  extended ??= writeExtended();
  return extended;
};

export async function readExtended() {
  const folder = await extendedFolder();
  return readDatasets(`${folder}/extended_datasets.yaml`, files, { modelsPath: `${folder}/extended_models.yaml` });
}

/** Field of the five maps: 0.02 deg pixels around (83.63, 22.01). */
const CENTER = { lon: 83.63, lat: 22.01, frame: "icrs" };

/** Five cubes of 10 x 120 x 120 bins with 50 true energies: a point source over a background each. Paths of datasets and models files. */
export async function writeFiveMaps({ count = 5, npix = 120 } = {}) {
  const { datasets, models } = simulatedMaps({ count, npix });
  const folder = `${outFolder}/maps-${count}-${npix}`;
  await mkdir(folder, { recursive: true });
  await writeDatasets({ datasets, models: startOf(models) }, files, { folder, prefix: "maps", overwrite: true });
  return { folder, datasets, models: startOf(models) };
}

export function simulatedMaps({ count, npix, nReco }) {
  const models = mapModels(count);
  const datasets = Array.from({ length: count }, (_, i) =>
    simulate(mapDataset(`map${i}`, i, npix, { nReco }), models, 77 + i),
  );
  return { datasets, models };
}

export function mapModels(count) {
  const source = skyModel({
    name: "source",
    spectral: createSubmodel("PowerLawSpectralModel", { amplitude: 3e-11, index: 2.4, reference: 1 }),
    spatial: createSubmodel("PointSpatialModel", {
      lon_0: { value: CENTER.lon, frozen: true },
      lat_0: { value: CENTER.lat, frozen: true },
    }),
  });
  const backgrounds = Array.from({ length: count }, (_, i) => fovBackground(`map${i}`));
  return { components: [source, ...backgrounds] };
}

/** A little off the truth, as a fit begins. */
const startOf = (models) => updateParameters(models, { "source.amplitude": 2.5e-11, "source.index": 2.2 });

/** A pointing of an imaging Cherenkov telescope: Gaussian psf of 0.06 deg at 1 TeV, 12 % energy resolution, background falling as E^-2.7. */
export function mapDataset(name, seed, npix, { nReco = 10, nTrue = 50, background = 1 } = {}) {
  const energy = axisFromEnergyBounds(0.5, 50, nReco);
  const energyTrue = { ...axisFromEnergyBounds(0.3, 80, nTrue), name: "energy_true" };
  const geom = wcsGeom({ center: CENTER, npix: [npix, npix], binsz: 0.02, proj: "TAN", axes: [energy] });
  const trueGeom = { ...geom, axes: [energyTrue] };
  const pixels = npix * npix;
  const centers = centersOf(energyTrue);
  const offAxis = Float64Array.from({ length: pixels }, (_, k) => {
    const x = (k % npix) - (npix - 1) / 2 + 3 * seed;
    const y = Math.floor(k / npix) - (npix - 1) / 2 - 2 * seed;
    return Math.exp(-0.5 * ((x * x + y * y) * (0.02 / 1.2) ** 2));
  });
  const exposure = new Float64Array(nTrue * pixels);
  for (let t = 0; t < nTrue; t++) {
    const area = 3e9 * Math.exp(-0.6 / centers[t]) * 1800;
    for (let k = 0; k < pixels; k++) exposure[t * pixels + k] = area * offAxis[k];
  }
  // as many events whatever the number of pixels
  const level = new Float64Array(nReco * pixels);
  for (let r = 0; r < nReco; r++) {
    const perPixel = (background * 6000 * (energy.nodes[r] / 0.5) ** -1.7) / pixels;
    for (let k = 0; k < pixels; k++) level[r * pixels + k] = perPixel * offAxis[k];
  }
  const irfGeom = wcsGeom({ center: CENTER, npix: [1, 1], binsz: 4 });
  return {
    type: "MapDataset",
    name,
    counts: { geom, unit: "", data: new Float64Array(nReco * pixels) },
    background: { geom, unit: "", data: level },
    exposure: { geom: trueGeom, unit: "cm2 s", data: exposure },
    edisp: { map: edispMap(irfGeom, energy, energyTrue) },
    psf: { map: psfMap(irfGeom, energyTrue), exposure: weight(irfGeom, energyTrue) },
    maskSafe: { geom, data: new Uint8Array(nReco * pixels).fill(1) },
  };
}

const centersOf = ({ nodes }) =>
  Float64Array.from({ length: nodes.length - 1 }, (_, i) => Math.sqrt(nodes[i] * nodes[i + 1]));

function weight(irfGeom, energyTrue) {
  const axes = [
    { name: "rad", unit: "deg", interp: "lin", nodeType: "edges", nodes: Float64Array.of(0, 0.66) },
    energyTrue,
  ];
  return { geom: { ...irfGeom, axes }, unit: "cm2 s", data: new Float64Array(energyTrue.nodes.length - 1).fill(1e12) };
}

/** Normal in ln E, 12 % wide. */
function edispMap(irfGeom, energy, energyTrue) {
  const sigma = 0.12;
  const below = (x) => 1 / (1 + Math.exp(-1.702 * x));
  const nReco = energy.nodes.length - 1;
  const centers = centersOf(energyTrue);
  const kernel = new Float64Array(centers.length * nReco);
  for (let t = 0; t < centers.length; t++) {
    const upTo = (edge) => below(Math.log(edge / centers[t]) / sigma);
    for (let r = 0; r < nReco; r++) {
      const p = upTo(energy.nodes[r + 1]) - upTo(energy.nodes[r]);
      kernel[t * nReco + r] = p > 1e-6 ? p : 0;
    }
  }
  return { geom: { ...irfGeom, axes: [energy, energyTrue] }, unit: "", data: kernel };
}

/** Gaussian, narrower with energy. */
function psfMap(irfGeom, energyTrue) {
  const nRad = 66;
  const nodes = Float64Array.from({ length: nRad + 1 }, (_, i) => (0.66 * i) / nRad);
  const rad = { name: "rad", unit: "deg", interp: "lin", nodeType: "edges", nodes };
  const centers = centersOf(energyTrue);
  const data = new Float64Array(centers.length * nRad);
  for (let t = 0; t < centers.length; t++) {
    const sigma = 0.06 * centers[t] ** -0.1;
    const norm = 1 / (2 * Math.PI * (sigma * (Math.PI / 180)) ** 2);
    for (let i = 0; i < nRad; i++) {
      const r = (0.66 * (i + 0.5)) / nRad;
      data[t * nRad + i] = norm * Math.exp(-0.5 * (r / sigma) ** 2);
    }
  }
  return { geom: { ...irfGeom, axes: [rad, energyTrue] }, unit: "sr-1", data };
}
