/** Rows from events to datasets: the four H.E.S.S. runs on the Crab, where $GAMMAPY_DATA has them. */
import {
  createMapReducer,
  createObservationReader,
  fovNorm,
  readObservationIndex,
  reduceSpectrum,
  selectObservations,
  withFovNorm,
} from "gammats/reduce";
import { axisFromEnergyBounds, wcsGeom } from "gammats/sky";
import { dataFolder, files } from "../data.mjs";

const IDS = ["23523", "23526", "23559", "23592"];
const center = { lon: 83.633, lat: 22.014, frame: "icrs" };

async function runs() {
  const folder = `${dataFolder()}/hess-dl3-dr1`;
  if (!(await files.exists(`${folder}/hdu-index.fits.gz`))) throw new Error(`no event lists in ${folder}`);
  const index = await readObservationIndex(folder, files);
  const reader = createObservationReader(files);
  return Promise.all(selectObservations(index, { ids: IDS }).map((entry) => reader.read(entry)));
}

const spectra = {
  name: "reduce-spectra",
  what: "four H.E.S.S. runs in memory to ON/OFF spectra with reflected regions, psf containment and safe energies (check: OFF counts)",
  peer: { name: "gammapy", slow: true },
  async prepare() {
    const observations = await runs();
    const options = {
      region: { shape: "circle", center, radius: 0.11 },
      energy: axisFromEnergyBounds(0.1, 40, 27),
      energyTrue: axisFromEnergyBounds(0.05, 100, 67, { name: "energy_true" }),
      safeMask: [{ method: "aeff-max", percent: 10 }],
      off: {
        exclusion: [{ shape: "circle", center: { lon: 183.604, lat: -8.708, frame: "galactic" }, radius: 0.5 }],
      },
    };
    return () => {
      const made = observations.map((run) => reduceSpectrum(run, options));
      return made.reduce((sum, d) => d.countsOff.data.reduce((a, b) => a + b, sum), 0);
    };
  },
};

const maps = {
  name: "reduce-maps",
  what: "four H.E.S.S. runs in memory to maps of 100 x 100 pixels and four energies, with the norm of the field of view (check: background of the last)",
  peer: { name: "gammapy", slow: true },
  async prepare() {
    const observations = await runs();
    const options = {
      geom: wcsGeom({ center, binsz: 0.02, npix: 100 }),
      energy: axisFromEnergyBounds(1, 10, 4),
      energyTrue: axisFromEnergyBounds(0.5, 20, 10, { name: "energy_true" }),
      offsetMax: 2.5,
      safeMask: [{ method: "aeff-max", percent: 10 }],
      oversampling: 1,
    };
    const exclusion = [{ shape: "circle", center: { lon: 83.63, lat: 22.14, frame: "icrs" }, radius: 0.2 }];
    return () => {
      const reduce = createMapReducer(options);
      const made = observations.map((run) => {
        const data = reduce(run);
        return withFovNorm(data, fovNorm(data, { exclusion }));
      });
      return made.at(-1).background.data.reduce((a, b) => a + b, 0);
    };
  },
};

export const reductionRows = [spectra, maps];
