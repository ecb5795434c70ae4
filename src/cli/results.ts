/** Results of a command in a folder: one JSON document, pictures in SVG and PNG, tables. */
import { SpecError } from "../errors.js";
import { joinPath, writeFiles } from "../io/files.js";
import { drawable, encodePictures } from "../node/pictures.js";
import { type Context, jsonText } from "./context.js";

export interface ResultFiles {
  readonly folder: string | undefined;
  readonly overwrite: boolean | undefined;
  /** Name of the JSON file, without ending. */
  readonly name: string;
  readonly document: object;
  /** SVG by name; called only where something is written. */
  readonly pictures: () => Readonly<Record<string, string>>;
  /** Other files by name. */
  readonly tables?: () => Readonly<Record<string, Uint8Array>>;
}

/** Writes them all, or none if one of them exists; the document goes to stdout with their paths. */
export async function giveResults(context: Context, results: ResultFiles): Promise<void> {
  const { folder, document } = results;
  if (folder === undefined) return context.document(document);
  const paths = await documented(context, document, () => writeResults(context, folder, results));
  context.print(`Wrote ${paths.length} files to ${folder}`);
}

/**
 * Writes files of a result, of which the text stands on the terminal already. The document follows with their paths, and without them where they
 * cannot be written, so that the result is not lost.
 */
export async function documented(
  context: Context,
  document: object,
  write: (() => Promise<readonly string[]>) | undefined,
): Promise<readonly string[]> {
  let files: readonly string[] = [];
  try {
    files = (await write?.()) ?? [];
  } catch (error) {
    context.document(document);
    throw error;
  }
  context.document(write === undefined ? document : { ...document, files });
  return files;
}

async function writeResults(context: Context, folder: string, results: ResultFiles): Promise<string[]> {
  const { overwrite = false, name, document } = results;
  const contents: [string, Uint8Array][] = [
    [`${name}.json`, new TextEncoder().encode(jsonText(document))],
    ...Object.entries(results.tables?.() ?? {}),
  ];
  const pictures = Object.entries(results.pictures());
  const formats = pictures.length === 0 ? [] : drawable(["svg", "png"], context.onNote);
  const settings = { formats, signal: context.signal, fontFile: context.look.style?.fontFile };
  const progress = context.progress("pictures");
  for (const [k, picture] of pictures.entries()) {
    contents.push(...(await encodePictures(Object.fromEntries([picture]), settings)));
    progress.update(k + 1, pictures.length);
  }
  progress.end();
  return writeFiles(new Map(contents), folder, context.files, { overwrite });
}

/** Called before long work too, so that it is not lost. */
export async function refuseExisting({ files }: Context, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (await files.exists(path)) {
      throw new SpecError(`${path} exists already; give --overwrite, or choose another folder`, {
        code: "existing-file",
        where: path,
      });
    }
  }
}

/** The same for the JSON file of a command that has yet to run. */
export async function refuseEarly(
  context: Context,
  { out, overwrite }: { readonly out?: string; readonly overwrite?: boolean },
  name: string,
): Promise<void> {
  if (out !== undefined && !overwrite) await refuseExisting(context, [joinPath(out, `${name}.json`)]);
}
