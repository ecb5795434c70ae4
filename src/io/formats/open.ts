/** Files opened: read once, and told apart into FITS, text and other bytes. */
import { FormatError } from "../../errors.js";
import { type Hdu, readFits } from "../../fits/index.js";
import type { FileAccess } from "../files.js";
import { selectedFile } from "../selector.js";
import { decodeText } from "../text.js";
import type { FileFormat, OpenedFile } from "./types.js";

const NONE: ReadonlySet<string> = new Set();

/** `path` may end with the part that is meant: "grb.pha{3}". */
export async function openFile(
  path: string,
  files: Pick<FileAccess, "read" | "exists" | "plainPath">,
): Promise<OpenedFile> {
  const { file, selector } = await selectedFile(files.plainPath?.(path) ?? path, files);
  const opened = openBytes(await files.read(file), file);
  return selector === undefined ? opened : { ...opened, selector };
}

/** `names`: of all files in the folder and below it. */
export const openFolder = (path: string, names: readonly string[]): OpenedFile => ({
  path,
  names,
  bytes: new Uint8Array(),
  keys: NONE,
});

/** Throws where a part of a file is asked for and its format knows no parts. */
export function refuseSelector({ path, selector }: OpenedFile, format: FileFormat | undefined): void {
  if (selector === undefined || format?.hasParts === true) return;
  throw new FormatError({
    where: path,
    found: `${selector.text} behind the name`,
    expected: `the name alone: ${format?.about ?? "such a file"} is read as a whole`,
  });
}

/** `bytes`: inflated. */
export function openBytes(bytes: Uint8Array, path: string): OpenedFile {
  const start = String.fromCharCode(...bytes.subarray(0, 6));
  if (start === "SIMPLE") return { path, bytes, keys: NONE, ...parsed(bytes, path) };
  // control characters other than tabs, line ends and form feeds
  if (bytes.subarray(0, 4096).some((byte) => byte < 9 || (byte > 13 && byte < 32))) {
    return { path, bytes, keys: NONE };
  }
  const read = decoded(bytes, path);
  return { path, bytes, ...read, keys: yamlKeys(read.text) };
}

function decoded(bytes: Uint8Array, where: string): { text: string; notUtf8?: FormatError } {
  try {
    return { text: decodeText(bytes, where) };
  } catch (error) {
    if (error instanceof FormatError) return { text: new TextDecoder().decode(bytes), notUtf8: error };
    throw error;
  }
}

function parsed(bytes: Uint8Array, where: string): Pick<OpenedFile, "hdus" | "damage"> {
  try {
    return { hdus: readFits(bytes, { where }) };
  } catch (error) {
    if (error instanceof FormatError) return { damage: error };
    throw error;
  }
}

const yamlKeys = (text: string) =>
  new Set(Array.from(text.matchAll(/^([A-Za-z_][\w-]*) *:(?=\s|$)/gm), (match) => match[1]!));

/** The HDUs, or an error that says why there are none. */
export function hdusOf(file: OpenedFile): readonly Hdu[] {
  return file.hdus ?? readFits(file.bytes, { where: file.path });
}

/** The text, where it belongs; `expected`: in messages. */
export function textOf(file: OpenedFile, expected: string): string {
  if (file.notUtf8 !== undefined) throw file.notUtf8;
  if (file.text !== undefined) return file.text;
  throw new FormatError({ where: file.path, found: appearance(file), expected, remedy: "give that file" });
}

/** What a file looks like, whatever it is: "FITS with the HDUs PRIMARY, EVENTS". */
export function appearance({ bytes, hdus, damage, text, keys, names }: OpenedFile): string {
  if (names !== undefined) return `a folder of ${names.length} files`;
  if (hdus !== undefined) return `FITS with the HDUs ${listed(hdus.map(({ name }) => name || "(no name)"))}`;
  if (damage !== undefined) return "FITS that is damaged";
  if (text === undefined) return `a binary file (first bytes ${hexadecimal(bytes.subarray(0, 4))})`;
  if (text.startsWith("# %ECSV")) {
    return `an ECSV table with the columns ${listed(ecsvColumns(text))}`;
  }
  if (keys.size > 0) return `YAML with the keys ${listed([...keys.keys()])}`;
  if (/^\s*[{[]/.test(text)) return "JSON";
  const [line = ""] = text.trim().split("\n");
  return line === "" ? "an empty file" : `a text that begins with ${JSON.stringify(line.slice(0, 40))}`;
}

/** Names of the columns in the header of an ECSV table. */
export const ecsvColumns = (text: string): string[] =>
  Array.from(text.matchAll(/^# *- *\{? *name: *([^,}\s]+)/gm), (match) => match[1]!);

const hexadecimal = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

const LISTED = 12;

const listed = (names: readonly string[]): string =>
  names.slice(0, LISTED).join(", ") + (names.length > LISTED ? ` and ${names.length - LISTED} more` : "");
