/** JSON Schemas (2020-12) of models.yaml and datasets.yaml, made from the declarations, for editors and other programs. */
import { calibrationParameters } from "../../models/calibration.js";
import type { ModelRegistry, ResourceNeeds } from "../../models/declaration.js";
import type { SubmodelKind } from "../../models/lookup.js";
import { needsOf } from "../../models/resources.js";
import { FRAMES } from "../../sky/frames.js";
import { datasetTypes } from "../formats/dataset-files.js";
import type { FileFormat } from "../formats/types.js";
import {
  anything,
  byName,
  document,
  flag,
  type JsonSchema,
  list,
  mapping,
  number,
  shape,
  text,
  texts,
} from "../json-schema.js";
import { datasetKeys } from "./datasets.js";
import { componentKeys, componentTypes, modelsKeys } from "./read-models.js";
import { parameterKeys } from "./read-parameters.js";

/** Unquoted, `1ES` is a text and `1959` a number; both are names. */
const label = { type: ["string", "number", "boolean"] } as const;

const numberKeys = ["value", "error", "min", "max", "factor", "scale"];
const textKeys = ["unit", "link"];

/** What a declaration says of a parameter, as far as a schema tells it. */
interface Described {
  readonly unit?: string;
  readonly value: number;
  readonly about: string;
}

/** Parameters of these names; any, where the names depend on a file. */
function parameterList(declared: Readonly<Record<string, Described>> | undefined): JsonSchema {
  const names =
    declared &&
    Object.entries(declared).map(([name, { about, unit, value }]) => ({
      const: name,
      description: `${about} (default ${value}${unit ? ` ${unit}` : ""})`,
    }));
  const name = names === undefined ? text : names.length > 0 ? { oneOf: names } : false;
  const entries = parameterKeys.map((key): [string, unknown] => {
    if (key === "name") return [key, name];
    if (key === "prior") return [key, { $ref: "#/$defs/prior" }];
    if (key === "frozen") return [key, flag];
    return [key, numberKeys.includes(key) ? number : textKeys.includes(key) ? text : anything];
  });
  return list(mapping(Object.fromEntries(entries), { required: ["name"] }));
}

const expressions = (names: readonly string[] | undefined): JsonSchema =>
  names === undefined ? byName(text) : mapping(Object.fromEntries(names.map((name) => [name, text])));

const fileKeys = (needs: ResourceNeeds = {}) =>
  Object.fromEntries(Object.values(needs).map(({ from, about }) => [from, { ...text, description: about }]));

/** One spectral, spatial or temporal model. */
function submodel(kind: SubmodelKind, declaration: ModelRegistry[SubmodelKind][number]): JsonSchema {
  const { type, tag, about, extra = {}, parts = [], resources, parameters, bind } = declaration;
  const isWhole = parts.length > 0;
  const names = bind === undefined && !isWhole ? Object.keys(parameters) : undefined;
  const own = Object.entries(extra).map(([key, description]) => [key, { description }]);
  return mapping(
    {
      type: { enum: [type, tag] },
      ...(!isWhole && { parameters: parameterList(names && parameters) }),
      ...Object.fromEntries(parts.map((key) => [key, { $ref: `#/$defs/${kind}` }])),
      expressions: expressions(names),
      ...Object.fromEntries(own),
      ...fileKeys(resources),
      ...(kind === "spatial" && { frame: { enum: FRAMES } }),
      ...(kind === "temporal" && { scale: text }),
    },
    { description: about },
  );
}

/** A choice by `type`: which keys there are follows from it. `standard`: the type of what gives none. */
function byType(choices: ReadonlyMap<readonly string[], JsonSchema>, standard?: string): JsonSchema {
  const all = [...choices.keys()].flat();
  return {
    type: "object",
    ...(standard === undefined && { required: ["type"] }),
    properties: { type: { enum: all } },
    allOf: Array.from(choices, ([types, then]) => ({
      if: { properties: { type: { enum: types } }, ...(!types.includes(standard ?? "") && { required: ["type"] }) },
      then,
    })),
  };
}

function kindOf(kind: SubmodelKind, registry: ModelRegistry): JsonSchema {
  const choices = registry[kind].map((d) => [[d.type, d.tag], submodel(kind, d)] as const);
  return byType(new Map(choices));
}

function component(type: string, registry: ModelRegistry): JsonSchema {
  const known: JsonSchema = {
    name: label,
    type: text,
    id: text,
    apply_irf: mapping({ exposure: flag, psf: flag, edisp: flag }),
    datasets_names: { anyOf: [texts, text, { type: "null" }] },
    spectral: { $ref: "#/$defs/spectral" },
    spatial: { $ref: "#/$defs/spatial" },
    temporal: { $ref: "#/$defs/temporal" },
    parameters: parameterList(undefined),
    filename: text,
  };
  const own = componentKeys[type]!.map((key) => [key, known[key]]);
  return mapping({ ...Object.fromEntries(own), ...fileKeys(needsOf(type, "component", registry)) });
}

/** The types of components, with what older files write. */
const namesOf = (type: string) => [
  type,
  ...Array.from(componentTypes).flatMap(([old, now]) => (now === type ? old : [])),
];

function prior({ priors }: ModelRegistry): JsonSchema {
  const choices = priors.map(({ type, tag, parameters, about }) => {
    const schema = { type: { enum: [type, tag] }, parameters: parameterList(parameters), weight: number };
    return [[type, tag], mapping(schema, { description: about })] as const;
  });
  return byType(new Map(choices));
}

/** Of models.yaml with the models of a registry. */
export function modelsSchema(registry: ModelRegistry): JsonSchema {
  const components = Object.keys(componentKeys).map((type) => [namesOf(type), component(type, registry)] as const);
  const known: JsonSchema = {
    components: list(byType(new Map(components), "SkyModel")),
    calibration: list(
      shape(
        { datasets_names: { anyOf: [texts, text] } },
        {
          name: text,
          parameters: parameterList(calibrationParameters),
          expressions: expressions(Object.keys(calibrationParameters)),
        },
      ),
    ),
    penalties: list(
      shape({ parameters: texts, mean: list(number), covariance: list(list(number)) }, { weight: number }),
    ),
    covariance: text,
    metadata: anything,
    checksum: text,
  };
  return document("models.yaml", {
    ...mapping(Object.fromEntries(modelsKeys.map((key) => [key, known[key]])), { required: ["components"] }),
    $defs: {
      spectral: kindOf("spectral", registry),
      spatial: kindOf("spatial", registry),
      temporal: kindOf("temporal", registry),
      prior: prior(registry),
    },
  });
}

/** Of datasets.yaml with the types of dataset that some formats read. */
export function datasetsSchema(formats: readonly FileFormat[]): JsonSchema {
  const known: JsonSchema = {
    type: { enum: datasetTypes(formats) },
    models: texts,
  };
  const entry = mapping(Object.fromEntries(datasetKeys.map((key) => [key, known[key] ?? text])), {
    required: ["type", "filename"],
  });
  return document("datasets.yaml", shape({ datasets: list(entry) }, { metadata: anything, checksum: text }));
}
