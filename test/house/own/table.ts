/** Every public function that takes models, datasets or likelihoods, called with an analysis and its registry. What it gives must not depend on names. */

import { expect } from "vitest";
import * as extend from "../../../src/extend.js";
import type {
  ContextOptions,
  Dataset,
  Executor,
  FitResult,
  Joint,
  MapDataset,
  Models,
  SkyModel,
} from "../../../src/index.js";
import * as main from "../../../src/index.js";
import * as io from "../../../src/io.js";
import * as models from "../../../src/models.js";
import * as node from "../../../src/node.js";
import * as plot from "../../../src/plot.js";
import type { WcsGeom } from "../../../src/sky.js";
import type { TsMapOptions } from "../../../src/types.js";
import type { OwnAnalysis } from "./analysis.js";

/** All entries that take models. */
const gammats = { ...models, ...io, ...extend, ...main };

export interface Given extends OwnAnalysis {
  readonly using: ContextOptions;
  readonly joint: Joint;
  readonly result: FitResult;
  readonly executor: Executor;
}

const source = "crab";
const edges = Float64Array.of(1, 3, 10);
const map = (g: Given) => g.datasets[0] as MapDataset;
const binned = (g: Given) => g.datasets.slice(0, 2);
const spectral = (g: Given) => (g.models.components[0] as SkyModel).spectral;
const toys = (g: Given) => ({ ...g.using, n: 4, seed: 1, jobSize: 2, executor: g.executor });
const points = { source, energyEdges: edges };
const memory = () => gammats.memoryFiles();

/** Without the components of compiled terms, and other functions. */
const numbers = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (_, v) => (ArrayBuffer.isView(v) ? Array.from(v as Float64Array) : v)));

/** A YAML text without its checksum, which depends on the names in it, and without its schema, which files of own models do not name. */
const unsigned = (text: string) => text.replace(/^checksum:.*$/m, "").replace(/^# yaml-language-server:.*\n/m, "");

/** Files as texts, but for checksums and dates. */
async function contents(files: ReturnType<typeof memory>, write: () => Promise<unknown>) {
  await write();
  return Object.fromEntries(
    [...files.entries]
      .filter(([name]) => /yaml$|dat$/.test(name))
      .map(([name, bytes]) => [name, unsigned(new TextDecoder().decode(bytes))]),
  );
}

type Call = (g: Given) => unknown;

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as main.GammatsError).code;
  }
  return "no error";
}

/** By the name of the function. */
export const CALLS: Readonly<Record<string, Call>> = {
  modelsForData: (g) => gammats.modelsForData(g.datasets, `crab = ${spectral(g).type}(alpha=2.4)`, g.using),
  // models
  createSubmodel: (g) => gammats.createSubmodel(spectral(g).type, { alpha: 2.1 }, g.using),
  fovBackground: (g) => gammats.fovBackground("x", g.models.components[1]!.spectral),
  skyModel: (g) => gammats.skyModel({ name: "a", spectral: spectral(g) }),
  combineSpectra: (g) => gammats.dnde(gammats.combineSpectra(spectral(g), "add", spectral(g)), [1, 2], g.using),
  declarationOf: (g) => gammats.declarationOf(spectral(g), "spectral", g.using.registry!).norm,
  parameterVector: (g) =>
    gammats.parameterVector(spectral(g), gammats.declarationOf(spectral(g), "spectral", g.using.registry!)),
  dnde: (g) => gammats.dnde(spectral(g), [1, 2], g.using),
  flux: (g) => gammats.flux(spectral(g), [1], [2], g.using),
  energyFlux: (g) => gammats.energyFlux(spectral(g), [1], [2], g.using),
  // of a type that is known, and has no particles
  particleEnergy: (g) => codeOf(() => gammats.particleEnergy(spectral(g), g.using)),
  fluxSources: (g) => gammats.fluxSources(g.models, g.using).map((m) => m.name),
  validateModels: (g) => gammats.validateModels(g.models, { datasets: g.datasets.map((d) => d.name), ...g.using }),
  allParameters: (g) => gammats.allParameters(g.models).map((p) => p.id),
  updateParameters: (g) => gammats.updateParameters(g.models, { "crab.alpha": 2 }),
  modelParametersTable: (g) => gammats.modelParametersTable(g.models),
  parametersTable: (g) => gammats.parametersTable(g.result),
  datasetsTable: (g) => gammats.datasetsTable(gammats.fitReport(g.result, g.datasets, g.using)),
  nestingOf: (g) => gammats.nestingOf(g.models, g.models, g.using),
  covarianceOf: (g) => gammats.covarianceOf(g.result.models),
  withCovariance: (g) => gammats.withCovariance(g.models, g.result.covariance),
  // datasets
  infoTable: (g) => gammats.infoTable(g.datasets, g.models, g.using),
  formatDataset: (g) => g.datasets.map((d) => gammats.formatDataset(d, g.models, g.using)),
  formatModels: (g) => gammats.formatModels(g.models),
  modelsFor: (g) => gammats.modelsFor(g.models, "HESS").map((m) => m.name),
  npred: (g) => g.datasets.map((d) => gammats.npred(d, g.models, g.using).data),
  npredSignal: (g) => gammats.npredSignal(map(g), g.models, g.using).data,
  npredBackground: (g) => gammats.npredBackground(map(g), g.models, g.using).data,
  simulate: (g) => gammats.simulate(g.datasets, g.models, 3, g.using),
  simulator: (g) => gammats.simulator(g.datasets, g.models, g.using)(1, 2),
  asimov: (g) => gammats.asimov(map(g), g.models, g.using).counts,
  compileDataset: (g) =>
    numbers(gammats.compileDataset(map(g), g.models, g.using).term.value(Float64Array.of(4e-11, 2.4, 0.06, 1))),
  fitMemory: (g) => gammats.fitMemory(map(g), g.models.components, g.using),
  // fit
  compileJoint: (g) => gammats.compileJoint(g.datasets, g.models, g.using).objective.value(g.joint.start),
  jointAt: (g) => gammats.jointAt(g.joint, g.result.models).start,
  fit: (g) => gammats.fit(g.datasets, g.models, g.using),
  fitJoint: (g) => gammats.fitJoint(g.joint),
  minimizeJoint: (g) => gammats.minimizeJoint(g.joint).x,
  confidence: (g) => gammats.confidence(g.joint, g.result, "crab.alpha"),
  confidenceAll: (g) => gammats.confidenceAll(g.joint, g.result),
  upperLimit: (g) => gammats.upperLimit(g.joint, g.result, "crab.beta"),
  statProfile: (g) => gammats.statProfile(g.joint, g.result, "crab.alpha", { n: 3 }),
  statSurface: (g) => gammats.statSurface(g.joint, g.result, "crab.alpha", "crab.beta", { x: { n: 2 }, y: { n: 2 } }),
  statContour: (g) => gammats.statContour(g.joint, g.result, "crab.alpha", "crab.beta", { points: 4 }),
  statProfileOn: (g) => gammats.statProfileOn(g.executor, g.joint, g.result, "crab.alpha", { n: 3, jobSize: 2 }),
  statSurfaceOn: (g) =>
    gammats.statSurfaceOn(g.executor, g.joint, g.result, "crab.alpha", "crab.beta", { x: { n: 2 }, y: { n: 2 } }),
  statContourOn: (g) =>
    gammats.statContourOn(g.executor, g.joint, g.result, "crab.alpha", "crab.beta", { points: 4, jobSize: 2 }),
  propagateErrors: (g) =>
    gammats.propagateErrors(g.result.models, source, { quantity: "flux", energyMin: [1], energyMax: [10] }, g.using),
  profileErrors: (g) => gammats.profileErrors(g.joint, g.result, source, { quantity: "dnde", energy: [1] }),
  pivotEnergy: (g) => gammats.pivotEnergy(g.result.models, source, g.using),
  pulls: (g) => gammats.pulls(g.result, g.using),
  impacts: (g) => gammats.impacts(g.joint, g.result),
  goodnessOfFit: (g) => gammats.goodnessOfFit(g.joint, g.result),
  informationCriteria: (g) => gammats.informationCriteria(g.result),
  compareModels: (g) => gammats.compareModels(g.result, { ...g.result, totalStat: 0 }, { dof: 1 }).dof,
  expectedComparison: (g) =>
    gammats.expectedComparison(
      g.datasets,
      g.models,
      gammats.updateParameters(g.models, { "crab.beta": { value: 0, frozen: true } }),
      g.using,
    ),
  samplePosterior: (g) =>
    gammats.samplePosterior(g.joint, g.result, { sampler: "ensemble", samples: 320, warmup: 5, seed: 1 }),
  formatFitResult: (g) => gammats.formatFitResult(g.result),
  // estimators
  estimateFluxPoints: (g) => gammats.estimateFluxPoints(binned(g), g.result.models, { ...points, ...g.using }),
  estimateFluxPointsOn: (g) =>
    gammats.estimateFluxPointsOn(g.executor, binned(g), g.result.models, { ...points, reoptimize: true, ...g.using }),
  estimateLightCurve: (g) => gammats.estimateLightCurve(binned(g), g.result.models, { ...points, ...g.using }),
  estimateLightCurveOn: (g) =>
    gammats.estimateLightCurveOn(g.executor, binned(g), g.result.models, { ...points, ...g.using }),
  testConstancy: (g) => gammats.testConstancy(binned(g), g.result.models, { ...points, ...g.using }),
  testConstancyOn: (g) => gammats.testConstancyOn(g.executor, binned(g), g.result.models, { ...points, ...g.using }),
  estimateTsMap: (g) => tsMap(g, (d, m, o) => gammats.estimateTsMap(d, m, o)),
  estimateTsMapOn: (g) => tsMap(g, (d, m, o) => gammats.estimateTsMapOn(g.executor, d, m, o)),
  toys: (g) => gammats.toys(g.datasets, g.models, { ...toys(g), alternatives: { same: g.models }, truth: g.models }),
  toyDatasets: (g) => gammats.toyDatasets(g.datasets, g.models, { seed: 1, index: 2, ...g.using }),
  calibratedInterval: (g) =>
    gammats.calibratedInterval(g.datasets, g.models, "crab.alpha", { ...toys(g), grid: Float64Array.of(2.3, 2.5) }),
  expectedLimit: (g) => gammats.expectedLimit(g.datasets, g.models, "crab.beta", { ...toys(g), value: 0.05 }),
  nestedPValue: (g) =>
    gammats.nestedPValue(
      g.datasets,
      gammats.updateParameters(g.models, { "crab.beta": { value: 0, frozen: true } }),
      g.models,
      toys(g),
    ),
  toyGoodness: (g) => gammats.toyGoodness(g.datasets, g.models, toys(g)),
  sourceHypotheses: (g) => gammats.sourceHypotheses(g.models, source, g.using),
  // files
  fitReport: (g) => gammats.fitReport(g.result, g.datasets, g.using),
  writeFit: (g) =>
    written(g, (files) => gammats.writeFit(g.result, g.datasets, files, { folder: "out", prefix: "x", ...g.using })),
  writeFitResult: (g) =>
    new TextDecoder().decode(gammats.writeFitResult(gammats.fitReport(g.result, g.datasets, g.using))),
  writeModels: (g) => unsigned(gammats.writeModels(g.models, g.using)),
  readModels: (g) => gammats.readModels(gammats.writeModels(g.models, g.using), g.using).models,
  problemsOfModels: (g) => gammats.problemsOfModels(gammats.writeModels(g.models, g.using), g.using),
  readModelsWithFiles: (g) =>
    gammats.readModelsWithFiles(gammats.writeModels(g.models, g.using), "m.yaml", memory(), g.using),
  writeDatasets: (g) =>
    written(g, (files) => gammats.writeDatasets(g, files, { folder: "out", prefix: "x", ...g.using })),
  readDatasets: readBack,
  writeCovariance: (g) => gammats.writeCovariance(g.models, g.result.covariance),
  readCovariance: (g) =>
    gammats.readCovariance(gammats.writeCovariance(g.models, g.result.covariance), g.models, "cov"),
  // pictures
  sedCurveOf: (g) => plot.sedCurveOf(g.result.models, source, { energyRange: [1, 10], n: 3, ...g.using }),
  sedPicture: (g) => node.sedPicture(g.result.models, source, {}, [1, 10], g.using),
  datasetPictures: (g) => node.datasetPictures(g.datasets, g.result.models, g.using),
};

/** Functions with datasets or models in their arguments that do not look at declarations, or are refused for other models than theirs; tested elsewhere. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  cutoffHypotheses: "a power law by name",
  extensionHypotheses: "a point or a Gaussian by name",
  calibration: "makes a calibration",
  analyseCrab: "its models are given",
  readCrab: "its models are given",
  writeCrab: "its models are given",
  extendRegistry: "is what this test begins with",
  particleEnergy: "of models of radiation alone",
};

async function written(_: Given, write: (files: ReturnType<typeof memory>) => Promise<unknown>) {
  const files = memory();
  return contents(files, () => write(files));
}

async function readBack(g: Given) {
  const files = memory();
  await gammats.writeDatasets(g, files, { folder: "out", prefix: "x", ...g.using });
  const read = await gammats.readDatasets("out/x_datasets.yaml", files, {
    modelsPath: "out/x_models.yaml",
    ...g.using,
  });
  const statistics = (datasets: readonly Dataset[]) => datasets.map((d) => (d as { statistic?: string }).statistic);
  // not lost in the files
  expect(statistics(read.datasets)).toEqual(statistics(g.datasets));
  return read.models;
}

/** Pixels in the middle of the map, with the statistic that TS maps are made with. */
function tsMap(g: Given, run: (d: readonly Dataset[], m: Models, o: TsMapOptions & ContextOptions) => unknown) {
  const { statistic: _, ...plain } = map(g);
  const { geom } = plain.counts!;
  const [nx, ny] = (geom as WcsGeom).npix;
  const near = (i: number) => Math.abs((i % nx) - nx / 2) < 3 && Math.abs((Math.floor(i / nx) % ny) - ny / 2) < 3;
  const maskFit = { geom, data: Uint8Array.from(plain.counts!.data, (_, i) => (near(i) ? 1 : 0)) };
  return run([{ ...plain, maskFit } as MapDataset], g.models, { spectrum: { ...spectral(g) }, ...g.using });
}
