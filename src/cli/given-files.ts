/** The files that a command line names, opened; a result of `gammats fit --out` stands for the files of it that a command reads. */
import { readdir } from "node:fs/promises";
import { FormatError } from "../errors.js";
import { dirname, joinPath } from "../io/files.js";
import { openFolder } from "../io/formats/open.js";
import { oneOf } from "../io/formats/recognise.js";
import type { KnownFile } from "../io/formats/types.js";
import { isRead, knownFile, openKnown } from "../io/formats/use.js";
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

interface GivenOptions {
  /** A folder that holds none of the parts may be of a format itself. */
  readonly folders?: boolean;
}

/**
 * Opens files in the order in which they are given. A folder, and a fit-result.yaml where that is not asked for itself, stand for the `parts` of the result.
 * @throws FormatError where a file is missing, or a folder holds none of the parts, or several of one.
 */
export async function openGiven(
  context: Pick<Context, "files" | "using">,
  paths: readonly string[],
  parts: ResultParts,
  options: GivenOptions = {},
): Promise<KnownFile[]> {
  const opened = await Promise.all(paths.map((path) => openOne(context, path, parts, options)));
  return opened.flat();
}

async function openOne(
  { files, using }: Pick<Context, "files" | "using">,
  path: string,
  parts: ResultParts,
  { folders = false }: GivenOptions,
): Promise<readonly KnownFile[]> {
  const { formats } = using.registry;
  const openAll = (found: readonly string[]) => Promise.all(found.map((name) => openKnown(name, files, formats)));
  const names = await readdir(path).catch(() => undefined);
  if (names !== undefined) {
    const found = filesOf(path, names, parts);
    if (found.length > 0) return openAll(found);
    const folder = knownFile(openFolder(path, (await files.list?.(path)) ?? names), formats);
    if (folders && isRead(folder.format)) return [folder];
    throw noneOf(path, parts, folder.format.remedy);
  }
  const file = await openKnown(path, files, formats);
  if (!isFitResult(file) || parts.includes("fitResult")) return [file];
  const folder = dirname(path);
  const found = filesOf(folder, await readdir(folder), parts);
  if (found.length === 0) throw noneOf(folder, parts);
  return openAll(found);
}

function filesOf(folder: string, names: readonly string[], parts: ResultParts): string[] {
  const found = parts.flatMap((part) => {
    const fitting = names.filter((name) => NAMES[part].test(name));
    if (fitting.length < 2) return fitting;
    throw notOne(folder, FILES[part], `several: ${fitting.join(", ")}`);
  });
  return found.map((name) => joinPath(folder, name));
}

const FILES = { fitResult: "fit-result.yaml", datasets: "datasets.yaml", models: "models.yaml" } as const;

/** `remedy`: of what the folder holds instead. */
const noneOf = (folder: string, parts: ResultParts, remedy?: string): FormatError =>
  notOne(folder, oneOf(parts.map((part) => FILES[part])), undefined, remedy);

function notOne(folder: string, name: string, several: string | undefined, remedy?: string): FormatError {
  return new FormatError({
    code: "missing-file",
    where: folder,
    found: several ?? `no ${name}`,
    expected: "a folder that gammats fit --out wrote",
    remedy:
      several === undefined
        ? `name that folder, or the files that are meant${remedy === undefined ? "" : `; of event files, ${remedy}`}`
        : `name the ${name} that is meant`,
  });
}
