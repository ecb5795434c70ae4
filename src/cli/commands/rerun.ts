import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormatError, SpecError, unknownName } from "../../errors.js";
import { basename, joinPath } from "../../io/files.js";
import { withoutProvenance } from "../../io/provenance/stamp.js";
import type { Provenance } from "../../io/provenance/types.js";
import { columnsOf } from "../../io/table/rows.js";
import { readPlain } from "../../node/read-file.js";
import { version } from "../../node/version.js";
import type { Context } from "../context.js";
import { attributeOf } from "../options.js";
import { OUTPUTS } from "../provenance.js";
import { comparePlain, type Difference, differencesOf } from "../rerun/differences.js";
import { findInputs, pluginProblems, requireSame } from "../rerun/inputs.js";
import { type KnownResult, readResult } from "../rerun/result.js";
import { showTable } from "../tables.js";
import { threadCount } from "../workers.js";

interface Options {
  readonly out?: string;
  readonly inputs?: string;
  readonly allowChanged?: boolean;
  readonly workers?: string;
  readonly overwrite?: boolean;
}

/** A file of the result, compared. */
interface Compared {
  readonly file: string;
  readonly same: boolean;
  readonly differences: readonly Difference[];
}

export async function run(context: Context, [path]: readonly string[], options: Options): Promise<number> {
  const result = await readResult(path!);
  const { provenance } = result;
  const workers = String(threadCount(options.workers));
  const flags = context.again.flagsOf(provenance.command);
  if (flags === undefined) {
    throw new FormatError({
      where: `${path}: provenance`,
      found: `the command "${provenance.command}"`,
      expected: "one of this version",
    });
  }
  const { paths, problems } = await findInputs(provenance, { inputs: options.inputs, folder: result.folder }, context);
  const all = [...problems, ...(await pluginProblems(provenance, context.plugins))];
  requireSame(all, options.allowChanged === true, context);
  sayVersions(provenance, context);
  const temporary = options.out === undefined ? await mkdtemp(join(tmpdir(), "gammats-rerun-")) : undefined;
  try {
    const folder = options.out ?? temporary!;
    const found = await again(context, { flags, result, paths, folder, workers, overwrite: options.overwrite });
    return report(context, path!, provenance, found);
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

interface Plan {
  /** Of the options that the command has. */
  readonly flags: readonly string[];
  readonly result: KnownResult;
  readonly paths: ReadonlyMap<string, string>;
  readonly folder: string;
  /** Of what is computed in jobs: any number gives the same digits. */
  readonly workers: string;
  readonly overwrite: boolean | undefined;
}

/** Runs the command and compares what it writes, or the document that it prints. */
async function again(
  context: Context,
  { flags, result, paths, folder, workers, overwrite }: Plan,
): Promise<Compared[]> {
  const { provenance, files, isFolder } = result;
  const given = checkedOptions(provenance, flags);
  const options: Record<string, unknown> = { ...given, overwrite, plugin: context.plugins };
  if (given.workers !== undefined) options.workers = workers;
  for (const [name, value] of Object.entries(given))
    if (typeof value === "string" && name !== "workers") options[name] = pathOf(value, paths);
  const outputs = OUTPUTS.filter((name) => given[name] !== undefined);
  for (const name of outputs)
    options[name] = given[name] === "." ? folder : joinPath(folder, basename(String(given[name])));
  const args = provenance.arguments.map((text) => pathOf(text, paths));
  const document = (await context.again.run(provenance.command, args, options)) as {
    readonly files?: readonly string[];
  };
  const [[only, bytes]] = files as unknown as [[string, Uint8Array]];
  if (!isFolder && isDocument(bytes, outputs.length > 0)) return [compareDocuments(only, bytes, document)];

  const written = (document.files ?? []).map((path) => basename(path));
  if (isFolder) return Promise.all(written.map((name) => compareFiles(name, files.get(name), folder, name)));
  // a file that is alone may have another name now
  const name = written.includes(only) ? only : basename(String(given.out));
  if (!written.includes(name)) {
    throw new SpecError({
      where: only,
      what: `the command writes no file of this name: ${written.join(", ")}`,
      remedy: "give it its name back, or name the folder with all files",
    });
  }
  return [await compareFiles(only, bytes, folder, name)];
}

async function compareFiles(
  file: string,
  before: Uint8Array | undefined,
  folder: string,
  name: string,
): Promise<Compared> {
  if (before === undefined) {
    return { file, same: false, differences: [{ where: "the file", before: "absent", after: "there" }] };
  }
  const after = withoutProvenance(await readPlain(joinPath(folder, name)));
  const differences = differencesOf(withoutProvenance(before), after, folder);
  return { file, same: differences.length === 0, differences };
}

/** Whether this was printed with --json: without files, or with their list. */
function isDocument(bytes: Uint8Array, hasFiles: boolean): boolean {
  return !hasFiles || (bytes[0] === 0x7b && "files" in JSON.parse(new TextDecoder().decode(bytes)));
}

/** What was printed with --json. The files that were written are not what was found. */
function compareDocuments(file: string, before: Uint8Array, after: object): Compared {
  const differences: Difference[] = [];
  const content = (document: object) => ({ ...document, provenance: undefined, files: undefined });
  comparePlain(
    content(JSON.parse(new TextDecoder().decode(before))),
    content(after),
    "",
    (one) => void differences.push(one),
  );
  return { file, same: differences.length === 0, differences };
}

/** A file or folder of the inputs where it is now; other texts stay. */
function pathOf(text: string, paths: ReadonlyMap<string, string>): string {
  const exact = paths.get(text);
  if (exact !== undefined) return exact;
  const [inside, place] = [...paths].find(([path]) => path.startsWith(`${text}/`)) ?? [];
  // both end in the same way below the folder
  return inside === undefined ? text : place!.slice(0, place!.length - (inside.length - text.length));
}

/** The file may be anybody's: options that the command has, of the kinds that it takes. */
function checkedOptions({ command, options }: Provenance, flags: readonly string[]): Provenance["options"] {
  const known = flags.map(attributeOf);
  for (const name of Object.keys(options))
    if (!known.includes(name)) throw unknownName(`provenance: ${command}`, "option", name, known);
  return options;
}

function sayVersions({ gammats, node }: Provenance, { note }: Context): void {
  if (gammats !== version) note(`gammats: the result was made by GammaTS ${gammats}, this is ${version}`);
  if (node !== process.versions.node)
    note(`gammats: the result was made with Node ${node}, this is ${process.versions.node}`);
}

const shown = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "absent")).slice(0, 60);

function report(context: Context, path: string, { command, inputs }: Provenance, found: readonly Compared[]): number {
  const odd = found.filter(({ same }) => !same);
  const differences = odd.flatMap(({ file, differences: list }) => list.map((one) => ({ file, ...one })));
  const files = `${found.length} file${found.length === 1 ? "" : "s"}`;
  const what = `gammats ${command}, from ${inputs.length} input${inputs.length === 1 ? "" : "s"}`;
  if (odd.length === 0) context.print(`${path}: the same bits (${what}; ${files})`);
  else {
    context.print(`${path}: ${odd.length} of ${files} differ (${what})`);
    const { text } = columnsOf(differences);
    showTable(context, {
      name: "differences",
      columns: [
        text("file", (d) => d.file),
        text("where", (d) => d.where),
        text("before", (d) => shown(d.before)),
        text("now", (d) => shown(d.after)),
        text("difference", (d) => d.difference?.toPrecision(3) ?? ""),
      ],
    });
  }
  context.document({
    same: odd.length === 0,
    command,
    files: found.map(({ file, same }) => ({ file, same })),
    differences,
  });
  return odd.length === 0 ? 0 : 1;
}
