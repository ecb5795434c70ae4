/** Formats that come with GammaTS, in lists for those who need less than all of them. */
import { datasetsYamlFormat } from "./datasets-yaml.js";
import { fluxPointsFormat, fluxPointsReader } from "./flux-points.js";
import { mapDatasetFormat, mapDatasetReader } from "./map-dataset.js";
import { modelsYamlFormat } from "./models-yaml.js";
import { ogipPhaFormat, ogipPhaReader } from "./ogip-pha.js";
import type { FileFormat } from "./types.js";

/** What a datasets.yaml may name, to be read only. */
export const datasetReaders: readonly FileFormat[] = [mapDatasetReader, ogipPhaReader, fluxPointsReader];

/** The same, to be read and written. */
export const datasetFormats: readonly FileFormat[] = [mapDatasetFormat, ogipPhaFormat, fluxPointsFormat];

/** Datasets and models, with what names them. */
export const analysisFormats: readonly FileFormat[] = [
  modelsYamlFormat,
  datasetsYamlFormat,
  mapDatasetFormat,
  ogipPhaFormat,
  fluxPointsFormat,
];
