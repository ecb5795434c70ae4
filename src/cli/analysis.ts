/** What a command works on: datasets and models, from whatever files and texts are given. */
import { resolve } from "node:path";
import { compileJoint } from "../api/fit.js";
import { isBinned } from "../datasets/facets.js";
import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { fitJoint } from "../fit/fit.js";
import { joinParts } from "../io/formats/parts.js";
import { aboutOf, isOfModels, wrongFile } from "../io/formats/recognise.js";
import type { FileFormat, KnownFile } from "../io/formats/types.js";
import { contentsOf } from "../io/formats/use.js";
import { readAnalysis as readList, readModelsFor } from "../io/yaml/analysis.js";
import { isSame } from "../math/snapshot.js";
import type { Model, Models } from "../models/types.js";
import type { Context } from "./context.js";
import { openGiven } from "./given-files.js";
import { maskedByRegions } from "./region-masks.js";
import { changeDatasets, changeModels, type Settings, setIds } from "./settings.js";

/** Models in texts, in place of a models.yaml or beside it, and what is changed of either. */
export interface AnalysisOptions extends Settings {
  readonly model?: readonly string[];
  readonly shape?: readonly string[];
  readonly at?: readonly string[];
  readonly time?: readonly string[];
  readonly replaceSpectrum?: readonly string[];
  /** The models are to be fitted first; false: they are used as they stand. */
  readonly fitted?: boolean;
  /** What is fitted first where `fitted` does not say: analyses with texts, or all. */
  readonly fitsByDefault?: "texts" | "all";
  /** Without models there are those of the backgrounds. */
  readonly mayLackModels?: boolean;
}

export interface ReadAnalysis {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  /** Texts of the YAML files, where there are some. */
  readonly text: { readonly datasets?: string; readonly models?: string };
  /** The datasets.yaml, where one is given. */
  readonly list: string | undefined;
}

/** Datasets and models of the files and texts of a command line, with what it changes. The files say what they are, so that their order does not matter. */
export async function readAnalysis(
  context: Context,
  paths: readonly string[],
  options: AnalysisOptions,
): Promise<ReadAnalysis> {
  const given = sorted(joinParts(await openGiven(context, paths, ["datasets", "models"])), context);
  refuseTwice(given.data.map(({ path, selector }) => path + (selector?.text ?? "")));
  checkTexts(given, options);
  const read = await readFiles(context, given);
  const datasets = await maskedByRegions(changeDatasets(read.datasets, options, context), options, context);
  const models = await modelsOf(context, datasets, read.models, options);
  const hasTexts = options.model !== undefined;
  const isByDefault =
    options.fitted === undefined &&
    (options.fitsByDefault === "all" || (options.fitsByDefault === "texts" && hasTexts));
  if (options.fitted === false && hasTexts) {
    context.onNote("the models of --model are used as they stand; --fitted fits them to the data first");
  }
  if (isByDefault) {
    const which = hasTexts ? "models of --model" : "models";
    context.onNote(`the ${which} are fitted to the data first; --no-fitted uses them as they stand`);
  }
  return {
    datasets,
    models: options.fitted || isByDefault ? fittedModels(context, datasets, models) : models,
    text: read.text,
    list: given.list?.path,
  };
}

/** The same path twice, however it is written. */
function refuseTwice(paths: readonly string[]): void {
  const full = paths.map((path) => resolve(path));
  const at = full.findIndex((path, i) => full.indexOf(path) < i);
  if (at < 0) return;
  throw new SpecError({
    where: paths[at]!,
    what: "the file is given twice and would count twice",
    remedy: "name it once",
  });
}

interface Given {
  /** datasets.yaml */
  readonly list: KnownFile | undefined;
  readonly models: KnownFile | undefined;
  readonly data: readonly KnownFile[];
}

const isList = ({ isList = false }: FileFormat) => isList;
const isData = (format: FileFormat) =>
  format.dataset !== undefined || (format.holds[0] === "datasets" && !isList(format));

function sorted(given: readonly KnownFile[], { using, onNote }: Context): Given {
  const { formats } = using.registry;
  const files = given.some(({ format }) => isData(format)) ? given.filter(({ format }) => !format.isCompanion) : given;
  const companions = given.filter((file) => !files.includes(file)).map(({ path }) => path);
  if (companions.length > 0) {
    onNote(`${companions.join(", ")}: read with the spectra that name them, and not by themselves`);
  }
  const other = files.find(({ format }) => ![isList, isOfModels, isData].some((is) => is(format)));
  if (other !== undefined) {
    throw wrongFile(other, formats, `a datasets.yaml, a models.yaml, or data: ${aboutOf(formats.filter(isData))}`);
  }
  const of = (is: (format: FileFormat) => boolean) => files.filter(({ format }) => is(format));
  const [lists, models, data] = [isList, isOfModels, isData].map(of) as [KnownFile[], KnownFile[], KnownFile[]];
  for (const [several, name] of [
    [lists, "datasets.yaml"],
    [models, "models.yaml"],
  ] as const) {
    if (several.length > 1) {
      const names = several.map(({ path }) => path).join(" and ");
      throw new SpecError(`found ${several.length} files of the kind ${name}: ${names}; give one`);
    }
  }
  if (lists.length + data.length === 0) {
    throw new SpecError(`${models[0]!.path}: found models, and no data; give a datasets.yaml or data files too`);
  }
  return { list: lists[0], models: models[0], data };
}

function checkTexts({ list, models, data }: Given, options: AnalysisOptions): void {
  const { model, mayLackModels } = options;
  const areThere = models !== undefined || data.some(({ format }) => format.holds.includes("models"));
  if (model === undefined && !areThere && mayLackModels !== true) {
    const found = [list, ...data].flatMap((file) =>
      file === undefined ? [] : [`${file.path} (${file.format.about})`],
    );
    throw new SpecError(
      `there are no models; found ${found.join(", ")}; give a models.yaml too, or say them: --model "pl(index=2.3)"`,
    );
  }
  const other = (["shape", "at", "time"] as const).find((name) => options[name] !== undefined);
  if (model === undefined && other !== undefined) {
    throw new SpecError(`--${other} is for the sources of --model; those of a models.yaml are changed with --set`);
  }
}

/** All datasets, and the models: of the models.yaml, else those that stand with the data. */
async function readFiles(context: Context, { list, models, data }: Given) {
  const { files, using } = context;
  const { datasets: others, models: own } = await readData(context, data);
  if (own !== undefined && (models ?? list) !== undefined) {
    const names = data.filter(({ format }) => format.holds.includes("models")).map(({ path }) => path);
    context.onNote(`the models of ${names.join(" and ")} are not used: those of ${(models ?? list)!.path} are`);
  }
  if (list !== undefined) {
    const analysis = await readList(list, models, files, { ...using, others });
    for (const warning of analysis.warnings) context.note(`gammats: ${warning}`);
    return { datasets: unique(analysis.datasets, context), models: analysis.models, text: analysis.text };
  }
  const datasets = unique(others, context);
  if (models === undefined) return { datasets, models: own, text: {} };
  const read = await readModelsFor(datasets, models, files, using);
  for (const warning of read.warnings) context.note(`gammats: ${warning}`);
  return { datasets, models: read.models, text: read.text === undefined ? {} : { models: read.text } };
}

async function readData({ files, using, note }: Context, data: readonly KnownFile[]) {
  const datasets: Dataset[] = [];
  const components: Model[] = [];
  for (const file of data) {
    const contents = await contentsOf(file, { files, ...using });
    for (const warning of contents.warnings ?? []) note(`gammats: ${warning}`);
    datasets.push(...(contents.datasets ?? []));
    components.push(...(contents.models?.components ?? []));
  }
  const models: Models | undefined = components.length === 0 ? undefined : { components };
  return { datasets, models };
}

/** Datasets of files may have the same name, which a fit cannot tell apart: the later ones get a number. */
export function unique(given: readonly Dataset[], context: Context): Dataset[] {
  const datasets = numbered(given, context);
  datasets.forEach((dataset, i) => {
    const same = datasets.slice(0, i).find((other) => hasSameData(other, dataset));
    if (same === undefined) return;
    context.note(
      `gammats: dataset "${dataset.name}" has the same content as "${same.name}": it counts twice, and errors come out too small; leave one out`,
    );
  });
  return datasets;
}

/** What was measured and all else but the name; without data there is nothing that could count twice. */
function hasSameData(a: Dataset, b: Dataset): boolean {
  if (isBinned(a) && a.counts === undefined) return false;
  return isSame({ ...a, name: "" }, { ...b, name: "" });
}

function numbered(datasets: readonly Dataset[], { onNote }: Context): Dataset[] {
  const taken = new Set<string>();
  return datasets.map((dataset) => {
    let { name } = dataset;
    for (let k = 2; taken.has(name); k++) name = `${dataset.name}-${k}`;
    taken.add(name);
    if (name === dataset.name) return dataset;
    onNote(`a second dataset is called "${dataset.name}"; it becomes "${name}"`);
    return { ...dataset, name };
  });
}

/** The models as the command line has them: of the file or the texts, with what it changes; norms that nobody says match the data. */
async function modelsOf(
  context: Context,
  datasets: readonly Dataset[],
  read: Models | undefined,
  options: AnalysisOptions,
): Promise<Models> {
  const { files, using, onNote } = context;
  const { model = [], shape, at, time, replaceSpectrum } = options;
  if (read !== undefined && replaceSpectrum === undefined && model.length === 0) return changeModels(read, options);
  const complete = {
    change: (models: Models) => ({ models: changeModels(models, options), said: setIds(models, options) }),
    maxBytes: files.freeBytes?.(),
  };
  // loaded for texts alone
  if (replaceSpectrum !== undefined && (read === undefined || model.length > 0)) {
    throw new SpecError("--replace-spectrum changes the models of a models.yaml; write the spectrum in --model");
  }
  if (read !== undefined && replaceSpectrum !== undefined) {
    const { replaceSpectra } = await import("./replace-spectrum.js");
    return replaceSpectra(context, datasets, read, replaceSpectrum, complete);
  }
  const [{ modelsForData }, { readTextFiles }] = await Promise.all([
    import("../fit/start/models-for-data.js"),
    import("../io/text-files.js"),
  ]);
  const texts = { model, shape, at, time };
  const resources = await readTextFiles(texts, files, using.registry);
  return context.compute(() =>
    modelsForData(datasets, texts, { ...using, resources, onNote }, { ...complete, others: read }),
  );
}

function fittedModels(context: Context, datasets: readonly Dataset[], models: Models): Models {
  const joint = compileJoint(datasets, models, { ...context.using, maxBytes: context.files.freeBytes?.() });
  const result = context.compute(() => fitJoint(joint));
  for (const warning of result.warnings) context.note(`gammats: ${warning}`);
  if (!result.success) {
    throw new SpecError(
      `the fit of the models before they are used: ${result.message}; fit them by gammats fit, or use them as they stand (without --fitted, or --no-fitted)`,
    );
  }
  return result.models;
}
