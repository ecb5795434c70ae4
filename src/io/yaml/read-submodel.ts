import type { Node } from "yaml";
import { GammatsError, nameHint } from "../../errors.js";
import { defaultParameter } from "../../models/create.js";
import type {
  ModelRegistry,
  ParameterDeclaration,
  ResourceNeeds,
  SpatialDeclaration,
} from "../../models/declaration.js";
import { declarationOf, type SubmodelKind } from "../../models/lookup.js";
import { joinParts } from "../../models/parts.js";
import { resourceNouns } from "../../models/resources.js";
import type {
  ModelData,
  Parameter,
  PriorSpec,
  Resource,
  ResourceKind,
  Resources,
  Submodel,
} from "../../models/types.js";
import type { Frame } from "../../sky/types.js";
import { conversionFactor } from "../../units/index.js";
import {
  type Field,
  type Fields,
  readBoolean,
  readFields,
  readItems,
  readNumber,
  readPlain,
  readText,
  report,
  reportError,
  type YamlSource,
} from "./source.js";

/** Data by kind and by the name of their file, as the YAML has it. */
export type ResourceFiles = { readonly [K in ResourceKind]?: Readonly<Record<string, Resources[K]>> };

/** A file of models being read, and where each of its parameters stands. */
export interface ModelsReading {
  readonly source: YamlSource;
  readonly registry: ModelRegistry;
  readonly resources: ResourceFiles;
  /** `<component>.<kind>.<parameter>` -> the parameter's fields. */
  readonly places: Map<string, Fields>;
  /** Set where the text is of an older form, so that it cannot be edited in place. */
  legacy: boolean;
}

/** Keys of a parameter that are kept as they are. */
export const keptKeys = ["interp", "scale_method", "scale_transform", "is_norm"];
const parameterKeys = [
  "name",
  "value",
  "unit",
  "error",
  "min",
  "max",
  "frozen",
  "link",
  "prior",
  ...keptKeys,
  "factor",
  "scale",
];

/** Type, parameters and what else belongs to a spectral, spatial or temporal model; undefined if the type is unknown. */
export function readSubmodel(
  reading: ModelsReading,
  node: Node | null,
  path: string,
  kind: SubmodelKind,
  place: string,
): Submodel | undefined {
  const { source, registry } = reading;
  const fields = readFields(source, node, path);
  const typeField = fields?.get("type");
  if (fields === undefined) return undefined;
  const written = typeField === undefined ? undefined : readText(source, typeField);
  if (written === undefined) {
    report(
      source,
      fields.node,
      path,
      `the key type is missing; it names the model, such as ${registry[kind][0]?.type}`,
    );
    return undefined;
  }
  let declaration: ReturnType<typeof declarationOf<typeof kind>>;
  try {
    declaration = declarationOf(written, kind, registry, "");
  } catch (error) {
    reportError(source, typeField!.node, path, error);
    return undefined;
  }
  const { type, extra = {}, parts = [], resources: needs = {} } = declaration;
  const own = [...Object.keys(extra), ...(kind === "temporal" ? ["scale"] : [])];
  const files = Object.values(needs).map((need) => need.from);
  const list = parts.length > 0 ? parts : ["parameters"];
  readFields(source, fields.node, path, [
    ...["type", "expressions", ...list, ...own, ...files],
    ...(kind === "spatial" ? ["frame"] : []),
  ]);
  const data = readData(reading, fields, own, needs);
  if (data === undefined) return undefined;
  if (parts.length > 0) return readWhole(reading, fields, { type, parts, kind, data }, place);
  const bound = boundTo({ type, ...data }, kind, registry) ?? declaration;
  const parameters = readParameters(reading, fields.get("parameters"), type, bound.parameters, place);
  const frame = kind === "spatial" ? frameOf(source, fields, bound as SpatialDeclaration) : undefined;
  return {
    type,
    parameters: withExpressions(reading, parameters, fields.get("expressions")),
    ...(frame !== undefined && { frame }),
    ...data,
  };
}

/** The declaration with the data in it, whose parameters may depend on them; what is wrong with the data is found by the validation. */
function boundTo(data: ModelData & { readonly type: string }, kind: SubmodelKind, registry: ModelRegistry) {
  try {
    return declarationOf(data, kind, registry);
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
    return undefined;
  }
}

/** What a model or component holds beside its parameters; undefined where data are missing. `own`: keys that are no files. */
export function readData(
  reading: ModelsReading,
  fields: Fields,
  own: readonly string[],
  needs: ResourceNeeds,
): ModelData | undefined {
  const { source } = reading;
  const extra = own.flatMap((key) => {
    const field = fields.get(key);
    const value = field === undefined ? undefined : readPlain(source, field.node);
    // The time scale that every temporal model has unless it says otherwise.
    return value === undefined || (key === "scale" && value === "utc") ? [] : [[key, value]];
  });
  const resources: Record<string, Resource> = {};
  for (const [name, need] of Object.entries(needs)) {
    const { kind, from, about, inline } = need;
    const field = fields.get(from);
    const file = field === undefined ? undefined : readText(source, field);
    if (file === undefined || file === "") {
      if (inline !== undefined) continue;
      report(
        source,
        field?.node ?? fields.node,
        fields.path,
        `the key ${from} is missing; it names the file: ${about}`,
      );
      return undefined;
    }
    extra.push([from, file]);
    const data = reading.resources[kind]?.[file];
    if (data === undefined) {
      const what = `the ${resourceNouns[kind]} "${file}" was not read; give it as resources["${kind}"]["${file}"]`;
      report(source, field!.node, field!.path, what);
      return undefined;
    }
    resources[name] = data;
  }
  return {
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
    ...(Object.keys(resources).length > 0 && { resources }),
  };
}

/** A model made of others: their parameters in one list. */
function readWhole(
  reading: ModelsReading,
  fields: Fields,
  whole: {
    readonly type: string;
    readonly parts: readonly string[];
    readonly kind: SubmodelKind;
    readonly data: ModelData;
  },
  place: string,
): Submodel | undefined {
  const { source, places } = reading;
  const { type, parts, kind, data } = whole;
  const found = parts.flatMap((key): [string, Submodel][] => {
    const field = fields.get(key);
    if (field === undefined) {
      report(source, fields.node, fields.path, `the key ${key} is missing; it holds a model that this one is made of`);
      return [];
    }
    const model = readSubmodel(reading, field.node, field.path, kind, `${place}.${key}`);
    return model === undefined ? [] : [[key, model]];
  });
  if (found.length < parts.length) return undefined;
  const joined = joinParts(type, Object.fromEntries(found), data);
  const fieldsOf = found.flatMap(([key, { parameters }]) =>
    parameters.map((p) => places.get(`${place}.${key}.${p.name}`)),
  );
  joined.parameters.forEach(({ name }, i) => {
    if (fieldsOf[i] !== undefined) places.set(`${place}.${name}`, fieldsOf[i]);
  });
  return { ...joined, parameters: withExpressions(reading, [...joined.parameters], fields.get("expressions")) };
}

/** The frame of a spatial model; where the file gives none, that of its data. */
function frameOf(source: YamlSource, fields: Fields, declaration: SpatialDeclaration): Frame | undefined {
  if (declaration.global === true) return undefined;
  const field = fields.get("frame");
  return field === undefined ? (declaration.frame ?? "icrs") : readFrame(source, field);
}

function readFrame(source: YamlSource, field: Field): Frame {
  const frame = readText(source, field);
  if (frame === "icrs" || frame === "galactic") return frame;
  if (frame !== undefined) {
    report(
      source,
      field.node,
      field.path,
      `found the frame "${frame}", expected icrs or galactic; convert the position`,
    );
  }
  return "icrs";
}

/** The parameters in the order of the declaration; what the file does not give takes its default. */
export function readParameters(
  reading: ModelsReading,
  list: Field | undefined,
  type: string,
  declared: Readonly<Record<string, ParameterDeclaration>>,
  place: string,
): Parameter[] {
  const { source } = reading;
  const found = new Map<string, Parameter>();
  const names = Object.keys(declared);
  const items = list === undefined ? [] : readItems(source, list.node, list.path);
  items.forEach((item, i) => {
    const path = `${list!.path}[${i}]`;
    const fields = readFields(source, item, path, parameterKeys);
    const nameField = fields?.get("name");
    if (fields === undefined) return;
    const written = nameField === undefined ? undefined : readText(source, nameField);
    if (written === undefined) {
      report(source, fields.node, path, "the key name is missing; every parameter has one");
      return;
    }
    // Gammapy <= 0.17 wrote links into the name: "index@shared_0".
    const at = written.indexOf("@");
    const name = at < 0 ? written : written.slice(0, at);
    const declaration = declared[name];
    if (declaration === undefined) {
      const hint = nameHint(name, names);
      report(source, nameField!.node, path, `${type} has no parameter "${name}"${hint}`, "unknown-name");
      return;
    }
    if (found.has(name)) report(source, nameField!.node, path, `the parameter "${name}" is given twice; remove one`);
    if (at >= 0 || fields.keys.includes("factor")) reading.legacy = true;
    reading.places.set(`${place}.${name}`, fields);
    const parameter = readParameter(reading, fields, name, declaration);
    found.set(name, at < 0 ? parameter : { ...parameter, link: written });
  });
  return Object.entries(declared).map(([name, declaration]) => found.get(name) ?? defaultParameter(name, declaration));
}

function readParameter(
  reading: ModelsReading,
  fields: Fields,
  name: string,
  declaration: ParameterDeclaration,
): Parameter {
  const { source } = reading;
  const take = <T>(key: string, read: (source: YamlSource, field: Field) => T | undefined): T | undefined => {
    const field = fields.get(key);
    return field === undefined ? undefined : read(source, field);
  };
  const standard = defaultParameter(name, declaration);
  const unit = take("unit", readText) ?? standard.unit;
  // Default values and limits are in the declared unit, not in that of the file.
  let factor = 1;
  try {
    factor = conversionFactor(standard.unit, unit);
  } catch {
    // a wrong unit is reported once, by the validation
  }
  const product = (take("factor", readNumber) ?? Number.NaN) * (take("scale", readNumber) ?? 1);
  const link = take("link", readText);
  const prior = fields.get("prior");
  const kept = keptKeys.flatMap((key) => {
    const field = fields.get(key);
    return field === undefined ? [] : [[key, readPlain(source, field.node)]];
  });
  const spec = prior === undefined ? undefined : readPrior(reading, prior);
  return {
    name,
    value: take("value", readNumber) ?? (Number.isNaN(product) ? standard.value * factor : product),
    unit,
    error: take("error", readNumber) ?? 0,
    min: take("min", readNumber) ?? standard.min * factor,
    max: take("max", readNumber) ?? standard.max * factor,
    frozen: take("frozen", readBoolean) ?? standard.frozen,
    ...(link !== undefined && link !== "" && { link }),
    ...(spec !== undefined && { prior: spec }),
    ...(kept.length > 0 && { extra: Object.fromEntries(kept) }),
  };
}

function readPrior(reading: ModelsReading, field: Field): PriorSpec | undefined {
  const { source, registry } = reading;
  const fields = readFields(source, field.node, field.path, ["type", "parameters", "weight"]);
  const typeField = fields?.get("type");
  const written = typeField === undefined ? undefined : readText(source, typeField);
  if (fields === undefined) return undefined;
  if (written === undefined) {
    report(
      source,
      fields.node,
      field.path,
      `the key type is missing; it names the prior, such as ${registry.priors[0]?.type}`,
    );
    return undefined;
  }
  try {
    const { type, parameters } = declarationOf(written, "priors", registry, "");
    const declared = Object.fromEntries(
      Object.entries(parameters).map(([name, p]) => [name, { unit: "", value: p.value, about: p.about }]),
    );
    const weight = fields.get("weight");
    return {
      type,
      weight: weight === undefined ? 1 : (readNumber(source, weight) ?? 1),
      parameters: readParameters(reading, fields.get("parameters"), type, declared, "prior").map(
        ({ name, value, unit }) => ({ name, value, unit }),
      ),
    };
  } catch (error) {
    reportError(source, typeField!.node, field.path, error);
    return undefined;
  }
}

/** Our own key beside `parameters`, where Gammapy does not look: `expressions: {alpha: 2 * crab.beta}`. */
export function withExpressions(
  reading: ModelsReading,
  parameters: Parameter[],
  field: Field | undefined,
): Parameter[] {
  if (field === undefined) return parameters;
  const { source } = reading;
  const names = parameters.map((parameter) => parameter.name);
  const fields = readFields(source, field.node, field.path, names);
  return parameters.map((parameter) => {
    const inner = fields?.get(parameter.name);
    const expression = inner === undefined ? undefined : readText(source, inner);
    return expression === undefined ? parameter : { ...parameter, expression };
  });
}
