import { absorptionFormat } from "./absorption.js";
import { analysisConfigFormat } from "./analysis-config.js";
import { catalogueFormat } from "./catalogue.js";
import { covarianceFormat } from "./covariance.js";
import { datasetsYamlFormat } from "./datasets-yaml.js";
import { asdfFormat, vodfFormat } from "./drafts.js";
import { eventsFormat, responsesFormat } from "./events.js";
import { fermiFormats } from "./fermi.js";
import { fermipyConfigFormat } from "./fermipy-config.js";
import { fitResultFormat } from "./fit-result.js";
import { fitsFormat } from "./fits.js";
import { fluxMapsFormat } from "./flux-maps.js";
import { fluxPointsFormat } from "./flux-points.js";
import { gtiFormat } from "./gti.js";
import { lightCurveFormat } from "./light-curve.js";
import { mapFormat } from "./map.js";
import { mapDatasetFormat } from "./map-dataset.js";
import { mjdIntervalsFormat } from "./mjd-intervals.js";
import { modelsYamlFormat } from "./models-yaml.js";
import { hduIndexFormat, observationsFormat, obsIndexFormat } from "./observations.js";
import { ogipArfFormat } from "./ogip-arf.js";
import { ogipBackgroundFormat } from "./ogip-background.js";
import { ogipPhaFormat } from "./ogip-pha.js";
import { ogipRmfFormat } from "./ogip-rmf.js";
import { ratesFormat } from "./rates.js";
import { regionsFormat } from "./regions.js";
import { sourceXmlFormat } from "./source-xml.js";
import { tableModelFormat } from "./table-model.js";
import { ecsvFormat, jsonFormat, textFormat, unknownFormat, yamlFormat } from "./text.js";
import type { FileFormat } from "./types.js";

/** All formats that come with GammaTS; of equally sure ones the last wins. */
export const standardFormats: readonly FileFormat[] = [
  unknownFormat,
  textFormat,
  yamlFormat,
  jsonFormat,
  ecsvFormat,
  fitsFormat,
  gtiFormat,
  mapFormat,
  ratesFormat,
  ogipArfFormat,
  ogipRmfFormat,
  ...fermiFormats,
  absorptionFormat,
  tableModelFormat,
  observationsFormat,
  hduIndexFormat,
  obsIndexFormat,
  responsesFormat,
  eventsFormat,
  vodfFormat,
  asdfFormat,
  mjdIntervalsFormat,
  regionsFormat,
  covarianceFormat,
  fitResultFormat,
  analysisConfigFormat,
  fermipyConfigFormat,
  fluxMapsFormat,
  lightCurveFormat,
  ogipBackgroundFormat,
  sourceXmlFormat,
  modelsYamlFormat,
  datasetsYamlFormat,
  mapDatasetFormat,
  ogipPhaFormat,
  fluxPointsFormat,
  catalogueFormat,
];
