import type { Node } from "yaml";
import { type GammatsError, nameHint } from "../../errors.js";
import { STANDARD_NORM } from "../../models/create.js";
import type { ModelRegistry } from "../../models/declaration.js";
import { declarationOf, type SubmodelKind } from "../../models/lookup.js";
import { needsOf } from "../../models/resources.js";
import type { Model, Models, SkyModel, Submodel, TemplateNPredModel } from "../../models/types.js";
import { validateModels } from "../../models/validate.js";
import { type NodePlaces, readCalibration, readPenalties } from "./calibration.js";
import { openYaml, type YamlSource } from "./open.js";
import { readParameters } from "./read-parameters.js";
import { readData, readSubmodel } from "./read-submodel.js";
import type { ModelsReading, ResourceFiles } from "./reading.js";
import { type Field, type Fields, readBoolean, readFields, readItems, readText, readTexts, report } from "./source.js";

export interface ReadModelsOptions {
  /** Name of the file, for messages. */
  readonly where?: string;
  readonly registry: ModelRegistry;
  /** Dataset by background model: what the keys `background:` of an older datasets.yaml say. */
  readonly backgrounds?: Readonly<Record<string, string>>;
  /** Names of the datasets; where given, a model for none of them is a problem. */
  readonly datasets?: readonly string[];
  /** What the files hold that the models name, read beforehand (`readModelFiles` does). */
  readonly resources?: ResourceFiles;
}

/** Everything that a models.yaml says, and everything that is wrong with it. */
export interface ParsedModels {
  readonly models: Models;
  readonly covarianceFile?: string;
  readonly problems: readonly GammatsError[];
  readonly reading: ModelsReading;
  readonly root?: Fields;
}

export const modelsKeys = ["components", "calibration", "penalties", "covariance", "metadata", "checksum"];
export const componentKeys: Readonly<Record<string, readonly string[]>> = {
  SkyModel: ["name", "type", "id", "apply_irf", "datasets_names", "spectral", "spatial", "temporal"],
  FoVBackgroundModel: ["name", "type", "id", "datasets_names", "spectral", "spatial", "parameters"],
  TemplateNPredModel: ["name", "type", "id", "datasets_names", "spectral"],
  BackgroundModel: ["name", "type", "id", "datasets_names", "spectral", "parameters", "filename"],
};
/** Types as older files spell them, and short tags. */
export const componentTypes: ReadonlyMap<string, string> = new Map([
  ["sky-model", "SkyModel"],
  ["fov-bkg", "FoVBackgroundModel"],
]);

interface ComponentContext {
  readonly reading: ModelsReading;
  readonly options: ReadModelsOptions;
  readonly index: number;
  readonly fields: Fields;
}

export function parseModels(text: string, options: ReadModelsOptions): ParsedModels {
  const source = openYaml(text, options.where ?? "models.yaml");
  const { registry } = options;
  const reading: ModelsReading = {
    source,
    registry,
    resources: options.resources ?? {},
    places: new Map(),
    legacy: source.targets.size > 0,
  };
  if (source.problems.length > 0) return { models: { components: [] }, problems: source.problems, reading };
  const root = readFields(source, source.document.contents as Node | null, "", modelsKeys);
  const list = root?.get("components");
  const components: Model[] = [];
  const positions: number[] = [];
  const nodes: (Fields | undefined)[] = [];
  if (root !== undefined && list === undefined) {
    report(source, root.node, "", "the key components is missing; it lists the models");
  }
  (list === undefined ? [] : readItems(source, list.node, "components")).forEach((item, index) => {
    const path = `components[${index}]`;
    const fields = readFields(source, item, path);
    nodes.push(fields);
    const model = fields === undefined ? undefined : readComponent({ reading, options, index, fields });
    if (model === undefined) return;
    components.push(model);
    positions.push(index);
  });
  const places: NodePlaces = new Map();
  const [calibrationField, penaltiesField] = [root?.get("calibration"), root?.get("penalties")];
  const calibration = hasValue(calibrationField) ? readCalibration(reading, calibrationField!, places) : undefined;
  const penalties = hasValue(penaltiesField) ? readPenalties(reading, penaltiesField!, places) : undefined;
  const models: Models = {
    components,
    ...(calibration !== undefined && { calibration }),
    ...(penalties !== undefined && { penalties }),
  };
  const validation = validateModels(
    registry,
    models,
    options.datasets === undefined ? {} : { datasets: options.datasets },
  );
  for (const { path, message } of validation) {
    if (typeof path[0] === "string") {
      const [key, index, ...rest] = path;
      const parameter = reading.places.get(`${index}.${key}.${rest[0]}`);
      const node =
        parameter === undefined
          ? (places.get(`${key}.${index}.${rest[0]}`) ?? places.get(`${key}.${index}`))
          : (parameter.get(String(rest[1]))?.key ?? parameter.node);
      report(source, node, [`${key}[${index}]`, ...rest].join("."), message);
      continue;
    }
    const index = positions[path[0] as number]!;
    report(source, placeOf(reading, nodes[index], index, path.slice(1)), pathText(index, path.slice(1)), message);
  }
  const covariance = root?.get("covariance");
  const covarianceFile = covariance === undefined ? undefined : readText(source, covariance);
  return {
    models,
    ...(covarianceFile !== undefined && covarianceFile !== "" && { covarianceFile }),
    problems: source.problems,
    reading,
    ...(root !== undefined && { root }),
  };
}

const pathText = (index: number, path: readonly (string | number)[]) => [`components[${index}]`, ...path].join(".");

/** The node nearest to a path of the validation: [kind, parameter, key] or [key]. */
function placeOf(
  reading: ModelsReading,
  component: Fields | undefined,
  index: number,
  path: readonly (string | number)[],
): Node | null | undefined {
  const parameter = reading.places.get(`${index}.${path[0]}.${path[1]}`);
  if (parameter !== undefined) return parameter.get(String(path[2]))?.key ?? parameter.node;
  return component?.get(String(path[0]))?.key ?? component?.node;
}

function readComponent(context: ComponentContext): Model | undefined {
  const { reading, index, fields } = context;
  const { source } = reading;
  const path = `components[${index}]`;
  const typeField = fields.get("type");
  const written = typeField === undefined ? "SkyModel" : readText(source, typeField);
  if (written === undefined) return undefined;
  const type = componentTypes.get(written) ?? written;
  const known = Object.hasOwn(componentKeys, type) ? componentKeys[type] : undefined;
  if (known === undefined) {
    const hint =
      written === "SkyDiffuseCube"
        ? "; it is of Gammapy <= 0.17: write a SkyModel with a template as spatial model"
        : nameHint(written, Object.keys(componentKeys));
    report(source, typeField!.node, path, `unknown type "${written}"${hint}`, "unknown-name");
    return undefined;
  }
  const needs = needsOf(type, "component", reading.registry);
  readFields(source, fields.node, path, [...known, ...Object.values(needs).map(({ from }) => from)]);
  if (type === "BackgroundModel") return readBackground(context);
  if (type === "FoVBackgroundModel") return readFoVBackground(context);
  const nameField = fields.get("name");
  const name = nameField === undefined ? "" : (readText(source, nameField) ?? "");
  const datasetsNames = readDatasets(source, fields);
  const common = { name, ...(datasetsNames !== undefined && { datasetsNames }) };
  const spectral = part(context, "spectral", true);
  if (type === "TemplateNPredModel") return readTemplate(context, spectral, common);
  const spatial = part(context, "spatial");
  const temporal = part(context, "temporal");
  const irf = fields.get("apply_irf");
  const broken =
    (hasValue(fields.get("spatial")) && spatial === undefined) ||
    (hasValue(fields.get("temporal")) && temporal === undefined);
  if (spectral === undefined || broken) return undefined;
  return {
    type: "SkyModel",
    ...common,
    spectral,
    ...(spatial !== undefined && { spatial }),
    ...(temporal !== undefined && { temporal }),
    ...(irf !== undefined && readApplyIrf(source, irf)),
  };
}

const hasValue = (field: Field | undefined): boolean =>
  field !== undefined && field.node !== null && !("value" in field.node && field.node.value === null);

function part(context: ComponentContext, kind: SubmodelKind, required = false): Submodel | undefined {
  const { reading, fields, index } = context;
  const field = fields.get(kind);
  const path = `components[${index}]`;
  if (hasValue(field)) return readSubmodel(reading, field!.node, `${path}.${kind}`, kind, `${index}.${kind}`);
  if (required) report(reading.source, fields.node, path, `the key ${kind} is missing; every model has one`);
  return undefined;
}

function readDatasets(source: YamlSource, fields: Fields): string[] | undefined {
  const field = fields.get("datasets_names");
  return hasValue(field) ? readTexts(source, field!) : undefined;
}

/** Empty where all responses apply, which is the same as no `apply_irf`. */
function readApplyIrf(source: YamlSource, field: Field): Pick<SkyModel, "applyIrf"> {
  const fields = readFields(source, field.node, field.path, ["exposure", "psf", "edisp"]);
  const flag = (key: string) => {
    const inner = fields?.get(key);
    return inner === undefined ? true : (readBoolean(source, inner) ?? true);
  };
  const applyIrf = { exposure: flag("exposure"), psf: flag("psf"), edisp: flag("edisp") };
  return Object.values(applyIrf).every(Boolean) ? {} : { applyIrf };
}

/** The norm spectrum of a background: `spectral:`, or, in older files, parameters directly in the component. */
function normSpectrum(context: ComponentContext): Submodel | undefined {
  const { reading, fields, index } = context;
  if (hasValue(fields.get("spectral"))) return part(context, "spectral");
  const { type, parameters } = declarationOf(STANDARD_NORM, "spectral", reading.registry);
  const list = fields.get("parameters");
  if (list !== undefined) reading.legacy = true;
  return { type, parameters: readParameters(reading, list, type, parameters, `${index}.spectral`) };
}

function background(dataset: string, spectral: Submodel, spatial?: Submodel): Model {
  const name = `${dataset}-bkg`;
  return {
    type: "FoVBackgroundModel",
    name,
    datasetsNames: [dataset],
    spectral,
    ...(spatial !== undefined && { spatial }),
  };
}

function readFoVBackground(context: ComponentContext): Model | undefined {
  const { reading, fields, index } = context;
  const datasets = readDatasets(reading.source, fields) ?? [];
  const spectral = normSpectrum(context);
  const spatial = part(context, "spatial");
  if (datasets.length !== 1) {
    const message = `a FoVBackgroundModel is for exactly one dataset, found ${datasets.length}; write datasets_names: [<name>]`;
    report(reading.source, fields.get("datasets_names")?.key ?? fields.node, `components[${index}]`, message);
    return undefined;
  }
  if (spectral === undefined || (hasValue(fields.get("spatial")) && spatial === undefined)) return undefined;
  return background(datasets[0]!, spectral, spatial);
}

/** Gammapy <= 0.18: background map times norm (E / reference)^-tilt, the map being that of the dataset. */
function readBackground(context: ComponentContext): Model | undefined {
  const { reading, options, fields, index } = context;
  const { source } = reading;
  reading.legacy = true;
  const path = `components[${index}]`;
  const nameField = fields.get("name");
  const name = nameField === undefined ? "" : (readText(source, nameField) ?? "");
  const spectral = normSpectrum(context);
  if (fields.get("filename") !== undefined) {
    const message = `the BackgroundModel "${name}" has a map of its own; store that map as the background of the dataset, or write a TemplateNPredModel`;
    report(source, fields.get("filename")!.key, path, message);
    return undefined;
  }
  const { backgrounds = {} } = options;
  const mapped = Object.hasOwn(backgrounds, name) ? backgrounds[name] : undefined;
  const only = options.datasets?.length === 1 ? options.datasets : [];
  const datasets = readDatasets(source, fields) ?? (mapped === undefined ? only : [mapped]);
  if (datasets.length !== 1) {
    const message = `the BackgroundModel "${name}" is for ${datasets.length === 0 ? "no dataset" : "several datasets"}; write datasets_names: [<name>], or background: ${name} in the datasets file`;
    report(source, nameField?.node ?? fields.node, path, message);
    return undefined;
  }
  return spectral === undefined ? undefined : background(datasets[0]!, withNormLimit(reading, spectral, index));
}

/** The norm of a BackgroundModel was limited to >= 0 unless the file says otherwise. */
function withNormLimit(reading: ModelsReading, spectral: Submodel, index: number): Submodel {
  const { norm } = declarationOf(spectral.type, "spectral", reading.registry);
  const given = reading.places.get(`${index}.spectral.${norm}`)?.get("min") !== undefined;
  const parameters = spectral.parameters.map((p) => (p.name === norm && !given ? { ...p, min: 0 } : p));
  return { ...spectral, parameters };
}

function readTemplate(
  { reading, fields }: ComponentContext,
  spectral: Submodel | undefined,
  common: { name: string; datasetsNames?: readonly string[] },
): Model | undefined {
  const type = "TemplateNPredModel";
  const data = readData(reading, fields, [], needsOf(type, "component", reading.registry));
  if (data?.resources === undefined || spectral === undefined) return undefined;
  return { type, ...common, spectral, ...data } as TemplateNPredModel;
}
