/** Models as a source list of the Fermi tools (XML). What it cannot say is refused by name. */
import { UnsupportedError } from "../../errors.js";
import { createSubmodel } from "../../models/create.js";
import type { ModelRegistry } from "../../models/declaration.js";
import {
  FILE_SPECTRUM,
  type ListedFunction,
  type ListedParameter,
  type ListedShape,
  listedFileNorm,
  listedNorms,
  listedShapes,
  listedSpectra,
} from "../../models/fermi/source-list.js";
import { declarationOf } from "../../models/lookup.js";
import { splitParts } from "../../models/parts.js";
import type { Model, Models, Parameter, SkyModel, SpectralTable, Submodel } from "../../models/types.js";
import { toFrame } from "../../sky/frames.js";
import { conversionFactor } from "../../units/index.js";
import { writeSpectrumText } from "../spectrum-text.js";
import { encodedXml } from "./parse.js";
import { NO_LIMIT } from "./read.js";

/** The XML, and the files of spectra that it names, by name. @throws UnsupportedError where a source list cannot say what a model is. */
export function writeSourceXml(models: Models, name: string, registry: ModelRegistry): Map<string, Uint8Array> {
  if ((models.calibration?.length ?? 0) + (models.penalties?.length ?? 0) > 0) {
    throw new UnsupportedError({
      where: name,
      what: "a source list has no calibrations and penalties",
      remedy: "leave them out",
    });
  }
  const writing: Writing = { registry, files: new Map() };
  const sources = models.components.map((model) => sourceOf(model, writing));
  const text = `<?xml version="1.0" ?>\n<source_library title="source library">\n${sources.join("")}</source_library>\n`;
  return new Map([...writing.files, [name, new TextEncoder().encode(text)]]);
}

interface Writing {
  readonly registry: ModelRegistry;
  /** Of spectra. */
  readonly files: Map<string, Uint8Array>;
}

const refused = (model: Pick<Model, "name">, what: string) =>
  new UnsupportedError({
    where: `model "${model.name}"`,
    what: `${what}, which a source list (XML) cannot say`,
    remedy: "keep it in YAML",
  });

function sourceOf(model: Model, writing: Writing): string {
  if (model.type !== "SkyModel") throw refused(model, `it is a ${model.type}`);
  if (model.temporal !== undefined) throw refused(model, "it changes with time");
  if (model.spatial === undefined) throw refused(model, "it has no place");
  if (model.datasetsNames !== undefined)
    throw refused(model, `it is for the datasets ${model.datasetsNames.join(", ")} alone`);
  const { psf, exposure } = { psf: true, exposure: true, ...model.applyIrf };
  const shape = listedShapes.find(
    ({ type, map }) => type === model.spatial!.type && (map === undefined || map.isFlux === isFlux(model.spatial!)),
  );
  if (shape === undefined) throw refused(model, `its shape is a ${model.spatial.type}`);
  // emission from everywhere is the same behind a psf
  if (!exposure || (!psf && shape.names[0] !== "ConstantValue"))
    throw refused(model, "psf or exposure do not apply to it");
  const type = shape.isPoint ? "PointSource" : "DiffuseSource";
  return `  <source name="${encodedXml(model.name)}" type="${type}">\n${spectrumText(model, writing)}${shapeText(model, shape, writing)}  </source>\n`;
}

const isFlux = ({ extra }: Submodel): boolean => extra?.normalize === false;

function spectrumText(model: SkyModel, writing: Writing): string {
  const { spectral } = model;
  const edisp = model.applyIrf?.edisp === false ? ' apply_edisp="false"' : "";
  const { model1, model2 } = splitParts(spectral);
  if (model1?.type === FILE_SPECTRUM && model2?.type === listedFileNorm.type && spectral.extra?.operator === "mul") {
    const file = fileOf(model, model1, writing);
    const norm = parameterTexts(model, listedFileNorm, model2, writing);
    return element("spectrum", `${edisp} type="FileFunction" file="${encodedXml(file)}"`, norm);
  }
  const list = model.spatial?.extra !== undefined && isFlux(model.spatial) ? listedNorms : listedSpectra;
  const listed = list.find(({ type, isReadOnly }) => type === spectral.type && isReadOnly !== true);
  if (listed === undefined) throw refused(model, `its spectrum is a ${spectral.type}`);
  return element("spectrum", `${edisp} type="${listed.names[0]}"`, parameterTexts(model, listed, spectral, writing));
}

function fileOf(model: SkyModel, { extra }: Submodel, writing: Writing): string {
  if (extra?.filename !== undefined) return String(extra.filename).replace(/\$\{?(\w+)\}?/g, "$$($1)");
  const { energy, values } = extra as { readonly energy: NumbersIn; readonly values: NumbersIn };
  const inUnit = ({ data, unit }: NumbersIn, wanted: string) => {
    const factor = conversionFactor(unit, wanted, `model "${model.name}"`);
    return Float64Array.from(data, (x) => x * factor);
  };
  const table: SpectralTable = {
    energy: inUnit(energy, "TeV"),
    param: Float64Array.of(0),
    values: inUnit(values, "cm-2 s-1 TeV-1"),
  };
  const name = `${model.name.replace(/[^\w.-]+/g, "_")}.txt`;
  writing.files.set(name, writeSpectrumText(table));
  return name;
}

interface NumbersIn {
  readonly data: readonly number[];
  readonly unit: string;
}

function shapeText(model: SkyModel, shape: ListedShape, writing: Writing): string {
  const spatial = model.spatial!;
  if (shape.map === undefined)
    return element(
      "spatialModel",
      ` type="${shape.names[0]}"`,
      parameterTexts(model, shape, inIcrs(model, spatial, writing), writing),
    );
  const file = String(spatial.extra?.filename ?? "").replace(/\$\{?(\w+)\}?/g, "$$($1)");
  if (file === "") throw refused(model, "its map has no file");
  if (spatial.parameters.some(({ frozen }) => !frozen)) throw refused(model, "the place of its map is free");
  const norm = `      <parameter name="${shape.map.norm}" value="1" scale="1" min="0.001" max="1000" free="0"/>\n`;
  return element("spatialModel", ` type="${shape.names[0]}" file="${encodedXml(file)}"`, [norm]);
}

/** With its place in ICRS, where it is held. */
function inIcrs(model: SkyModel, spatial: Submodel, { registry }: Writing): Submodel {
  const { position } = declarationOf(spatial, "spatial", registry);
  const { frame, parameters } = spatial;
  const [lon, lat] = (position ?? []).map((name) => parameters.find((p) => p.name === name)!);
  if (frame === undefined || frame === "icrs" || frame === "fk5" || lon === undefined || lat === undefined)
    return spatial;
  if (!lon.frozen || !lat.frozen) throw refused(model, `its place is free in the frame ${frame}`);
  const place = toFrame({ lon: lon.value, lat: lat.value, frame }, "icrs");
  const held = { min: Number.NaN, max: Number.NaN, error: 0 };
  const moved = (p: Parameter) =>
    p === lon ? { ...p, ...held, value: place.lon } : p === lat ? { ...p, ...held, value: place.lat } : p;
  return { ...spatial, frame: "icrs", parameters: parameters.map(moved) };
}

const element = (name: string, attributes: string, lines: readonly string[]): string =>
  `    <${name}${attributes}>\n${lines.join("")}    </${name}>\n`;

function parameterTexts(
  model: SkyModel,
  { parameters, type }: ListedFunction,
  submodel: Submodel,
  { registry }: Writing,
): string[] {
  const kind = submodel === model.spatial || submodel.frame !== undefined ? "spatial" : "spectral";
  const standard = createSubmodel(registry, type, {}, { kind });
  const { energies = [] } = kind === "spectral" ? declarationOf(type, kind, registry) : {};
  const left = submodel.parameters.find(({ name, frozen, value, unit }) => {
    // an energy that is not listed belongs to a slope of 0
    if (parameters.some(({ own }) => own === name) || energies.includes(name)) return false;
    const other = standard.parameters.find((p) => p.name === name)!;
    return !frozen || value * conversionFactor(unit, other.unit, model.name) !== other.value;
  });
  if (left !== undefined) throw refused(model, `its ${type} has a ${left.name} of ${left.value}, or a free one`);
  return parameters.map((listed) => parameterText(model, listed, submodel));
}

/** Numbers near 1, as the optimizers of the Fermi tools want them, by a power of ten; indices by -1. */
function parameterText(model: SkyModel, { own, listed, unit, change }: ListedParameter, submodel: Submodel): string {
  const parameter: Parameter = submodel.parameters.find(({ name }) => name === own)!;
  if (parameter.link !== undefined) throw refused(model, `${own} is linked ("${parameter.link}")`);
  if (parameter.expression !== undefined) throw refused(model, `${own} is a formula`);
  if (parameter.prior !== undefined) throw refused(model, `${own} has a prior`);
  const factor = conversionFactor(parameter.unit, unit, `model "${model.name}": ${own}`);
  const there = (x: number) => (change === "inverse" ? 1 / (x * factor) : x * factor);
  const value = there(parameter.value);
  const scale = change === "negative" ? -1 : /^cm-2/.test(unit) && value > 0 ? 10 ** Math.floor(Math.log10(value)) : 1;
  // the text of the power of ten, not what a quotient makes of it
  const by = (x: number) => (change === "negative" ? x : x / scale) + 0;
  const bounds = [parameter.min, parameter.max].map(there);
  const [min, max] = change === "inverse" ? bounds.toReversed() : bounds;
  const limit = (x: number | undefined, none: number) => (Number.isFinite(x) ? by(x!) : none);
  const error =
    parameter.error > 0
      ? ` error="${Math.abs(change === "inverse" ? parameter.error * factor * value ** 2 : by(parameter.error * factor))}"`
      : "";
  return `      <parameter name="${listed[0]}" value="${by(value)}"${error} scale="${Number(scale.toPrecision(15))}" min="${limit(min, -NO_LIMIT)}" max="${limit(max, NO_LIMIT)}" free="${parameter.frozen ? 0 : 1}"/>\n`;
}
