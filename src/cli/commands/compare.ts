import { SpecError } from "../../errors.js";
import { isOfModels } from "../../io/formats/recognise.js";
import type { AnalysisOptions } from "../analysis.js";
import { type Hypothesis, type Ranked, type Ratio, ranked, rankedTable, ratiosOf, ratiosTable } from "../compared.js";
import type { Context } from "../context.js";
import { readEarlier } from "../earlier-results.js";
import { type FitSettings, fitAnalysis } from "../fitted.js";
import { isResult, openGiven } from "../given-files.js";
import { giveTable, refuseEarly } from "../results.js";
import { changesOf } from "../settings.js";
import { showTable } from "../tables.js";

interface Options extends FitSettings {
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options): Promise<number> {
  await refuseEarly(context, options);
  const { overwrite } = options;
  const hypotheses = await hypothesesOf(context, paths, options);
  const models = ranked(hypotheses);
  const ratios = ratiosOf(hypotheses, context.using);
  const tables = { models: () => rankedTable(models), ratios: () => ratiosTable(ratios) };
  showTable(context, tables.models());
  context.print(
    `\nBIC counts ${models[0]!.nBins} bins in the fit. Likelihood ratios of nested models (significance: one-sided):`,
  );
  showTable(context, tables.ratios());
  for (const { names, message } of ratios) {
    if (message !== "") context.note(`gammats: ${names.join(" and ")}: ${message}`);
  }
  await giveTable(context, { document: documentOf(models, ratios), tables, overwrite });
  for (const { name, success, message } of models) if (!success) context.fail(`gammats compare: ${name}: ${message}`);
  return models.every(({ success }) => success) ? 0 : 1;
}

async function hypothesesOf(
  context: Context,
  paths: readonly string[],
  options: Options,
): Promise<readonly Hypothesis[]> {
  const areResults = await Promise.all(paths.map((path) => isResult(context, path)));
  if (options.model === undefined && paths.length > 1 && areResults.every(Boolean)) {
    const [change] = changesOf(options);
    if (change === undefined) return readEarlier(context, paths);
    throw new SpecError(
      `compare: results of earlier fits are compared as they are; leave out --${change}, or give the data`,
    );
  }
  const files = await openGiven(context, paths, ["datasets", "models"]);
  const data = files.filter((file) => !isOfModels(file.format)).map(({ path }) => path);
  const asked = [
    ...files
      .filter(({ format }) => isOfModels(format))
      .map(({ path }) => ({ name: path, paths: [...data, path], texts: WITHOUT_TEXTS })),
    ...textsOf(options).map(({ name, texts }) => ({ name, paths: data, texts })),
  ];
  if (asked.length < 2) {
    const found = asked.length === 0 ? "no models" : `models once, "${asked[0]!.name}"`;
    throw new SpecError({
      where: "compare",
      found,
      expected: "at least two",
      remedy: "give --model for each of them, several models.yaml, or the folders of several fits",
    });
  }
  const told = onlyOnce(context);
  const out: Hypothesis[] = [];
  for (const { name, paths: given, texts } of asked) {
    const { result, datasets } = await fitAnalysis(told, given, { ...options, ...texts });
    out.push({ name, fit: result, models: result.models, datasets });
  }
  return out;
}

const TEXTS = ["model", "shape", "at", "time"] as const;
type Texts = Pick<AnalysisOptions, (typeof TEXTS)[number]>;
const WITHOUT_TEXTS = { model: undefined, shape: undefined, at: undefined, time: undefined };

/** The texts of each hypothesis: what is given once is of all, else each is of one. Their names say what differs. */
function textsOf(options: Options): { readonly name: string; readonly texts: Texts }[] {
  const alone = TEXTS.find((key) => options[key] !== undefined);
  if (alone === undefined) return [];
  if (options.model === undefined) throw new SpecError(`compare: --${alone} is for the sources of --model`);
  const n = Math.max(...TEXTS.map((key) => options[key]?.length ?? 0));
  for (const key of TEXTS) {
    const k = options[key]?.length ?? 1;
    if (k !== 1 && k !== n) {
      throw new SpecError(`compare: found --${key} ${k} times, expected once, for all, or ${n} times, once for each`);
    }
  }
  return Array.from({ length: n }, (_, i) => {
    const given = TEXTS.flatMap((key) => {
      const list = options[key];
      return list === undefined ? [] : [{ key, text: list[list.length === 1 ? 0 : i]!, differs: list.length > 1 }];
    });
    const named = given.filter(({ key, differs }) => differs || key === "model").map(({ text }) => text);
    return { name: named.join(", "), texts: Object.fromEntries(given.map(({ key, text }) => [key, [text]])) };
  });
}

/** The files are read for each of the models, and what is said of them is said once. */
function onlyOnce(context: Context): Context {
  const said = new Set<string>();
  const once = (tell: (text: string) => void) => (text: string) => {
    if (!said.has(text)) tell(text);
    said.add(text);
  };
  return { ...context, note: once(context.note), onNote: once(context.onNote) };
}

const documentOf = (models: readonly Ranked[], ratios: readonly Ratio[]) => ({
  success: models.every(({ success }) => success),
  models: models.map((m) => ({
    name: m.name,
    success: m.success,
    message: m.message,
    total_stat: m.stat,
    n_free: m.nFree,
    n_bins: m.nBins,
    aic: m.aic,
    aicc: m.aicc,
    bic: m.bic,
    delta_aic: m.deltaAic,
    delta_bic: m.deltaBic,
  })),
  ratios: ratios.map(({ names, reason, comparison, boundary, message }) => ({
    null: names[0],
    alternative: names[1],
    nested: comparison !== undefined,
    reason,
    ts: comparison?.ts ?? null,
    dof: comparison?.dof ?? null,
    boundary,
    p_value: comparison?.pValue ?? null,
    significance: comparison?.significance ?? null,
    message,
  })),
});
