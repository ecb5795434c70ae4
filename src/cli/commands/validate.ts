import { compileJoint } from "../../api/fit.js";
import { GammatsError } from "../../errors.js";
import { readFits } from "../../fits/index.js";
import { pairsOf } from "../../io/formats/pairs.js";
import type { Contents, KnownFile } from "../../io/formats/types.js";
import { findingsOf } from "../../io/formats/use.js";
import { type AnalysisOptions, readAnalysis, unique } from "../analysis.js";
import type { Context } from "../context.js";
import { openGiven } from "../given-files.js";

const PARTS = ["fitResult", "datasets", "models"] as const;

/** What a fit would take together: the datasets and the models of the files. */
function analysisAmong(read: readonly Contents[]): Pick<Contents, "datasets" | "models"> | undefined {
  const whole = read.find((contents) => contents.datasets && contents.models);
  const models = read.filter((contents) => contents.models !== undefined);
  if (models.length !== 1) return undefined;
  return whole ?? { datasets: read.flatMap(({ datasets = [] }) => datasets), models: models[0]!.models! };
}

type Options = Pick<AnalysisOptions, "model" | "shape" | "at" | "time">;

export async function run(context: Context, paths: readonly string[], options: Options): Promise<number> {
  // checksums that do not hold are among the problems
  const { plainFiles: files, using } = context;
  const problems: string[] = [];
  const warnings: string[] = [];
  const read: Contents[] = [];
  /** Notes what a check throws, if it is about the file. */
  const attempt = async <T>(check: () => Promise<T> | T): Promise<T | undefined> => {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof GammatsError)) throw error;
      problems.push(...(error.problems ?? [error]).map(({ message }) => message));
      return undefined;
    }
  };
  const opened: KnownFile[] = [];
  const names: string[] = [];
  for (const path of paths) {
    const found = await attempt(() => openGiven({ files, using }, [path], PARTS, { folders: true }));
    opened.push(...(found ?? []));
    names.push(...(found?.map((file) => file.path) ?? [path]));
  }
  for (const { file, models } of pairsOf(opened)) {
    const found = await attempt(() => findingsOf(file, { files, ...using, models }));
    if (found?.contents !== undefined) read.push(found.contents);
    problems.push(...(found?.problems ?? []));
    warnings.push(...(found?.warnings ?? []));
    if (file.hdus ?? file.damage) await attempt(() => readFits(file.bytes, { where: file.path, verify: true }));
  }
  // damaged files would be named again
  if (problems.length === 0) {
    await attempt(async () => {
      const given = { ...context, files };
      const analysis = options.model === undefined ? analysisAmong(read) : await readAnalysis(given, paths, options);
      if (analysis?.models === undefined || !analysis.datasets?.length) return;
      const joint = compileJoint(unique(analysis.datasets, given), analysis.models, {
        ...using,
        maxBytes: files.freeBytes?.(),
      });
      warnings.push(...joint.terms.flatMap((term) => term.warnings ?? []));
    });
  }
  const found = [...new Set(problems)];
  for (const problem of found) context.print(`problem: ${problem}`);
  for (const warning of warnings) context.print(`warning: ${warning}`);
  const number = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
  context.print(found.length === 0 ? `${number(names.length, "file")}, no problems` : number(found.length, "problem"));
  context.document({ files: names, problems: found, warnings });
  return found.length === 0 ? 0 : 2;
}
