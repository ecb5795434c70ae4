import { isBinned, isFluxPoints, isOnOff } from "../datasets/facets.js";
import type { Dataset } from "../datasets/types.js";
import { type Hdu, readFits, writeFits } from "../fits/index.js";
import { type FileAccess, writeFiles } from "../io/files.js";
import { writeFluxPointsDataset } from "../io/flux-points/write.js";
import { writeMapDataset } from "../io/map-dataset.js";
import { writeOgip } from "../io/ogip/write.js";
import { writeModels } from "../io/yaml/models.js";
import { withChecksum } from "../io/yaml/pyyaml.js";
import { likelihoodRegistry } from "../kinds/registry.js";
import { CRAB_TWIN_SEED, simulateCrabTwin } from "./crab.js";

const NOTE = "# Simulated by GammaTS: gammats simulate --example crab. No observed data; see README.md.\n";

export interface WriteExampleOptions {
  readonly seed?: number;
  readonly overwrite?: boolean;
}

/** Writes the simulated Crab analysis into `folder`, under the names that the real files have in $GAMMAPY_DATA. Returns the paths. */
export function writeCrabTwin(files: FileAccess, folder: string, options: WriteExampleOptions = {}): Promise<string[]> {
  const { seed = CRAB_TWIN_SEED, overwrite = false } = options;
  return writeFiles(encodeCrabTwin(seed), folder, files, { overwrite });
}

/** The files by path below the folder. */
function encodeCrabTwin(seed: number): Map<string, Uint8Array> {
  const { datasets, models } = simulateCrabTwin({ seed });
  const text = (s: string) => new TextEncoder().encode(s);
  const entries = new Map<string, Uint8Array>();
  for (const dataset of datasets) for (const [path, bytes] of encode(dataset)) entries.set(path, bytes);
  entries.set(
    "fermi-3fhl-crab/Fermi-LAT-3FHL_datasets.yaml",
    text(
      withChecksum(
        `${NOTE}datasets:\n- name: Fermi-LAT\n  type: MapDataset\n  filename: Fermi-LAT-3FHL_data_Fermi-LAT.fits\nmetadata:\n  creator: GammaTS\n  origin: GammaTS simulation\n`,
      ),
    ),
  );
  entries.set(
    "fermi-3fhl-crab/Fermi-LAT-3FHL_models.yaml",
    text(NOTE + writeModels(models, { registry: likelihoodRegistry })),
  );
  entries.set("README.md", text(readme(seed)));
  return entries;
}

function encode(dataset: Dataset): [string, Uint8Array][] {
  if (isFluxPoints(dataset)) return [["hawc_crab/HAWC19_flux_points.fits", writeFluxPointsDataset(dataset)]];
  if (isOnOff(dataset)) {
    const files = writeOgip(dataset, { name: `pha_obs${dataset.name}` });
    return Object.entries(files).map(([name, bytes]) => [`joint-crab/spectra/hess/${name}`, bytes]);
  }
  if (!isBinned(dataset)) return [];
  return [["fermi-3fhl-crab/Fermi-LAT-3FHL_data_Fermi-LAT.fits", halved(writeMapDataset(dataset))]];
}

/** The large images as float32, which holds them exactly. */
export function halved(bytes: Uint8Array): Uint8Array {
  const hdus = readFits(bytes, { where: "the example" });
  return writeFits(
    hdus.map((hdu): Hdu => {
      const large =
        hdu.kind === "image" &&
        hdu.data instanceof Float64Array &&
        /^(SKYMAP|COUNTS|EXPOSURE|BACKGROUND)$/.test(hdu.name);
      return large ? { ...hdu, data: Float32Array.from(hdu.data as Float64Array) } : hdu;
    }),
  );
}

function readme(seed: number): string {
  return `# A simulated Crab Nebula

Nothing here was observed, except HAWC's published flux points. The counts were drawn by GammaTS from closed formulas for the
instruments, with the seed ${seed}:

    gammats simulate --example crab --seed ${seed} --out DIR

writes these files again, byte for byte. They stand in for the real files of the joint Crab analysis, which GammaTS may not
pass on (\`gammats download\` fetches them), and bear the same names, so that one command reads both.

| file | what |
|---|---|
| \`fermi-3fhl-crab/\` | counts cube, 10 GeV to 2 TeV in 5 bins, 50 x 40 pixels of 0.06 deg, with exposure, diffuse background, energy dispersion and psf of an instrument like Fermi-LAT in 7 years of survey; start values of the models |
| \`joint-crab/spectra/hess/\` | two ON/OFF spectra (OGIP) of 28 min each by telescopes like H.E.S.S. at 47 and 45 deg from the zenith |
| \`hawc_crab/\` | flux points of HAWC: numbers of table 4 of Abeysekara et al. 2019, ApJ 881, 134 (arXiv:1905.12518), carried from the median energies to the centres of the bins along the paper's fit |

The source is a point at RA 83.633083, Dec 22.0145 deg (ICRS) with dN/dE = A (E/E0)^(-alpha - beta ln(E/E0)), A = 3.973667689e-3
cm-2 s-1 TeV-1, E0 = 5.054833602905273e-5 TeV, alpha = 1.263354075, beta = 0.06132066742 (the joint fit to the real files); the
norm of the diffuse background is 1. All formulas and their sources: docs/example.md of GammaTS.
`;
}
