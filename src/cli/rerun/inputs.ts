/** The files that a result was made from: where they are now, and whether they are still the same. */
import { stat } from "node:fs/promises";
import { normalize, sep } from "node:path";
import { FormatError, GammatsError, SpecError } from "../../errors.js";
import { basename, dirname, joinPath } from "../../io/files.js";
import type { Provenance, ProvenanceFile } from "../../io/provenance/types.js";
import { readPlain } from "../../node/read-file.js";
import type { Context } from "../context.js";
import { namedFolders, sha256 } from "../provenance.js";

export interface Places {
  /** Folder that --inputs names. */
  readonly inputs?: string | undefined;
  /** Of the result. */
  readonly folder: string;
}

/** Paths of the inputs by those in the provenance; problems where they are missing or changed, one line each. */
export async function findInputs(
  { inputs }: Provenance,
  places: Places,
  { plainFiles }: Context,
): Promise<{ readonly paths: ReadonlyMap<string, string>; readonly problems: readonly string[] }> {
  const paths = new Map<string, string>();
  const problems: string[] = [];
  const missing: Missing[] = [];
  const named = namedFolders({ GAMMAPY_DATA: plainFiles.env("GAMMAPY_DATA") });
  for (const file of inputs) {
    const looked = candidates(file.path, places, named);
    const { path, problem, isMissing = false } = await findFile(file, looked);
    paths.set(file.path, path);
    if (problem !== undefined) problems.push(problem);
    if (isMissing) missing.push({ name: file.path, looked });
  }
  return { paths, problems: [...problems, ...missingInWords(missing)] };
}

/** An input that is nowhere. */
interface Missing {
  readonly name: string;
  readonly looked: readonly string[];
}

/** More names than this are not read. */
const LISTED = 3;

/** One line for all that were looked for in the same folders. */
function missingInWords(missing: readonly Missing[]): string[] {
  const byFolders = new Map<string, Missing[]>();
  for (const one of missing) {
    const folders = [...new Set(one.looked.map(dirname))].join(", ");
    byFolders.set(folders, [...(byFolders.get(folders) ?? []), one]);
  }
  return Array.from(byFolders, ([folders, all]) => {
    if (all.length === 1) return `${all[0]!.name}: not found (looked for as ${all[0]!.looked.join(", ")})`;
    const names = all.slice(0, LISTED).map(({ name }) => basename(name));
    const more = all.length > LISTED ? ` and ${all.length - LISTED} more` : "";
    return `${all.length} inputs not found: ${names.join(", ")}${more} (looked for in ${folders})`;
  });
}

function candidates(path: string, { inputs, folder }: Places, named: ReturnType<typeof namedFolders>): string[] {
  const plain = (text: string) => normalize(text).split(sep).join("/");
  const first = inputs === undefined ? [] : [joinPath(inputs, path), joinPath(inputs, basename(path))];
  const [, place] = named.find(([name]) => path === name || path.startsWith(`${name}/`)) ?? [];
  if (place !== undefined) {
    const rest = path.slice(path.indexOf("/") + 1);
    return [...first, joinPath(place, rest)].map(plain);
  }
  return [...first, joinPath(folder, path), path].map(plain);
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (state) => state.isFile(),
    () => false,
  );

/** The first place with the right bytes, else the first with any; that of none where the file is nowhere. */
async function findFile({ sha256: expected }: ProvenanceFile, places: readonly string[]) {
  let other: { readonly path: string; readonly found: string } | undefined;
  for (const path of places) {
    if (!(await isFile(path))) continue;
    const found = sha256(await readPlain(path));
    if (found === expected) return { path };
    other ??= { path, found };
  }
  if (other === undefined) return { path: places[0]!, isMissing: true };
  return {
    path: other.path,
    problem: `${other.path}: changed: its SHA-256 is ${other.found}, that of the result ${expected}`,
  };
}

/** Files of --plugin are code: only those that the user names are run, and they have to be the same. */
export async function pluginProblems(
  { plugins = [] }: Provenance,
  given: readonly string[],
): Promise<readonly string[]> {
  const names = plugins.map(({ path }) => path).join(", ");
  if (plugins.length !== given.length) {
    throw new SpecError(
      plugins.length === 0
        ? "--plugin: the result was made without plugins; leave it out"
        : `the result was made with ${plugins.length} plugin${plugins.length > 1 ? "s" : ""}: ${names}; give each with --plugin, in this order, if you trust ${plugins.length > 1 ? "them" : "it"}: they are programs`,
    );
  }
  const found = await Promise.all(given.map(async (path) => sha256(await readPlain(path))));
  return plugins.flatMap(({ path, sha256: expected }, i) =>
    found[i] === expected
      ? []
      : [`${given[i]}: changed: its SHA-256 is ${found[i]}, that of the plugin ${path} was ${expected}`],
  );
}

/** @throws FormatError with all problems, unless they are allowed; then they are said. */
export function requireSame(problems: readonly string[], allow: boolean, { note }: Pick<Context, "note">): void {
  if (problems.length === 0) return;
  if (allow) {
    for (const problem of problems) note(`gammats: ${problem}`);
    return;
  }
  const remedy = "put the files back, say with --inputs where they are, or go on with --allow-changed";
  const each = problems.map((problem) => new FormatError(problem));
  const text =
    problems.length === 1
      ? problems[0]
      : `the inputs are not what the result was made from\n  ${problems.join("\n  ")}\n `;
  throw new GammatsError(`${text}; ${remedy}`, { code: "missing-file", problems: each });
}
