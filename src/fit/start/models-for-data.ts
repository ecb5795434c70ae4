/** Models from texts, completed with what the data say: where a source is, its energies, its norm, the norms of backgrounds. */
import { startOfData } from "../../datasets/start.js";
import type { Dataset } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import type { KindContext } from "../../likelihood/kind.js";
import type { LikelihoodOptions } from "../../likelihood/likelihood.js";
import { fovBackground } from "../../models/create.js";
import { allParameters, updateParameters } from "../../models/parameters.js";
import { type BuiltSource, buildSource, placed, readSources, type SourceTexts } from "../../models/text/sources.js";
import type { Unsaid } from "../../models/text/unsaid.js";
import type { Models, Parameter, Submodel } from "../../models/types.js";
import { conversionFactor } from "../../units/index.js";
import { fitNorms, rounded } from "./norms.js";
import { energiesOfData, hasBackgroundImage, imageOf, placeOfData, widthOfData } from "./place.js";

/** What models are made with. */
export interface TextModelsContext extends Omit<KindContext, "models"> {
  /** What the files hold that the texts name. */
  readonly resources: Parameters<typeof buildSource>[1]["resources"];
  onNote(note: string): void;
}

/** What is done with models from texts before a fit, beside what the texts say. */
export interface CompleteOptions extends LikelihoodOptions {
  /** Changes that count as said: what they set is not guessed. Returns the models, and the ids that it set. */
  readonly change?: (models: Models) => { readonly models: Models; readonly said: readonly string[] };
  /** Models of a file, which the sources of the texts join; the backgrounds are those of the file then. */
  readonly others?: Models | undefined;
}

/** Models for datasets: the sources of the texts, and a norm for each background on an image. What was guessed is said by `onNote`. */
export function modelsForData(
  datasets: readonly Dataset[],
  texts: SourceTexts,
  context: TextModelsContext,
  options: CompleteOptions = {},
): Models {
  const hasImages = datasets.some((dataset) => imageOf(dataset) !== undefined);
  const built = readSources(texts).map((text) => atPlace(buildSource(text, context, hasImages), datasets, context));
  const { others } = options;
  if (others !== undefined) return completeModels(datasets, joined(others, built), built, context, options);
  const backgrounds = datasets.filter(hasBackgroundImage).map(({ name }) => fovBackground(name));
  for (const { name } of backgrounds) context.onNote(`"${name}": a free norm for the background of the map`);
  const models: Models = { components: [...built.map(({ model }) => model), ...backgrounds] };
  return completeModels(datasets, models, built, context, options);
}

/** Without the covariance of the others, which is that of a fit without the new sources. */
function joined({ covariance: _, ...others }: Models, built: readonly BuiltSource[]): Models {
  const names = others.components.map(({ name }) => name);
  const twice = built.find(({ model }) => names.includes(model.name));
  if (twice !== undefined) {
    throw new SpecError(
      `--model: the models.yaml has a source "${twice.model.name}" too; name this one in its text: "another = ..."`,
    );
  }
  return { ...others, components: [...others.components, ...built.map(({ model }) => model)] };
}

/** A source that needs a place and has none gets that of the data. */
function atPlace(
  source: BuiltSource,
  datasets: readonly Dataset[],
  { registry, onNote }: TextModelsContext,
): BuiltSource {
  const { name } = source.model;
  if (!source.needsPlace) return source;
  const found = placeOfData(datasets);
  if (found === undefined) {
    throw new SpecError(
      `"${name}": it has a shape and no place, and the data name none; say where it is (--at "83.63 22.01")`,
    );
  }
  const { lon, lat, frame } = found.position;
  const [x, y] = [lon, lat].map((angle) => Number(angle.toFixed(6)));
  onNote(`"${name}": placed at ${x}, ${y} deg (${frame}), ${found.from}, and held there`);
  return { ...source, model: placed(source.model, { lon: x!, lat: y!, frame }, registry), needsPlace: false };
}

/** Start values for what is left open. */
export function completeModels(
  datasets: readonly Dataset[],
  given: Models,
  sources: readonly BuiltSource[],
  context: TextModelsContext,
  { change, others: _, ...limits }: CompleteOptions = {},
): Models {
  const [energies, width] = [energiesOfData(datasets), widthOfData(datasets)];
  const timeOf = (_: Parameter, { isReference }: Unsaid) => (isReference ? startOfData(datasets) : undefined);
  const byName = new Map(sources.map((source) => [source.model.name, source]));
  const notes = new Map<string, string[]>();
  const begun: Models = {
    ...given,
    components: given.components.map((model) => {
      const source = byName.get(model.name);
      if (source === undefined || model.type !== "SkyModel") return model;
      const said: string[] = [];
      notes.set(model.name, said);
      const spatial = model.spatial && begin(model.spatial, source.spatial, (p, open) => sizeOf(p, open, width), said);
      const spectral = begin(model.spectral, source.spectral, (p, open) => energyOf(p, open, energies), said);
      const temporal = model.temporal && begin(model.temporal, source.temporal, timeOf, said);
      return { ...model, spectral, ...(spatial && { spatial }), ...(temporal && { temporal }) };
    }),
  };
  const { models, said } = change?.(begun) ?? { models: begun, said: [] };
  const groups = sources.map((source) => normsOf(models, source).filter((id) => !said.includes(id)));
  const open = groups.filter((group) => group.length > 0);
  const complete = open.length === 0 ? models : fitNorms(datasets, { ...context, models }, open, limits);
  for (const { id, model, name, parameter } of allParameters(complete)) {
    if (open.flat().includes(id)) notes.get(model)?.unshift(`${shown(name, parameter)} (matches the data)`);
  }
  for (const [name, list] of notes) if (list.length > 0) context.onNote(`"${name}": start values ${list.join(", ")}`);
  return updateParameters(complete, {});
}

const shown = (name: string, { value, unit }: Pick<Parameter, "value" | "unit">) => `${name} = ${value} ${unit}`.trim();

type Choice = (parameter: Parameter, open: Unsaid) => number | undefined;

/** The submodel with other values of parameters that nobody gave. */
function begin(submodel: Submodel, unsaid: readonly Unsaid[], choose: Choice, said: string[]): Submodel {
  const parameters = submodel.parameters.slice();
  for (const open of unsaid) {
    const parameter = parameters[open.index]!;
    const value = choose(parameter, open) ?? open.declared.start;
    if (value === undefined || value === parameter.value) continue;
    parameters[open.index] = { ...parameter, value };
    said.push(shown(parameter.name, { value, unit: parameter.unit }));
  }
  return { ...submodel, parameters };
}

/** An energy outside of the data moves to their logarithmic middle. */
function energyOf({ value, unit }: Parameter, { isEnergy }: Unsaid, range: readonly [number, number] | undefined) {
  if (!isEnergy || range === undefined) return undefined;
  const factor = conversionFactor(unit, "TeV");
  if (value * factor >= range[0] && value * factor <= range[1]) return undefined;
  return rounded(Math.sqrt(range[0] * range[1]) / factor, 1);
}

/** The part of the narrowest image that a size may begin with. */
const LARGEST = 0.1;

/** A size that fills the image becomes a part of it. */
function sizeOf({ value, unit }: Parameter, { isSize }: Unsaid, width: number | undefined) {
  if (width === undefined || !isSize) return undefined;
  const factor = conversionFactor(unit, "deg");
  return value * factor > LARGEST * width ? rounded((LARGEST * width) / factor, 1) : undefined;
}

/** Ids of the norms that a text leaves open. */
function normsOf(models: Models, { model, spectral }: BuiltSource): string[] {
  const component = models.components.findIndex(({ name }) => name === model.name);
  const indices = spectral.filter(({ isNorm }) => isNorm).map(({ index }) => index);
  return allParameters(models)
    .filter((entry) => entry.component === component && entry.kind === "spectral" && indices.includes(entry.index))
    .map(({ id }) => id);
}
