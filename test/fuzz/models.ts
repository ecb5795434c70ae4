/** Random models for datasets: every type that needs no files, with links, formulas, priors, limits, calibrations, penalties and a covariance. */
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import type { Dataset } from "../../src/datasets/types.js";
import { calibration } from "../../src/models/calibration.js";
import { skyModel } from "../../src/models/create.js";
import type { SubmodelKind } from "../../src/models/lookup.js";
import { allParameters } from "../../src/models/parameters.js";
import { standardModels } from "../../src/models/registry.js";
import type { Model, Models, Parameter, Penalty, PriorSpec, SkyModel, Submodel } from "../../src/models/types.js";
import { axisFromEdges, wcsGeom } from "../../src/sky/index.js";
import { type Choices, NAMES } from "./random.js";

/** Types that are complete without data of their own. */
const plainTypes = (kind: SubmodelKind): readonly string[] =>
  standardModels[kind].filter(({ resources, parts, bind }) => !resources && !parts && !bind).map(({ type }) => type);
const TYPES = {
  spectral: plainTypes("spectral").filter((type) => !/Norm/.test(type)),
  norm: plainTypes("spectral").filter((type) => /Norm/.test(type)),
  spatial: plainTypes("spatial"),
  temporal: plainTypes("temporal"),
};

function randomPrior({ pick, between }: Choices): PriorSpec {
  const declaration = pick(standardModels.priors);
  const parameters = Object.entries(declaration.parameters).map(([name, { value }]) => ({
    name,
    value: value === 0 ? between(0.01, 1) : value * between(1.1, 3),
    unit: "",
  }));
  return { type: declaration.type, weight: between(0.5, 2), parameters };
}

function randomParameter(c: Choices, parameter: Parameter): Parameter {
  const value = parameter.value === 0 ? c.between(-1, 1) : parameter.value * c.between(0.9, 1.1);
  const frozen = c.chance(0.4);
  const { min, max } = parameter;
  const inside = value < min ? min + 0.1 * Math.abs(value) : value > max ? max - 0.1 * Math.abs(value) : value;
  return {
    ...parameter,
    value: inside,
    frozen,
    error: frozen || c.chance(0.5) ? 0 : Math.abs(inside) * c.between(0.01, 0.2),
    ...(Number.isNaN(min) && c.chance(0.2) && { min: inside - Math.abs(inside) * c.between(0.1, 1) - 1e-20 }),
    ...(Number.isNaN(max) && c.chance(0.2) && { max: inside + Math.abs(inside) * c.between(0.1, 1) + 1e-20 }),
    ...(!frozen && c.chance(0.2) && { prior: randomPrior(c) }),
  };
}

function randomSubmodel(c: Choices, kind: SubmodelKind, types: readonly string[]): Submodel {
  const frame = c.pick(["icrs", "galactic", "fk5"] as const);
  const submodel = createSubmodel(c.pick(types), {}, { kind, ...(kind === "spatial" && { frame }) });
  return { ...submodel, parameters: submodel.parameters.map((parameter) => randomParameter(c, parameter)) };
}

/** The models with linked parameters of equal value: the same parameter of two sources of one type. */
function withLink(c: Choices, models: readonly Model[]): readonly Model[] {
  const [a, b] = models.filter((model): model is SkyModel => model.type === "SkyModel");
  if (!a || !b || a.spectral.type !== b.spectral.type) return models;
  const at = c.below(a.spectral.parameters.length);
  const linked = { ...a.spectral.parameters[at]!, link: c.pick(["shared", "a b", "1", "yes"]) };
  const changed = (model: SkyModel): SkyModel => ({
    ...model,
    spectral: { ...model.spectral, parameters: model.spectral.parameters.map((p, i) => (i === at ? linked : p)) },
  });
  return models.map((model) => (model === a || model === b ? changed(model as SkyModel) : model));
}

/** The models with one parameter that follows another of the same name. */
function withFormula(c: Choices, models: readonly Model[]): readonly Model[] {
  const [a, b] = models.filter((model): model is SkyModel => model.type === "SkyModel");
  if (!a || !b || /["\\]/.test(a.name)) return models;
  const at = a.spectral.parameters[0]!;
  const expression = `"${a.name}.${at.name}" * ${c.between(0.9, 1.1)}`;
  const [first, ...rest] = b.spectral.parameters;
  if (first!.link !== undefined || at.link !== undefined) return models;
  const { prior: _, ...free } = first!;
  const follows = { ...free, frozen: true, error: 0, expression };
  return models.map((m) => (m === b ? { ...b, spectral: { ...b.spectral, parameters: [follows, ...rest] } } : m));
}

function randomSource(c: Choices, name: string, datasets: readonly Dataset[], spectra: readonly string[]): SkyModel {
  const some = datasets.filter(() => c.chance(0.7)).map((dataset) => dataset.name);
  return skyModel({
    name,
    spectral: randomSubmodel(c, "spectral", spectra),
    ...(c.chance(0.6) && { spatial: randomSubmodel(c, "spatial", TYPES.spatial) }),
    ...(c.chance(0.3) && { temporal: randomSubmodel(c, "temporal", TYPES.temporal) }),
    ...(some.length > 0 && some.length < datasets.length && { datasetsNames: some }),
    ...(c.chance(0.2) && { applyIrf: { exposure: true, psf: false, edisp: c.chance(0.5) } }),
  });
}

/** A map of brightness, and a source that has it as its shape. */
function templateSource(c: Choices, name: string): SkyModel {
  const axes = [axisFromEdges([0.1, 1, 10], { name: "energy_true", unit: "TeV", interp: "log" })];
  const center = { lon: 83, lat: 22, frame: "icrs" } as const;
  const geom = wcsGeom({ center, binsz: 0.5, npix: [3, 2], axes });
  const map = { geom, unit: "sr-1", data: Float64Array.from({ length: 12 }, () => c.stream.uniform()) };
  // in the order of the reader, so that the same text is written again
  const extra = { normalize: c.chance(0.5), filename: "shape.fits" };
  return skyModel({
    name,
    spectral: randomSubmodel(c, "spectral", TYPES.spectral),
    spatial: createSubmodel("TemplateSpatialModel", {}, { extra, resources: { map } }),
  });
}

/** Symmetric, positive definite: A A^T + 1e-6, with the sizes of the parameters. */
function randomMatrix(c: Choices, sizes: readonly number[]): Float64Array {
  const n = sizes.length;
  const a = c.list(n * n, () => c.stream.normal());
  const at = (i: number, j: number) =>
    sizes[i]! *
    sizes[j]! *
    (a.slice(i * n, i * n + n).reduce((sum, x, k) => sum + x * a[j * n + k]!, 0) + (i === j ? 1e-6 : 0));
  return Float64Array.from({ length: n * n }, (_, k) =>
    at(Math.max(Math.floor(k / n), k % n), Math.min(Math.floor(k / n), k % n)),
  );
}

function randomPenalty(c: Choices, models: Models): readonly Penalty[] {
  const free = allParameters(models).filter(({ parameter: { frozen, link } }) => !frozen && link === undefined);
  if (free.length < 2 || c.chance(0.6)) return [];
  const used = free.slice(0, 2).map(({ id, parameter }) => ({ id, value: parameter.value }));
  const flat = randomMatrix(
    c,
    used.map(({ value }) => Math.abs(value) || 1),
  );
  const covariance = [
    [flat[0]!, flat[1]!],
    [flat[2]!, flat[3]!],
  ];
  return [
    {
      parameters: used.map(({ id }) => id),
      mean: used.map(({ value }) => value),
      covariance,
      weight: c.between(0.5, 2),
    },
  ];
}

function withCovariance(c: Choices, models: Models): Models {
  const all = allParameters(models);
  const matrix = randomMatrix(
    c,
    all.map(({ parameter: { value, frozen } }) => (frozen ? 0 : Math.abs(value) || 1)),
  );
  return { ...models, covariance: { names: all.map(({ id }) => id), matrix } };
}

export function randomModels(c: Choices, datasets: readonly Dataset[]): Models {
  const names = new Set(c.list(1 + c.below(3), () => c.pick(NAMES)));
  // sources of one type may be linked
  const spectra = c.chance(0.5) ? [c.pick(TYPES.spectral)] : TYPES.spectral;
  const sources: Model[] = [...names].map((name) => randomSource(c, name, datasets, spectra));
  if (c.chance(0.2)) sources.push(templateSource(c, "a shape"));
  const backgrounds = datasets
    .filter(({ type }) => type === "MapDataset" && c.chance(0.7))
    .map(({ name }) => fovBackground(name, randomSubmodel(c, "spectral", TYPES.norm)));
  const linked = c.chance(0.5) ? withLink(c, sources) : sources;
  const components = [...(c.chance(0.3) ? withFormula(c, linked) : linked), ...backgrounds];
  const isCalibrated = c.chance(0.4);
  const values = { area_norm: { value: c.between(0.8, 1.2), frozen: false, prior: randomPrior(c) } };
  const base: Models = {
    components,
    ...(isCalibrated && { calibration: [calibration([c.pick(datasets).name], values)] }),
  };
  const penalties = randomPenalty(c, base);
  const models = penalties.length > 0 ? { ...base, penalties } : base;
  return c.chance(0.5) ? withCovariance(c, models) : models;
}
