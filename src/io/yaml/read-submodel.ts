import type { Node } from "yaml";
import { nameHint } from "../../errors.js";
import { defaultParameter } from "../../models/create.js";
import type { ModelRegistry, ParameterDeclaration } from "../../models/declaration.js";
import { declarationOf, type SubmodelKind } from "../../models/lookup.js";
import { combineSpectra, compoundSpectrum, OPERATORS, type Operator } from "../../models/spectral/compound.js";
import type { Parameter, PriorSpec, SpectralTable, Submodel } from "../../models/types.js";
import { FRAMES, isFrame } from "../../sky/frames.js";
import type { Frame } from "../../sky/types.js";
import { conversionFactor } from "../../units/index.js";
import type { YamlSource } from "./open.js";
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
} from "./source.js";

/** A file of models being read, and where each of its parameters stands. */
export interface ModelsReading {
  readonly source: YamlSource;
  readonly registry: ModelRegistry;
  /** Tables of spectral models by file name. */
  readonly tables: Readonly<Record<string, SpectralTable>>;
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
    report(source, fields.node, path, "the key type is missing; it names the model, such as PowerLawSpectralModel");
    return undefined;
  }
  let declaration: ReturnType<typeof declarationOf<typeof kind>>;
  try {
    declaration = declarationOf(written, kind, registry, "");
  } catch (error) {
    reportError(source, typeField!.node, path, error);
    return undefined;
  }
  if (declaration.type === compoundSpectrum.type) return readCompound(reading, fields, path, place);
  const own = [...(declaration.extra ?? []), ...(kind === "temporal" ? ["scale"] : [])];
  const known = ["type", "parameters", "expressions", ...(kind === "spatial" ? ["frame"] : []), ...own];
  readFields(source, fields.node, path, known);
  const list = fields.get("parameters");
  const parameters = readParameters(reading, list, declaration.type, declaration.parameters, place);
  const extra = own.flatMap((key) => {
    const field = fields.get(key);
    const value = field === undefined ? undefined : readPlain(source, field.node);
    // The time scale that every temporal model has unless it says otherwise.
    return value === undefined || (key === "scale" && value === "utc") ? [] : [[key, value]];
  });
  const file = own.includes("filename") ? fields.get("filename") : undefined;
  const table = file === undefined ? undefined : readTable(reading, file);
  if (file !== undefined && table === undefined) return undefined;
  const frame = fields.get("frame");
  const global = "global" in declaration && declaration.global === true;
  return {
    type: declaration.type,
    parameters: withExpressions(reading, parameters, fields.get("expressions")),
    ...(kind === "spatial" && !global && { frame: frame === undefined ? "icrs" : readFrame(source, frame) }),
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
    ...(table !== undefined && { table }),
  };
}

function readTable({ source, tables }: ModelsReading, field: Field): SpectralTable | undefined {
  const filename = readText(source, field);
  if (filename === undefined) return undefined;
  const table = Object.hasOwn(tables, filename) ? tables[filename] : undefined;
  if (table === undefined) {
    report(source, field.node, field.path, `the table "${filename}" was not read; give it as tables["${filename}"]`);
  }
  return table;
}

/** Two spectra and what is done with them; their parameters in one list. */
function readCompound(reading: ModelsReading, fields: Fields, path: string, place: string): Submodel | undefined {
  const { source } = reading;
  readFields(source, fields.node, path, ["type", "model1", "model2", "operator", "expressions"]);
  const parts = (["model1", "model2"] as const).map((key) => {
    const field = fields.get(key);
    if (field === undefined) report(source, fields.node, path, `the key ${key} is missing; a compound has two models`);
    else return readSubmodel(reading, field.node, `${path}.${key}`, "spectral", `${place}.${key}`);
    return undefined;
  });
  const field = fields.get("operator");
  const operator = field === undefined ? undefined : readText(source, field);
  if (!OPERATORS.some((known) => known === operator)) {
    const found = operator === undefined ? "the key operator is missing" : `found the operator "${operator}"`;
    report(source, field?.node ?? fields.node, path, `${found}, expected one of ${OPERATORS.join(", ")}`);
    return undefined;
  }
  const [first, second] = parts;
  if (first === undefined || second === undefined) return undefined;
  const compound = combineSpectra(first, operator as Operator, second);
  const places = [first, second].flatMap(({ parameters }, i) =>
    parameters.map(({ name }) => reading.places.get(`${place}.model${i + 1}.${name}`)),
  );
  compound.parameters.forEach(({ name }, i) => {
    const found = places[i];
    if (found !== undefined) reading.places.set(`${place}.${name}`, found);
  });
  return { ...compound, parameters: withExpressions(reading, [...compound.parameters], fields.get("expressions")) };
}

function readFrame(source: YamlSource, field: Field): Frame {
  const frame = readText(source, field);
  if (frame === undefined) return "icrs";
  if (isFrame(frame)) return frame;
  const found = `found the frame "${frame}", expected ${FRAMES.join(", ")}; convert lon_0 and lat_0`;
  report(source, field.node, field.path, found);
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
    const declaration = Object.hasOwn(declared, name) ? declared[name] : undefined;
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
    report(source, fields.node, field.path, "the key type is missing; it names the prior, such as GaussianPrior");
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
