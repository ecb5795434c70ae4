import { imageHdu, makeColumn, tableHdu, writeFits } from "../fits/index.js";
import { type FileAccess, writeFiles } from "../io/files.js";
import { writeMapDataset } from "../io/map-dataset.js";
import { writeMap } from "../io/map-fits.js";
import { withChecksum } from "../io/yaml/pyyaml.js";
import { type MadeSource, REGION_SEED, type SimulatedRegion, simulateRegion } from "./region.js";
import { halved, type WriteExampleOptions } from "./write-crab.js";

const MEV = 1e-6; // TeV

/** Writes the simulated region into `folder`: data, diffuse emission and a catalogue. Returns the paths. */
export function writeRegion(files: FileAccess, folder: string, options: WriteExampleOptions = {}): Promise<string[]> {
  const { seed = REGION_SEED, overwrite = false } = options;
  return writeFiles(encodeRegion(seed), folder, files, { overwrite });
}

/** The files by name. */
function encodeRegion(seed: number): Map<string, Uint8Array> {
  const region = simulateRegion({ seed });
  const text = (s: string) => new TextEncoder().encode(s);
  const meta = { ORIGIN: "GammaTS simulation", TELESCOP: "SIMULATION", INSTRUME: "LAT-LIKE", SEED: seed };
  const dataset = { ...region.dataset, meta };
  return new Map([
    ["datasets.yaml", text(withChecksum(DATASETS))],
    ["region.fits", halved(writeMapDataset(dataset))],
    ["galactic.fits", halved(writeMap(region.galactic))],
    ["isotropic.txt", text(isotropicText(region.isotropic))],
    ["catalogue.fits", catalogueFits(region.catalogue)],
    ["truth.csv", text(truthText(region.truth))],
    ["README.md", text(readme(seed))],
  ]);
}

const DATASETS = `# Simulated by GammaTS: gammats simulate --example region. No observed data; see README.md.
datasets:
- name: region
  type: MapDataset
  filename: region.fits
metadata:
  creator: GammaTS
  origin: GammaTS simulation
`;

/** As the Fermi tools have it: MeV, cm-2 s-1 MeV-1 sr-1, and an uncertainty. */
function isotropicText({ energy, dnde }: SimulatedRegion["isotropic"]): string {
  const lines = Array.from(energy, (e, i) => `${(e / MEV).toPrecision(8)} ${(dnde[i]! * MEV).toPrecision(8)} 0`);
  return `${lines.join("\n")}\n`;
}

const EDGES = [10, 20, 50, 150, 500, 2000]; // GeV

/** In the columns of the 3FHL. */
function catalogueFits(sources: readonly MadeSource[]): Uint8Array {
  const numbers = (name: string, value: (s: MadeSource) => number, unit = "") =>
    makeColumn(name, Float64Array.from(sources, value), { unit });
  const bands = (name: string, value: (s: MadeSource, band: number) => number[], unit: string, shape: number[]) =>
    makeColumn(name, Float64Array.from(sources.flatMap((s) => EDGES.slice(1).flatMap((_, k) => value(s, k)))), {
      unit,
      shape,
    });
  const flux = ({ fluxDensity, pivot, index }: MadeSource, k: number) => {
    const above = (e: number) => ((fluxDensity * pivot) / (index - 1)) * (e / pivot) ** (1 - index);
    return above(EDGES[k]!) - above(EDGES[k + 1]!);
  };
  const [perGeV, perArea] = ["cm-2 s-1 GeV-1", "cm-2 s-1"];
  const texts = (name: string, value: (s: MadeSource) => string) => makeColumn(name, sources.map(value));
  const table = tableHdu("LAT_Point_Source_Catalog", [
    texts("Source_Name", (s) => s.name),
    numbers("RAJ2000", (s) => s.lon, "deg"),
    numbers("DEJ2000", (s) => s.lat, "deg"),
    numbers("Conf_95_SemiMajor", () => 0.05, "deg"),
    numbers("Conf_95_SemiMinor", () => 0.05, "deg"),
    numbers("Conf_95_PosAng", () => 0, "deg"),
    numbers("Pivot_Energy", (s) => s.pivot, "GeV"),
    numbers("Flux_Density", (s) => s.fluxDensity, perGeV),
    numbers("Unc_Flux_Density", (s) => 0.15 * s.fluxDensity, perGeV),
    texts("SpectrumType", () => "PowerLaw"),
    numbers("PowerLaw_Index", (s) => s.index),
    numbers("Unc_PowerLaw_Index", () => 0.1),
    bands("Flux_Band", (s, k) => [flux(s, k)], perArea, [EDGES.length - 1]),
    bands("Unc_Flux_Band", (s, k) => [-0.2 * flux(s, k), 0.2 * flux(s, k)], perArea, [EDGES.length - 1, 2]),
    bands("Sqrt_TS_Band", () => [5], "", [EDGES.length - 1]),
    texts("Extended_Source_Name", () => ""),
  ]);
  return writeFits([imageHdu("PRIMARY", [], null), table]);
}

/** What the counts were drawn from. */
function truthText(sources: readonly MadeSource[]): string {
  const head = "source,lon_deg,lat_deg,pivot_GeV,flux_density_cm-2_s-1_GeV-1,index";
  const rows = sources.map((s) => [s.name, s.lon, s.lat, s.pivot, s.fluxDensity, s.index].join(","));
  return `${[head, ...rows].join("\n")}\n`;
}

const readme = (seed: number) => `# A simulated region of the sky

10 x 10 deg around l = 184.5, b = -2 deg as an instrument like Fermi-LAT sees it in seven years from 10 GeV to 2 TeV. Nothing here was
observed. Counts were drawn with the seed ${seed} (\`gammats simulate --example region --seed ${seed} --out DIR\` writes these files again, byte for byte).

| file | what |
|---|---|
| \`datasets.yaml\`, \`region.fits\` | counts in 100 x 100 pixels of 0.1 deg and 6 bins, exposure, psf, energy dispersion; no background |
| \`galactic.fits\` | Galactic intensity as a cube of 16 x 16 deg |
| \`isotropic.txt\` | isotropic intensity, as the Fermi tools write it: MeV, cm-2 s-1 MeV-1 sr-1 |
| \`catalogue.fits\` | twenty made point sources in the columns of the 3FHL, with fluxes as an earlier survey might have found them (15 % off) |
| \`truth.csv\` | what the counts were drawn from |

Formulas of the instrument and of the diffuse emission, and their sources: docs/example.md of GammaTS.
`;
