/** The joint Crab analysis from files to files: Fermi-LAT maps, H.E.S.S. spectra and HAWC flux points in one fit. */

import { createRequire } from "node:module";
import { dirname } from "node:path";
import { estimateFluxPoints } from "../api/estimators.js";
import { fit } from "../api/fit.js";
import { fileContextOf } from "../api/formats-option.js";
import { readDatasets } from "../api/io.js";
import { stackReduce } from "../datasets/stack.js";
import type { Dataset, FluxPoints, FluxPointsDataset } from "../datasets/types.js";
import { unknownName } from "../errors.js";
import type { FitOptions } from "../fit/fit.js";
import type { FitResult } from "../fit/result.js";
import { createResponses, type Responses } from "../fold/response.js";
import { type FileAccess, joinPath, writeFiles } from "../io/files.js";
import { encodeFit } from "../io/fit-result.js";
import { readFluxPointsDataset } from "../io/flux-points/read.js";
import { writeFluxPoints } from "../io/flux-points/write.js";
import { readOgip } from "../io/ogip/read.js";
import type { FitReport } from "../io/types.js";
import type { Models } from "../models/types.js";
import { axisFromBounds, axisFromEnergyBounds } from "../sky/index.js";
import {
  datasetPictures,
  drawable,
  encodePictures,
  type PicturesOptions,
  type StyleOption,
  sedPicture,
} from "./pictures.js";

/** The simulated example that comes with the package, laid out as the real files below $GAMMAPY_DATA. */
export function exampleFolder(): string {
  return joinPath(dirname(createRequire(import.meta.url).resolve("gammats/package.json")), "examples/crab");
}

/** Datasets and models of the Crab analysis. */
export interface CrabData {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
}

/** The files of the analysis. */
export interface CrabFiles {
  /** The folder that they lie below. */
  readonly folder: string;
  readonly datasets: string;
  readonly models: string;
  readonly spectra: readonly string[];
  readonly fluxPoints: string;
  /** Those that are not there. */
  readonly missing: readonly string[];
}

/** Where the files lie below `folder`: $GAMMAPY_DATA of Gammapy up to 2.0, or of later releases, which have the flux points elsewhere. */
export async function findCrab(folder: string, files: FileAccess): Promise<CrabFiles> {
  const at = (path: string) => joinPath(folder, path);
  const places = ["hawc/crab_flux", "hawc_crab"].map((place) => at(`${place}/HAWC19_flux_points.fits`));
  const there = await Promise.all(places.map((path) => files.exists(path)));
  const found = {
    folder,
    datasets: at("fermi-3fhl-crab/Fermi-LAT-3FHL_datasets.yaml"),
    models: at("fermi-3fhl-crab/Fermi-LAT-3FHL_models.yaml"),
    spectra: [23523, 23526].map((run) => at(`joint-crab/spectra/hess/pha_obs${run}.fits`)),
    fluxPoints: places[there.indexOf(true)] ?? places[0]!,
  };
  const maps = at("fermi-3fhl-crab/Fermi-LAT-3FHL_data_Fermi-LAT.fits");
  const missing: string[] = [];
  for (const path of [found.datasets, found.models, maps, ...found.spectra, found.fluxPoints]) {
    if (!(await files.exists(path))) missing.push(path);
  }
  return { ...found, missing };
}

/**
 * Reads the datasets below `folder`; the two H.E.S.S. runs are stacked.
 * @throws FormatError where a file is missing or damaged.
 */
export async function readCrab(folder: string, files: FileAccess): Promise<CrabData> {
  const found = await findCrab(folder, files);
  const { datasets, models } = await readDatasets(found.datasets, files, { modelsPath: found.models });
  const runs = await Promise.all(found.spectra.map((path) => readOgip(path, files)));
  const where = found.fluxPoints;
  const hawc = readFluxPointsDataset(await files.read(where), { where, name: "HAWC" });
  return { datasets: [...datasets, stackReduce(runs, { name: "HESS" }), hawc], models: models! };
}

/** What the Crab analysis found. */
export interface CrabResult {
  /** The instruments of the datasets, made once. */
  readonly responses: Responses;
  readonly result: FitResult;
  /** By label, measured here (Fermi-LAT, HESS) and elsewhere (HAWC). */
  readonly fluxPoints: Readonly<Record<string, FluxPoints>>;
}

/** Options of `analyseCrab`. */
export interface CrabOptions extends Pick<FitOptions, "backend" | "signal"> {
  readonly onProgress?: (done: number, total: number) => void;
}

const SOURCE = "Crab Nebula";

/** Fits all datasets together and measures flux points at the best fit. */
export function analyseCrab({ datasets, models }: CrabData, options: CrabOptions = {}): CrabResult {
  const { backend, signal, onProgress } = options;
  const [fermi, hess, hawc] = ["Fermi-LAT", "HESS", "HAWC"].map((name) => named(datasets, name));
  const responses = createResponses();
  const result = fit(datasets, models, { backend, signal, responses });
  const fermiEdges = axisFromEnergyBounds(0.01, 2, 5).nodes;
  const hessEdges = axisFromBounds(1, 15, 6, { interp: "log", unit: "TeV" }).nodes;
  const total = fermiEdges.length + hessEdges.length - 2;
  const estimate = (dataset: Dataset, energyEdges: Float64Array, before: number) =>
    estimateFluxPoints([dataset], result.models, {
      source: SOURCE,
      energyEdges,
      responses,
      signal,
      onProgress: (done) => onProgress?.(before + done, total),
    });
  return {
    responses,
    result,
    fluxPoints: {
      "Fermi-LAT": estimate(fermi!, fermiEdges, 0),
      HESS: estimate(hess!, hessEdges, fermiEdges.length - 1),
      HAWC: (hawc as FluxPointsDataset).points,
    },
  };
}

function named(datasets: readonly Dataset[], name: string): Dataset {
  const found = datasets.find((d) => d.name === name);
  if (found !== undefined) return found;
  throw unknownName(
    "Crab",
    "dataset",
    name,
    datasets.map((d) => d.name),
  );
}

/** Where and how the results of the Crab analysis are written. */
export interface CrabOutput extends Omit<PicturesOptions, "overwrite" | "fontFile">, StyleOption {
  /** Told what writing changed or left out. */
  readonly onNote?: (note: string) => void;
  /** What `fitReport` gave, where it was made before. */
  readonly report?: FitReport;
  /** Other files of the folder. */
  readonly more?: Iterable<readonly [name: string, bytes: Uint8Array]>;
}

/** Writes datasets, models, covariance, fit result, flux points and pictures, over those of an earlier call: all of them or none. Returns the paths. */
export async function writeCrab(
  { datasets }: CrabData,
  { responses, result, fluxPoints }: CrabResult,
  files: FileAccess,
  { folder, formats = ["svg", "png"], signal, report, onNote, style, more = [] }: CrabOutput,
): Promise<string[]> {
  const pictures = {
    "crab-sed": sedPicture(result.models, SOURCE, fluxPoints, [0.01, 120], { style }),
    ...datasetPictures(datasets, result.models, { responses, style }),
  };
  // drawn by other threads while the rest is made here
  const { fontFile } = style ?? {};
  const drawing = encodePictures(pictures, { formats: drawable(formats, onNote), signal, fontFile });
  // a failure is reported below, also where the rest fails first
  drawing.catch(() => undefined);
  const prefix = "crab_10GeV_100TeV";
  const entries = encodeFit(result, datasets, fileContextOf(result.models, { responses }), {
    prefix,
    onNote,
    ...(report && { report }),
  });
  for (const label of ["Fermi-LAT", "HESS"]) {
    for (const format of ["fits", "ecsv"] as const) {
      entries.set(`flux-points-${label}.${format}`, writeFluxPoints(fluxPoints[label]!, { format, onNote }));
    }
  }
  for (const [name, bytes] of [...(await drawing), ...more]) entries.set(name, bytes);
  return writeFiles(entries, folder, files, { overwrite: true });
}
