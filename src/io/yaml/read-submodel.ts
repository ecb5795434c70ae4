/** Spectral, spatial and temporal models, with the data that they name. */
import type { Node } from "yaml";
import type { ResourceNeeds, SpatialDeclaration } from "../../models/declaration.js";
import { declarationOf, type SubmodelKind } from "../../models/lookup.js";
import { joinParts } from "../../models/parts.js";
import { resourceNouns } from "../../models/resources.js";
import type { ModelData, Resource, Submodel } from "../../models/types.js";
import { FRAMES, isFrame } from "../../sky/frames.js";
import type { Frame } from "../../sky/types.js";
import type { YamlSource } from "./open.js";
import { readParameters, withExpressions } from "./read-parameters.js";
import type { ModelsReading } from "./reading.js";
import { type Field, type Fields, readFields, readPlain, readText, report, reportError } from "./source.js";

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
  let bound: typeof declaration;
  try {
    // the parameters may depend on the data
    bound = declarationOf({ type, ...data }, kind, registry);
  } catch (error) {
    reportError(source, fields.node, path, error);
    return undefined;
  }
  const parameters = readParameters(reading, fields.get("parameters"), type, bound.parameters, place);
  const frame = kind === "spatial" ? frameOf(source, fields, bound as SpatialDeclaration) : undefined;
  return {
    type,
    parameters: withExpressions(reading, parameters, fields.get("expressions")),
    ...(frame !== undefined && { frame }),
    ...data,
  };
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
    const { kind, from, about, inline, inlineKeys } = need;
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
    if (inlineKeys?.every((key) => fields.get(key) !== undefined)) continue;
    const known: Readonly<Record<string, Resource>> = reading.resources[kind] ?? {};
    const data = Object.hasOwn(known, file) ? known[file] : undefined;
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
  if (frame === undefined) return "icrs";
  if (isFrame(frame)) return frame;
  const found = `found the frame "${frame}", expected ${FRAMES.join(", ")}; convert lon_0 and lat_0`;
  report(source, field.node, field.path, found);
  return "icrs";
}
