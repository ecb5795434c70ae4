/** Regular files as bytes, inflated where they are a gzip stream, within the memory that may be taken. */
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { FormatError } from "../errors.js";
import { collectInflated, isGzip } from "../io/inflate.js";
import { requireMemory } from "../memory.js";
import { type FileState, notAFile, readError } from "./file-errors.js";
import { finishSet, placeInSet } from "./file-set.js";

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** How much memory may be taken now. */
  readonly freeBytes: () => number;
}

/** `onRead` is told of the bytes as they are on the disk. */
export async function readWhole(
  path: string,
  options: ReadOptions & { readonly onRead?: ((path: string, bytes: Uint8Array) => void) | undefined },
): Promise<Uint8Array> {
  const bytes = await readPlain(path, options);
  options.onRead?.(path, bytes);
  return isGzip(bytes) ? gunzipped(bytes, path, options.freeBytes()) : bytes;
}

const machine: ReadOptions = { freeBytes: () => process.availableMemory() };

/** The bytes as they are on the disk. */
export async function readPlain(path: string, { signal, freeBytes }: ReadOptions = machine): Promise<Uint8Array> {
  signal?.throwIfAborted();
  try {
    return await withFile(path, (file, size) => {
      requireMemory(path, [{ what: "the bytes of the file", bytes: size }], freeBytes());
      return readAll(file, size, path, signal);
    });
  } catch (error) {
    throw readError(path, error);
  }
}

/** Whether there is something of that name. */
export async function isThere(path: string): Promise<boolean> {
  return isAt(await placeOf(path));
}

const isAt = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Where the bytes of a file are. What a write that was killed has left goes to its place first; where this user may not do that, it is read where it lies. */
async function placeOf(path: string): Promise<string> {
  for (const at of new Set([path, await realpath(path).catch(() => path)])) {
    try {
      await finishSet(dirname(at));
    } catch {
      const left = placeInSet(dirname(at), basename(at));
      if (await isAt(left)) return left;
    }
  }
  return path;
}

async function withFile<T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  const file = await openRegular(await placeOf(path), path);
  try {
    return await use(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/** @throws FormatError where `state`, of what is at `path`, is not that of a regular file. */
export function requireRegular(path: string, state: FileState): void {
  const kind = notAFile(state);
  if (kind === undefined) return;
  const remedy = kind === "a folder" ? "name a file in it" : "write its bytes to a file first and name that";
  throw new FormatError({ code: "unreadable-file", where: path, what: `this is ${kind}`, remedy });
}

/** Pipes and devices may have no end, and opening a pipe may wait for ever. */
async function openRegular(place: string, path: string): Promise<FileHandle> {
  requireRegular(path, await stat(place));
  // another one may have taken its place; Windows knows no O_NONBLOCK
  const file = await open(place, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    requireRegular(path, await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Bytes that are read at once, so that Ctrl-C is heard in between. */
const STEP = 2 ** 26;

/** `size` bytes, or fewer where the file has become shorter. */
async function readAll(
  file: FileHandle,
  size: number,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, at, Math.min(STEP, size - at));
    if (bytesRead === 0) return bytes.slice(0, at);
    at += bytesRead;
  }
  if (size === 0 && (await file.read(new Uint8Array(1), 0, 1)).bytesRead > 0) {
    const what = "the system says that it is empty, and it is not";
    throw new FormatError({ code: "unreadable-file", where: path, what, remedy: "copy it to a file of the disk" });
  }
  return bytes;
}

async function gunzipped(bytes: Uint8Array, path: string, maxBytes: number): Promise<Uint8Array> {
  // most files need none of it, and a short command feels what Node loads for it
  const [{ createGunzip }, { constants: limits }] = await Promise.all([import("node:zlib"), import("node:buffer")]);
  const stream = createGunzip({ chunkSize: 2 ** 18 });
  stream.end(bytes);
  return collectInflated(bytes, stream, { where: path, maxBytes: Math.min(maxBytes, limits.MAX_LENGTH) });
}
