/** The files that a command line names, opened; a result of `gammats fit --out` stands for the files of it that a command reads. */
import { readdir } from "node:fs/promises";
import { FormatError } from "../errors.js";
import { dirname, joinPath } from "../io/files.js";
import { oneOf } from "../io/formats/recognise.js";
import type { KnownFile } from "../io/formats/types.js";
import { openKnown } from "../io/formats/use.js";
import type { Context } from "./context.js";

/** Files of a result by their names. */
const NAMES = {
  fitResult: /^fit-result\.ya?ml$/,
  datasets: /(^|[-_])datasets\.ya?ml$/,
  models: /(^|[-_])models\.ya?ml$/,
} as const;

/** What a command reads of a folder, in this order; one of them has to be there. */
export type ResultParts = readonly (keyof typeof NAMES)[];

/** Whether a path is the folder of a fit, or its fit-result.yaml. */
export async function isResult({ files, using }: Pick<Context, "files" | "using">, path: string): Promise<boolean> {
  const names = await readdir(path).catch(() => undefined);
  if (names !== undefined) return names.some((name) => NAMES.fitResult.test(name));
  return isFitResult(await openKnown(path, files, using.registry.formats));
}

const isFitResult = ({ format: { holds } }: KnownFile): boolean => holds.includes("fitResult");

/**
 * Opens files in the order in which they are given. A folder, and a fit-result.yaml where that is not asked for itself, stand for the `parts` of the result.
 * @throws FormatError where a file is missing, or a folder holds none of the parts, or several of one.
 */
export async function openGiven(
  context: Pick<Context, "files" | "using">,
  paths: readonly string[],
  parts: ResultParts,
): Promise<KnownFile[]> {
  const opened = await Promise.all(paths.map((path) => openOne(context, path, parts)));
  return opened.flat();
}

async function openOne(
  { files, using }: Pick<Context, "files" | "using">,
  path: string,
  parts: ResultParts,
): Promise<readonly KnownFile[]> {
  const { formats } = using.registry;
  const openAll = (found: readonly string[]) => Promise.all(found.map((name) => openKnown(name, files, formats)));
  const names = await readdir(path).catch(() => undefined);
  if (names !== undefined) return openAll(filesOf(path, names, parts));
  const file = await openKnown(path, files, formats);
  if (!isFitResult(file) || parts.includes("fitResult")) return [file];
  const folder = dirname(path);
  return openAll(filesOf(folder, await readdir(folder), parts));
}

function filesOf(folder: string, names: readonly string[], parts: ResultParts): string[] {
  const found = parts.flatMap((part) => {
    const fitting = names.filter((name) => NAMES[part].test(name));
    if (fitting.length < 2) return fitting;
    throw notOne(folder, FILES[part], `several: ${fitting.join(", ")}`);
  });
  if (found.length === 0) throw notOne(folder, oneOf(parts.map((part) => FILES[part])), undefined);
  return found.map((name) => joinPath(folder, name));
}

const FILES = { fitResult: "fit-result.yaml", datasets: "datasets.yaml", models: "models.yaml" } as const;

function notOne(folder: string, name: string, several: string | undefined): FormatError {
  return new FormatError({
    code: "missing-file",
    where: folder,
    found: several ?? `no ${name}`,
    expected: "a folder that gammats fit --out wrote",
    remedy: several === undefined ? "name that folder, or the files that are meant" : `name the ${name} that is meant`,
  });
}
