/** Files by picker, folder picker or drop; nothing leaves the page. */
import { type UnzipFileInfo, unzipSync } from "fflate";
import { FormatError, GammatsError } from "gammats";
import { h } from "./dom.js";
import type { NamedBytes } from "./types.js";

/** Of files from a picker, zips with what is in them. */
export async function bytesOf(files: Iterable<File>): Promise<NamedBytes[]> {
  return read(Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** In the order of their paths, whatever order the browser gives. */
async function read(found: readonly Found[]): Promise<NamedBytes[]> {
  const sorted = found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const all = await Promise.all(sorted.map(async ({ path, file }) => [path, await bytesOfFile(path, file)] as const));
  return all.flatMap(([path, bytes]) => (isZip(bytes) ? unzipped(path, bytes) : [[path, bytes] as const]));
}

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** What a zip may hold; a page has to live in the memory of a tab. */
const MAX_UNZIPPED = 1e9;

/** Of deflate: 258 bytes from 2 bits. */
const MAX_RATIO = 1032;

/** The files in a zip, such as the one that the page saves. */
function unzipped(path: string, bytes: Uint8Array): NamedBytes[] {
  let size = 0;
  const filter = ({ name, size: packed, originalSize }: UnzipFileInfo) => {
    if (packed > bytes.length || originalSize > MAX_RATIO * packed + 64) {
      const what = `says that ${name} has ${originalSize} bytes, which ${Math.min(packed, bytes.length)} packed ones cannot hold`;
      throw new FormatError({ code: "damaged", where: path, what, remedy: "is it whole?" });
    }
    size += originalSize;
    if (size > MAX_UNZIPPED) {
      const what = "holds more than 1 GB";
      throw new FormatError({ code: "too-large", where: path, what, remedy: "unpack it and open the files" });
    }
    return true;
  };
  try {
    const entries = Object.entries(unzipSync(bytes, { filter }));
    return entries.filter(([name]) => !name.endsWith("/"));
  } catch (error) {
    if (error instanceof GammatsError) throw error;
    const what = `the zip cannot be unpacked (${(error as Error).message})`;
    throw new FormatError({ code: "damaged", where: path, what, remedy: "is it whole?" });
  }
}

/** A file with its place below what was dropped. */
interface Found {
  readonly path: string;
  readonly file: File;
}

/**
 * Everything dropped, folders with what is in them. What was dropped must be asked for before the first `await`. On a page opened from the disk
 * Chromium hands over files as such and folders by their handles, but nothing by entries; Firefox and Safari know entries alone.
 */
export async function dropped(transfer: DataTransfer): Promise<NamedBytes[]> {
  const reading = Array.from(transfer.items).map((item) => {
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (file !== null && !entry?.isDirectory) return Promise.resolve([{ path: file.name, file }]);
    if (entry === null) return Promise.resolve([]);
    return filesOfFolder(item as ItemWithHandle, entry);
  });
  const all = (await Promise.all(reading)).flat();
  if (all.length === 0) {
    throw new FormatError("there is no file in what was dropped; drop files or folders", { code: "missing-file" });
  }
  return read(all);
}

async function bytesOfFile(path: string, file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    const what = `the browser cannot read this file (${(error as Error).message})`;
    throw new FormatError({ code: "unreadable-file", where: path, what, remedy: "is it still there?" });
  }
}

interface FolderHandle {
  readonly kind: "directory";
  entries(): AsyncIterable<readonly [name: string, handle: FolderHandle | FileHandle]>;
}
interface FileHandle {
  readonly kind: "file";
  getFile(): Promise<File>;
}
type ItemWithHandle = DataTransferItem & { getAsFileSystemHandle?(): Promise<FolderHandle | FileHandle | null> };

/** By its handle where the browser has handles, else by its entry. */
async function filesOfFolder(item: ItemWithHandle, entry: FileSystemEntry): Promise<Found[]> {
  const asked = item.getAsFileSystemHandle?.();
  try {
    const handle = await asked;
    return await (handle ? filesBelow(entry.name, handle) : filesOf(entry));
  } catch (error) {
    const what = `the browser does not hand over this folder (${(error as Error).message})`;
    const remedy = 'drop the files in it, or use "Open a folder"';
    throw new FormatError({ code: "unreadable-file", where: entry.name, what, remedy });
  }
}

async function filesBelow(path: string, handle: FolderHandle | FileHandle): Promise<Found[]> {
  if (handle.kind === "file") return [{ path, file: await handle.getFile() }];
  const found: Found[] = [];
  for await (const [name, below] of handle.entries()) found.push(...(await filesBelow(`${path}/${name}`, below)));
  return found;
}

async function filesOf(entry: FileSystemEntry): Promise<Found[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  // a reader gives at most a hundred at a time
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(filesOf))).flat();
}

/** The bytes of a text in base64. */
export function decoded(base64: string): Uint8Array {
  const { fromBase64 } = Uint8Array as { fromBase64?(text: string): Uint8Array };
  if (fromBase64 !== undefined) return fromBase64.call(Uint8Array, base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Offers bytes under a name, as the browser's own download. */
export function save(name: string, bytes: Uint8Array | string, type = "application/octet-stream"): void {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** PNG of an SVG, two pixels for each of its own. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = h("canvas", { width: 2 * image.naturalWidth, height: 2 * image.naturalHeight });
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob === null) throw new Error("the browser could not draw the PNG");
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}
