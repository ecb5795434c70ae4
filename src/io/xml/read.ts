/** Source lists of the Fermi tools and of ctools (XML) as models. */
import { FormatError, hasCode, UnsupportedError, unknownName } from "../../errors.js";
import { createSubmodel, type ParameterInput, skyModel } from "../../models/create.js";
import type { ModelRegistry } from "../../models/declaration.js";
import {
  FILE_SPECTRUM,
  fileSpectrum,
  type ListedFunction,
  type ListedParameter,
  type ListedShape,
  listedFileNorm,
  listedNorms,
  listedShapes,
  listedSpectra,
} from "../../models/fermi/source-list.js";
import type { Models, ResourceKind, SkyModel, Submodel } from "../../models/types.js";
import type { FileAccess } from "../files.js";
import { readResource } from "../yaml/model-files.js";
import { parseXml, type XmlElement } from "./parse.js";

/** Limits that stand for none: the Fermi tools have no word for that. */
export const NO_LIMIT = 1e30;

interface Context {
  readonly path: string;
  readonly files: FileAccess;
  readonly registry: ModelRegistry;
}

/** The sources of a list, and the maps and spectra that it names. */
export async function readSourceXml(text: string, context: Context): Promise<Models> {
  const root = parseXml(text, context.path);
  if (root.name !== "source_library") {
    throw new FormatError({
      where: `${context.path}:${root.line}`,
      found: `<${root.name}>`,
      expected: "<source_library>",
    });
  }
  const components: SkyModel[] = [];
  for (const source of root.children) {
    if (source.name !== "source") throw unread(context, source, `<${source.name}>`, "<source>");
    components.push(await readSource(context, source));
  }
  return { components };
}

const placeOf = ({ path }: Context, element: XmlElement, name?: string): string =>
  `${path}:${element.line}${name === undefined ? "" : ` source "${name}"`}`;

const unread = (context: Context, element: XmlElement, found: string, expected: string, name?: string) =>
  new UnsupportedError({ where: placeOf(context, element, name), found, expected });

async function readSource(context: Context, source: XmlElement): Promise<SkyModel> {
  const name = source.attributes.get("name") ?? "";
  const type = source.attributes.get("type") ?? "";
  const at = placeOf(context, source, name);
  if (!/^(Point|Extended|Diffuse|Composite)Source$/.test(type) || type === "CompositeSource") {
    throw unread(context, source, `the type "${type}"`, "PointSource, ExtendedSource or DiffuseSource", name);
  }
  const one = (part: string): XmlElement => {
    const found = source.children.filter((child) => child.name === part);
    if (found.length === 1) return found[0]!;
    throw new FormatError({ where: at, found: `${found.length} elements <${part}>`, expected: "one" });
  };
  const other = source.children.find((child) => child.name !== "spectrum" && child.name !== "spatialModel");
  if (other !== undefined) throw unread(context, other, `<${other.name}>`, "<spectrum> and <spatialModel>", name);
  const [spectrum, shape] = [one("spectrum"), one("spatialModel")];
  const listed = functionOf(listedShapes, shape, context, name) as ListedShape;
  const isFlux = listed.map?.isFlux === true;
  const spatial = await readShape(context, shape, listed, name);
  const spectral = await readSpectrum(context, spectrum, isFlux, name);
  const edisp = spectrum.attributes.get("apply_edisp") ?? "true";
  return skyModel({
    name,
    spectral,
    spatial,
    ...(edisp === "false" && { applyIrf: { exposure: true, psf: true, edisp: false } }),
  });
}

/** Of several of one name that whose parameters stand there. */
function functionOf<F extends ListedFunction>(
  all: readonly F[],
  element: XmlElement,
  context: Context,
  name: string,
): F {
  const type = element.attributes.get("type") ?? "";
  const named = all.filter(({ names }) => names.includes(type));
  const has = parametersIn(element);
  const isMeant = ({ parameters }: F) => parameters.every(({ listed }) => listed.some((other) => has.has(other)));
  const found = named.find(isMeant) ?? named[0];
  if (found !== undefined) return found;
  const known = [...new Set(all.flatMap(({ names }) => names))];
  throw unknownName(placeOf(context, element, name), `type of <${element.name}>`, type, known);
}

const parametersIn = ({ children }: XmlElement): ReadonlyMap<string, XmlElement> =>
  new Map(children.map((child) => [child.attributes.get("name") ?? "", child]));

async function readSpectrum(context: Context, element: XmlElement, isFlux: boolean, name: string): Promise<Submodel> {
  const file = element.attributes.get("file");
  if (element.attributes.get("type") === "FileFunction") {
    if (file === undefined)
      throw new FormatError({ where: placeOf(context, element, name), what: "the attribute file is missing" });
    const norm = submodelOf(context, listedFileNorm, element, "spectral", name);
    const template = await withFile(context, FILE_SPECTRUM, "spectral", "spectral-text", file, element, {});
    return fileSpectrum(template, norm);
  }
  const listed = functionOf(isFlux ? listedNorms : listedSpectra, element, context, name);
  return submodelOf(context, listed, element, "spectral", name);
}

async function readShape(context: Context, element: XmlElement, listed: ListedShape, name: string): Promise<Submodel> {
  const { map } = listed;
  if (map === undefined) return submodelOf(context, listed, element, "spatial", name);
  const at = placeOf(context, element, name);
  for (const [other, parameter] of parametersIn(element)) {
    const value = numberIn(parameter, "value", at) * numberIn(parameter, "scale", at, 1);
    // a second norm beside that of the spectrum
    if (other !== map.norm || value !== 1 || isFree(parameter)) {
      throw new UnsupportedError({
        where: at,
        found: `the parameter ${other} of the map, ${value}`,
        expected: `${map.norm} held at 1: give the spectrum the norm`,
      });
    }
  }
  const file = element.attributes.get("file");
  if (file === undefined) throw new FormatError({ where: at, what: "the attribute file is missing" });
  const extra = map.isFlux ? { normalize: false, unit: "cm-2 s-1 MeV-1 sr-1" } : { normalize: true };
  return withFile(context, listed.type, "spatial", "map", file, element, extra);
}

/** A model that works on a file; `$(NAME)` of the Fermi tools is an environment variable. */
async function withFile(
  context: Context,
  type: string,
  kind: "spectral" | "spatial",
  resource: ResourceKind,
  given: string,
  element: XmlElement,
  extra: Readonly<Record<string, unknown>>,
): Promise<Submodel> {
  const { path, files, registry } = context;
  const name = given.replace(/\$\((\w+)\)/g, "$${$1}");
  const where = `${placeOf(context, element)} file`;
  const read = (of: string) => readResource({ kind: resource, name: of, where }, path, files);
  // archives are kept compressed
  const data = await read(name).catch((error) =>
    hasCode(error, "missing-file") ? read(`${name}.gz`).catch(() => Promise.reject(error)) : Promise.reject(error),
  );
  const needs = resource === "map" ? "map" : "table";
  return createSubmodel(
    registry,
    type,
    {},
    { kind, extra: { filename: name, ...extra }, resources: { [needs]: data as never } },
  );
}

function submodelOf(
  context: Context,
  listed: ListedFunction,
  element: XmlElement,
  kind: "spectral" | "spatial",
  name: string,
): Submodel {
  const at = placeOf(context, element, name);
  const given = parametersIn(element);
  const values: Record<string, ParameterInput> = {};
  const used = new Set<string>();
  const find = (names: readonly string[]): XmlElement => {
    const found = names.find((other) => given.has(other));
    if (found === undefined)
      throw new FormatError({ where: at, what: `the parameter ${names.join(" or ")} is missing` });
    used.add(found);
    return given.get(found)!;
  };
  const trueValue = (other: string) => {
    const parameter = find([other]);
    return numberIn(parameter, "value", at) * numberIn(parameter, "scale", at, 1);
  };
  for (const parameter of listed.parameters) {
    values[parameter.own] = inputOf(parameter, find(parameter.listed), trueValue, `${at} ${parameter.listed[0]}`);
  }
  const unknown = [...given.keys()].find((other) => !used.has(other));
  if (unknown !== undefined)
    throw unknownName(
      at,
      "parameter",
      unknown,
      listed.parameters.flatMap((p) => p.listed),
    );
  return createSubmodel(context.registry, listed.type, values, {
    kind,
    ...(kind === "spatial" && { frame: "icrs" as const }),
  });
}

const isFree = (parameter: XmlElement): boolean => /^(1|true)$/i.test(parameter.attributes.get("free") ?? "0");

function inputOf(
  { unit, change, through }: ListedParameter,
  element: XmlElement,
  trueValue: (name: string) => number,
  at: string,
): ParameterInput {
  const scale = numberIn(element, "scale", at, 1);
  const value = numberIn(element, "value", at) * scale;
  const error = numberIn(element, "error", at, 0) * Math.abs(scale);
  const apply = (x: number): number =>
    through !== undefined ? through(x, trueValue) : change === "negative" ? -x : change === "inverse" ? 1 / x : x;
  const limit = (key: "min" | "max") => {
    const x = numberIn(element, key, at, Number.NaN);
    // a cutoff of 0 or below is no limit of its inverse
    const isNone =
      Math.abs(x) >= NO_LIMIT || Math.abs(x * scale) >= NO_LIMIT || (change === "inverse" && x * scale <= 0);
    return isNone ? Number.NaN : apply(x * scale);
  };
  const limits = [limit("min"), limit("max")];
  // a scale below 0, signs and inverses turn them around
  const isTurned =
    limits[0]! > limits[1]! ||
    (Number.isNaN(limits[0]!) !== Number.isNaN(limits[1]!) && apply(1 * scale) > apply(2 * scale));
  const [min, max] = isTurned ? limits.toReversed() : limits;
  // to first order
  const slope =
    change === "inverse"
      ? 1 / value ** 2
      : through
        ? Math.abs(apply(value * (1 + 1e-6)) - apply(value)) / Math.abs(value * 1e-6)
        : 1;
  // -0 is no value of a list
  return {
    value: apply(value) + 0,
    unit,
    min: min! + 0,
    max: max! + 0,
    frozen: !isFree(element),
    error: error === 0 ? 0 : error * slope,
  };
}

function numberIn(element: XmlElement, key: string, at: string, standard?: number): number {
  const text = element.attributes.get(key)?.trim();
  if (text === undefined && standard !== undefined) return standard;
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value) || /^[+-]?inf/i.test(text ?? ""))
    return Number.isFinite(value) ? value : NO_LIMIT * (text!.startsWith("-") ? -1 : 1);
  throw new FormatError({
    where: `${at}, ${key}`,
    found: text === undefined ? "nothing" : JSON.stringify(text),
    expected: "a number",
  });
}
