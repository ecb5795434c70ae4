/** A commented analysis to begin with. */
import { relative, resolve } from "node:path";
import { writeModels } from "../../api/io.js";
import { SpecError } from "../../errors.js";
import { basename, joinPath, writeFiles } from "../../io/files.js";
import { datasetsText } from "../../io/yaml/write-datasets.js";
import { submodelKinds } from "../../models/lookup.js";
import { exampleFolder } from "../../node/crab.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { requireFolderName } from "../endings.js";
import { documented } from "../results.js";

interface Options extends Pick<AnalysisOptions, "model" | "shape" | "at" | "time"> {
  readonly out: string;
  readonly overwrite?: boolean;
}

/** Spectra of the simulated example, for who has no data yet. */
const EXAMPLE = [23523, 23526].flatMap((run) =>
  ["", "_arf", "_rmf", "_bkg"].map((part) => `pha_obs${run}${part}.fits`),
);

export async function run(context: Context, given: readonly string[], options: Options) {
  const { out, overwrite, model = ["pl"], shape, at, time } = options;
  const { files } = context;
  requireFolderName(out);
  const folder = joinPath(exampleFolder(), "joint-crab/spectra/hess");
  const entries = new Map<string, Uint8Array>();
  if (given.length === 0) for (const name of EXAMPLE) entries.set(name, await files.read(joinPath(folder, name)));
  const paths =
    given.length > 0 ? given : EXAMPLE.filter((name) => /\d\.fits$/.test(name)).map((name) => joinPath(folder, name));
  const texts: AnalysisOptions = { model, ...(shape && { shape }), ...(at && { at }), ...(time && { time }) };
  const { datasets, models, list } = await readAnalysis(context, paths, texts);
  if (list !== undefined) throw new SpecError(`new: ${list} is an analysis already; give the data files alone`);
  const filename = (path: string) => (given.length === 0 ? basename(path) : fromFolder(out, path));
  const encoder = new TextEncoder();
  const named = datasets.map(({ name, type }, i) => ({ name, type, filename: filename(paths[i]!) }));
  entries.set("datasets.yaml", encoder.encode(DATASETS_HEAD + datasetsText(named)));
  entries.set("models.yaml", encoder.encode(MODELS_HEAD + withAbout(writeModels(models, context.using), context)));
  const written = await documented(context, { models: model }, () => writeFiles(entries, out, files, { overwrite }));
  for (const path of written) context.print(`Wrote ${path}`);
  context.print(`\nFit it:  gammats fit ${joinPath(out, "datasets.yaml")} ${joinPath(out, "models.yaml")}`);
}

/** A path as a file in the folder names it. */
const fromFolder = (folder: string, path: string): string =>
  relative(resolve(folder), resolve(path)).replaceAll("\\", "/");

const DATASETS_HEAD = `# The data of an analysis: a list of files, each with the name that models and options call it by.
# Paths begin at the folder of this file; $NAME in them is an environment variable.
# What a file holds:  gammats info FILE       What is wrong with it:  gammats validate FILE
`;

const MODELS_HEAD = `# The models of an analysis: sources (spectral, and for maps spatial), and norms of the backgrounds of maps.
# Of each parameter:
#   value, unit    where the fit begins
#   frozen: true   it is held
#   min, max       limits; without them there are none
#   link           parameters with the same word here are one parameter
#   prior          what is known of it: {type: GaussianPrior, parameters: [{name: mu, value: 2}, {name: sigma, value: 0.1}]}
# Of each model: "datasets_names: [NAME, ...]" if it is for these datasets alone.
# All models there are:  gammats models
`;

/** What each parameter is, behind its name. */
function withAbout(yaml: string, { using: { registry } }: Context): string {
  const declarations = submodelKinds.flatMap((kind): readonly Declared[] => registry[kind]);
  let declared: Declared | undefined;
  const lines = yaml.split("\n").map((line) => {
    const type = /^\s+type: (\w+)$/.exec(line)?.[1];
    if (type !== undefined) declared = declarations.find((declaration) => declaration.type === type) ?? declared;
    const about = declared?.parameters[/^\s+- name: (\w+)$/.exec(line)?.[1] ?? ""]?.about;
    return about === undefined ? line : `${line} # ${about}`;
  });
  return lines.join("\n");
}

interface Declared {
  readonly type: string;
  readonly parameters: Readonly<Record<string, { readonly about: string }>>;
}
