/** Parameters of models and calibrations, with their priors and expressions. */
import { nameHint } from "../../errors.js";
import { defaultParameter } from "../../models/create.js";
import type { ParameterDeclaration } from "../../models/declaration.js";
import { declarationOf } from "../../models/lookup.js";
import type { Parameter, PriorSpec } from "../../models/types.js";
import { conversionFactor } from "../../units/index.js";
import type { YamlSource } from "./open.js";
import type { ModelsReading } from "./reading.js";
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

/** Keys of a parameter that are kept as they are. */
const keptKeys = ["interp", "scale_method", "scale_transform", "is_norm"];
export const parameterKeys = [
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
