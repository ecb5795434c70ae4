/** Results of earlier fits that are to be compared: what they found, their models, and whether they are of the same data. */
import { stat } from "node:fs/promises";
import { FormatError, SpecError } from "../errors.js";
import { basename, dirname } from "../io/files.js";
import { isOfModels } from "../io/formats/recognise.js";
import type { KnownFile } from "../io/formats/types.js";
import type { Provenance } from "../io/provenance/types.js";
import { readFitResult } from "../io/read-fit-result.js";
import type { FitReport } from "../io/types.js";
import type { Hypothesis } from "./compared.js";
import type { Context } from "./context.js";
import { drawingOf } from "./drawings.js";
import { openGiven } from "./given-files.js";

interface EarlierResult extends Hypothesis {
  readonly report: FitReport;
  readonly provenance: Provenance;
  /** Of the models.yaml beside it; empty: there is none. */
  readonly modelsText: string;
}

/** @throws SpecError where they are not of the same data, or do not say of which. */
export async function readEarlier(context: Context, paths: readonly string[]): Promise<readonly Hypothesis[]> {
  const found = await Promise.all(paths.map((path) => readOne(context, path)));
  const [first, ...others] = found as [EarlierResult, ...EarlierResult[]];
  for (const other of others) checkSameData(first, other);
  return found;
}

async function readOne(context: Context, path: string): Promise<EarlierResult> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const [file] = (await openGiven(context, [path], ["fitResult"])) as [KnownFile];
  const models = await modelsBeside(context, isFolder ? path : dirname(path));
  const { report, provenance } = readFitResult(file.bytes, file.path);
  if (provenance === undefined) {
    throw new SpecError({
      where: file.path,
      what: "it does not say which data it is of (no provenance), so that it cannot be compared",
      remedy: "fit again with gammats fit --out, or give the data and all models to gammats compare",
    });
  }
  const { total_stat: total, datasets, covariance, success, message } = report;
  return {
    name: path,
    report,
    provenance,
    modelsText: models?.text ?? "",
    fit: {
      success,
      message,
      totalStat: total ?? Number.NaN,
      free: { ids: Object.keys(covariance) },
      datasets: datasets.map(({ name, n_fit_bins: nFitBins }) => ({ name, nFitBins })),
    },
    models: models && (await drawingOf(models, { files: context.files, ...context.using }, context.onNote)).models,
  };
}

/** A result that was copied without its models can be compared, but for what is nested. */
async function modelsBeside(context: Context, folder: string): Promise<KnownFile | undefined> {
  try {
    return (await openGiven(context, [folder], ["models"])).find(({ format }) => isOfModels(format));
  } catch (error) {
    if (error instanceof FormatError && error.code === "missing-file") return undefined;
    throw error;
  }
}

/** Options that change what is fitted of the files. */
const OF_DATA = ["energyRange", "group", "statistic", "like"] as const;

function checkSameData(a: EarlierResult, b: EarlierResult): void {
  const refuse = (what: string) =>
    new SpecError({
      where: `${a.name}, ${b.name}`,
      what: `the fits are not of the same data: ${what}`,
      remedy: "fit all models to the same files, or give the data and all models to gammats compare",
    });
  const [own, other] = [dataFiles(a), dataFiles(b)];
  const odd = [...own].find(([hash]) => !other.has(hash)) ?? [...other].find(([hash]) => !own.has(hash));
  if (odd !== undefined) throw refuse(`${odd[1]} (SHA-256 ${odd[0].slice(0, 12)}...) is among the inputs of one alone`);
  for (const name of OF_DATA) {
    const [x, y] = [a, b].map(({ provenance }) => JSON.stringify(provenance.options[name] ?? null));
    if (x !== y) throw refuse(`the option ${name} is ${x} in one and ${y} in the other`);
  }
  const shape = ({ report }: EarlierResult) =>
    report.datasets.map((d) => `${d.name} (${d.type}, ${d.n_fit_bins} bins)`).join(", ");
  if (shape(a) !== shape(b)) throw refuse(`${shape(a)} in one, ${shape(b)} in the other`);
}

/** Names by SHA-256, without YAML, whose data are in files of their own, and without what the models are made of. */
function dataFiles({ provenance, modelsText }: EarlierResult): ReadonlyMap<string, string> {
  const said = JSON.stringify(provenance.options);
  return new Map(
    provenance.inputs
      .map(({ path, sha256 }) => [sha256, basename(path)] as const)
      .filter(([, name]) => !/\.(ya?ml|dat)$/i.test(name) && !modelsText.includes(name) && !said.includes(name)),
  );
}
