/** Results of a command: a table, or a folder with one JSON document, pictures in SVG and PNG, and tables. */
import { SpecError } from "../errors.js";
import { joinPath, writeFiles } from "../io/files.js";
import { drawable, encodePicture, encodePictures, pictureFormat } from "../node/pictures.js";
import { type Context, jsonText } from "./context.js";
import { chosenName, encodeTable, type Tables } from "./tables.js";

export interface Results {
  readonly overwrite: boolean | undefined;
  readonly document: object;
  readonly tables: Tables;
}

export interface FolderResults extends Results {
  /** Name of the JSON file, without ending. */
  readonly name: string;
  /** SVG by name; called only where something is written. */
  readonly pictures: () => Readonly<Record<string, string>>;
  /** Other files by name. */
  readonly more?: () => Readonly<Record<string, Uint8Array>>;
}

/** What goes to a folder is written whole, or not at all if one file exists; the document goes to stdout with the paths. */
export async function giveResults(context: Context, results: FolderResults): Promise<void> {
  const { place } = context;
  if (place.kind !== "folder") return giveTable(context, results);
  await giveFolder(context, results.document, place.path, async () => writeResults(context, place.path, results));
}

/** Writes a folder, and says so. */
export async function giveFolder(
  context: Context,
  document: object,
  folder: string,
  write: () => Promise<readonly string[]>,
): Promise<void> {
  const paths = await documented(context, document, write);
  context.said(`Wrote ${paths.length} files to ${folder}`);
}

/** The table to stdout or to a file, where it is asked for there; `encode`: the file, where it is not the table alone. */
export async function giveTable(
  context: Context,
  { document, tables, overwrite }: Results,
  encode = (format: Parameters<typeof encodeTable>[2]) => encodeTable(context, tables, format),
): Promise<void> {
  const { place, files } = context;
  if (place.kind === "stdout") context.output(encode(place.format), place.format);
  if (place.kind !== "file") return context.document(document);
  await documented(context, document, async () => {
    await files.write(place.path, encode(place.format), { overwrite });
    return [place.path];
  });
  context.said(`Wrote ${place.path}`);
}

/** The table and a picture of it, each to a file where one is asked for; `picture`: SVG, called only then. */
export async function giveWithPicture(
  context: Context,
  { document, tables, overwrite = false }: Results,
  { plot, picture }: { readonly plot: string | undefined; readonly picture: () => string },
  encode = (format: Parameters<typeof encodeTable>[2]) => encodeTable(context, tables, format),
): Promise<void> {
  const { place, files, look } = context;
  const write = async () => {
    const entries = new Map<string, Uint8Array>();
    if (place.kind === "file") entries.set(place.path, encode(place.format));
    if (plot !== undefined) {
      const { fontFile } = look.style ?? {};
      entries.set(plot, await encodePicture(picture(), pictureFormat(plot), { fontFile }));
    }
    return writeFiles(entries, "", files, { overwrite });
  };
  const isWritten = place.kind === "file" || plot !== undefined;
  const written = await documented(context, document, isWritten ? write : undefined);
  if (place.kind === "stdout") context.output(encode(place.format), place.format);
  for (const path of written) context.said(`Wrote ${path}`);
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

/** The table that is asked for in a folder, as a file of its name. */
export function tableInFolder(context: Context, tables: Tables): [string, Uint8Array][] {
  const { place } = context;
  if (place.kind !== "folder" || place.format === undefined) return [];
  const { format } = place;
  const name = `${chosenName(context, tables)}.${format === "text" ? "txt" : format}`;
  return [[name, encodeTable(context, tables, format)]];
}

async function writeResults(context: Context, folder: string, results: FolderResults): Promise<string[]> {
  const { overwrite = false, name, document, tables } = results;
  const contents: [string, Uint8Array][] = [
    [`${name}.json`, new TextEncoder().encode(jsonText(document))],
    ...tableInFolder(context, tables),
    ...Object.entries(results.more?.() ?? {}),
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

/** The same for what a command that has yet to run would write: its table, or these files of its folder. */
export async function refuseEarly(
  context: Context,
  { overwrite }: { readonly overwrite?: boolean },
  ...names: readonly string[]
): Promise<void> {
  const { place } = context;
  if (overwrite) return;
  if (place.kind === "file") await refuseExisting(context, [place.path]);
  if (place.kind === "folder")
    await refuseExisting(
      context,
      names.map((name) => joinPath(place.path, name)),
    );
}

/** Tables of flux points in FITS and ECSV are files of Gammapy's, whose units are its own. */
export function gadfUnits({ place, wanted: { units } }: Context): void {
  const format = place.kind === "file" || place.kind === "stdout" ? place.format : undefined;
  if (units.length === 0 || (format !== "fits" && format !== "ecsv")) return;
  throw new SpecError(
    `--unit "${units[0]}": flux points in ${format} are in the units of Gammapy's format; write them as csv, tex or json, or leave out --unit`,
  );
}
