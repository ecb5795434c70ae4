/** Models from short texts: `pl(index=2.3) + lp`. */
import type { Dataset } from "../datasets/types.js";
import * as complete from "../fit/start/models-for-data.js";
import type { FileAccess } from "../io/files.js";
import * as files from "../io/text-files.js";
import { buildSource, readSources } from "../models/text/sources.js";
import type { Models } from "../models/types.js";
import { type ContextOptions, contextOf } from "./context.js";
import { type ModelsOption, modelsOf } from "./models-option.js";

/** Where the sources of a text are, what they look like, and how they change with time. Texts that begin with the name of a source and "=" are of that one alone. */
export interface TextPlaceOptions {
  /** Shapes on the sky: `gauss(sigma=0.1)`, or `Crab = disk(r_0=0.3)`. */
  readonly shape?: string | readonly string[];
  /** Positions, which are held: `83.63 22.01`, `184.55 -5.78 galactic`, or `Crab = 83.63 22.01`. */
  readonly at?: string | readonly string[];
  /** Changes with time: `exp-decay(t0=5 h)`, or `Crab = sinus(omega=3.14 rad/d)`. */
  readonly time?: string | readonly string[];
  /** The data of files that the texts name, from `readTextFiles`. */
  readonly resources?: files.TextResources;
}

/** Options of `parseModel`. */
export interface ParseModelOptions extends TextPlaceOptions, ModelsOption {
  /** Told how a text was understood that can be read in two ways. */
  readonly onNote?: (note: string) => void;
}

const list = (texts: string | readonly string[] | undefined) => (typeof texts === "string" ? [texts] : texts);

const textsOf = (model: string | readonly string[], { shape, at, time }: TextPlaceOptions) => ({
  model: list(model)!,
  shape: list(shape),
  at: list(at),
  time: list(time),
  where: { model: "model", shape: "shape", at: "position", time: "time" },
});

const ignore = () => {};

/**
 * Models from texts, a source each: `pl(index=2.3, amplitude=3e-12 cm-2 s-1 TeV-1)`, `Crab = pl + lp(beta=0.1 frozen)`, `ecpl(lambda_=0.1[0..1]) * pl-norm`.
 * Names are the tags of the models (`gammats models` lists them); numbers without a unit are in the default one, limits stand in brackets, `frozen` holds a
 * parameter. `+ - * /` combine spectra, and `pl + ebl(z=0.116)` is absorbed by the background light. What is not said has its default.
 * @throws SpecError with the place in the text where it cannot be read, and the nearest name where one is unknown.
 * @throws FormatError where a value cannot be read or its unit does not convert.
 * @example
 * ```ts
 * import { dnde } from "gammats";
 * import { parseModel } from "gammats/models";
 * const { components } = parseModel("Crab = pl(index=2, amplitude=1e-12) + pl(index=3 frozen)", { at: "83.63 22.01" });
 * const [crab] = components;
 * console.assert(crab.name === "Crab" && Math.abs(dnde(crab.spectral, [1])[0] / 2e-12 - 1) < 1e-12);
 * ```
 */
export function parseModel(text: string | readonly string[], options: ParseModelOptions = {}): Models {
  const { resources = {}, onNote = ignore } = options;
  const context = { registry: modelsOf(options), resources, onNote };
  return { components: readSources(textsOf(text, options)).map((source) => buildSource(source, context, false).model) };
}

/**
 * Models from texts, as `parseModel`, completed for datasets as `gammats fit --model` does: places of sources on maps (held), energies and sizes that suit the
 * data, norms that match them, and a free norm for the background of each map. What was chosen is told by `onNote`.
 * @throws SpecError where a text cannot be read, or a source needs a place and neither the text nor the data have one.
 * @example
 * ```ts
 * import { fit } from "gammats";
 * import { readOgip } from "gammats/io";
 * import { modelsForData } from "gammats/models";
 * import { exampleFolder, nodeFiles } from "gammats/node";
 * const run = await readOgip(`${exampleFolder()}/joint-crab/spectra/hess/pha_obs23523.fits`, nodeFiles());
 * const result = fit([run], modelsForData([run], "pl"));
 * console.assert(result.success && Math.abs(result.parameters[0].value - 2.5) < 0.5); // index
 * ```
 */
export function modelsForData(
  datasets: readonly Dataset[],
  text: string | readonly string[],
  options: ParseModelOptions & ContextOptions = {},
): Models {
  const { resources = {}, onNote = ignore } = options;
  const { models: _, ...context } = contextOf({ components: [] }, options);
  return complete.modelsForData(datasets, textsOf(text, options), { ...context, resources, onNote });
}

/**
 * What the files hold that texts of models name or need (tables of absorption, template maps), for the option `resources`.
 * @throws FormatError where one is missing or cannot be read.
 */
export async function readTextFiles(
  text: string | readonly string[],
  access: FileAccess,
  options: Omit<TextPlaceOptions, "resources"> & ModelsOption = {},
): Promise<files.TextResources> {
  return files.readTextFiles(textsOf(text, options), access, modelsOf(options));
}
