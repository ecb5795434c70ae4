/** Files from a public address: checked against size and SHA-256, resumed after a break, retried. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FormatError } from "../errors.js";
import { makeFolder } from "./make-folder.js";

/** A file to be fetched, and how it is known to be right. */
export interface RemoteFile {
  /** Relative to the address and to the folder; with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** Where files are fetched from and to, and when to give up. */
export interface DownloadOptions {
  /** Address of the folder that holds the files. */
  readonly url: string;
  readonly folder: string;
  /** Attempts after the first. */
  readonly retries?: number;
  /** Wait before the first retry, ms; doubled each time. */
  readonly wait?: number;
  /** A connection that delivers nothing for so long counts as broken, ms. */
  readonly stall?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesDone: number, bytesTotal: number, path: string) => void;
}

/** A file that is there now. */
export interface Downloaded {
  readonly path: string;
  /** "present": it was there already, and right. */
  readonly state: "fetched" | "present";
}

/** A failure that another attempt may cure. */
class Transient extends Error {}

/**
 * Fetches the files one after the other. A file takes its name only when it is whole and its SHA-256 right; until then it is `<name>.part`, from which a later
 * call resumes.
 * @throws FormatError where a file cannot be had, after all attempts, or is not the one that is expected.
 */
export async function download(files: readonly RemoteFile[], options: DownloadOptions): Promise<Downloaded[]> {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  let before = 0;
  const out: Downloaded[] = [];
  for (const file of files) {
    options.signal?.throwIfAborted();
    const target = join(options.folder, ...file.path.split("/"));
    const report = (bytes: number) => options.onProgress?.(before + bytes, total, file.path);
    const present = (await sizeOf(target)) === file.size && (await sha256Of(target)) === file.sha256;
    if (!present) await fetchFile(file, target, report, options);
    before += file.size;
    report(0);
    out.push({ path: target, state: present ? "present" : "fetched" });
  }
  return out;
}

async function fetchFile(
  file: RemoteFile,
  target: string,
  report: (bytes: number) => void,
  options: DownloadOptions,
): Promise<void> {
  const { retries = 4, wait = 500, signal } = options;
  const part = `${target}.part`;
  await makeFolder(dirname(target));
  for (let attempt = 0; ; attempt++) {
    try {
      await fetchPart(file, part, report, options);
      const found = await sha256Of(part);
      if (found === file.sha256) return await rename(part, target);
      await unlink(part);
      throw new Transient(`the SHA-256 is ${found}, expected ${file.sha256}: the file is damaged or another version`);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!(error instanceof Transient)) throw error;
      if (attempt >= retries) {
        throw new FormatError(
          `${addressOf(file, options)}: ${error.message} (after ${attempt + 1} attempts); what has arrived is kept: run again to resume, or give another address`,
          { code: "no-connection", where: addressOf(file, options) },
        );
      }
      await sleep(wait * 2 ** attempt, undefined, { signal });
    }
  }
}

const addressOf = (file: RemoteFile, { url }: DownloadOptions) => `${url.replace(/\/*$/, "/")}${file.path}`;

/** Completes `part`, from its end if the server allows. */
async function fetchPart(
  file: RemoteFile,
  part: string,
  report: (bytes: number) => void,
  options: DownloadOptions,
): Promise<void> {
  const have = await sizeOf(part);
  if (have === file.size) return;
  if (have > file.size) await unlink(part);
  const from = have > file.size ? 0 : have;
  const watch = stallWatch(options);
  try {
    const response = await request(addressOf(file, options), from, watch.signal);
    const resumed = response.status === 206 && rangeStart(response) === from;
    if (response.status === 206 && !resumed) throw new Transient("the server sent another range than asked for");
    if (response.status === 416) {
      await unlink(part).catch(() => undefined);
      throw new Transient("the server refused to resume");
    }
    if (response.body === null) throw new Transient("the server sent nothing");
    let size = resumed ? from : 0;
    const out = await open(part, resumed ? "a" : "w");
    try {
      for await (const chunk of response.body) {
        watch.alive();
        size += chunk.length;
        if (size > file.size) break;
        await out.write(chunk);
        report(size);
      }
    } finally {
      await out.close();
    }
    if (size > file.size) {
      await unlink(part);
      throw new Transient(`more than the expected ${file.size} bytes arrived`);
    }
    if (size < file.size) throw new Transient(`the connection broke after ${size} of ${file.size} bytes`);
  } catch (error) {
    if (error instanceof FormatError || error instanceof Transient || options.signal?.aborted) throw error;
    throw isConnection(error) ? new Transient(reasonOf(error)) : error;
  } finally {
    watch.end();
  }
}

async function request(address: string, from: number, signal: AbortSignal): Promise<Response> {
  const headers = { "accept-encoding": "identity", ...(from > 0 && { range: `bytes=${from}-` }) };
  const response = await fetch(address, { headers, signal });
  const { status } = response;
  if (status === 200 || status === 206 || status === 416) return response;
  await response.body?.cancel();
  if (status === 408 || status === 429 || status >= 500) throw new Transient(`the server answered ${status}`);
  throw new FormatError(`${address}: the server answered ${status} ${response.statusText}; check the address`, {
    code: "no-connection",
    where: address,
  });
}

const rangeStart = (response: Response) =>
  Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? Number.NaN);

/** A signal that fires when nothing arrives for `stall` ms, or with the caller's. */
function stallWatch({ stall = 30_000, signal }: DownloadOptions) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal?.reason);
  const stop = () => controller.abort(new Transient(`nothing arrived for ${stall / 1000} s`));
  let timer = setTimeout(stop, stall);
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    alive() {
      clearTimeout(timer);
      timer = setTimeout(stop, stall);
    },
    end() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

/** `fetch` says TypeError for whatever breaks below it; file errors carry a system call. */
const isConnection = (error: unknown) => error instanceof TypeError || !(error as NodeJS.ErrnoException).syscall;

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

const sizeOf = (path: string) =>
  stat(path).then(
    (s) => s.size,
    () => 0,
  );

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
