import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crabDataFiles } from "../../src/node/crab-data.js";
import { type DownloadOptions, download } from "../../src/node/download.js";

const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 251));
const file = {
  path: "folder/data.fits",
  size: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
};

let folder = "";
let server: Server;
let url = "";
/** What the server does with request number i. */
let answer: (request: IncomingMessage, response: ServerResponse, i: number) => void;
let ranges: (string | undefined)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gammats-download-"));
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response, ranges.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

/** An orderly server: whole files and ranges. */
function serve(request: IncomingMessage, response: ServerResponse, body = content): void {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers = { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` };
  response.writeHead(request.headers.range ? 206 : 200, request.headers.range ? headers : {});
  response.end(body.subarray(from));
}

const orderly = (request: IncomingMessage, response: ServerResponse) => serve(request, response);

/** Sends some bytes and breaks the connection. */
function breakAfter(response: ServerResponse, from: number, to: number): void {
  response.writeHead(from > 0 ? 206 : 200, {
    "content-length": content.length - from,
    ...(from > 0 && { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` }),
  });
  response.write(content.subarray(from, to), () => setTimeout(() => response.destroy(), 20));
}

const run = (options: Partial<DownloadOptions> = {}) => download([file], { url, folder, wait: 1, ...options });
const stored = () => readFile(join(folder, file.path));

describe("download", () => {
  it("fetches a file below the folder and says how far it is", async () => {
    answer = orderly;
    const seen: number[] = [];
    const done = await run({ onProgress: (bytes, total) => void seen.push(bytes / total) });
    expect(done).toEqual([{ path: join(folder, "folder", "data.fits"), state: "fetched" }]);
    expect(content.equals(await stored())).toBe(true);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(await readdir(join(folder, "folder"))).toEqual(["data.fits"]);
  });

  it("leaves a right file alone and replaces a wrong one", async () => {
    answer = orderly;
    await run();
    expect(await run()).toEqual([{ path: expect.any(String), state: "present" }]);
    expect(ranges).toHaveLength(1);
    await writeFile(join(folder, file.path), Buffer.alloc(content.length));
    expect((await run())[0]!.state).toBe("fetched");
    expect(content.equals(await stored())).toBe(true);
  });

  it("resumes where the connection broke", async () => {
    answer = (request, response, i) => (i === 0 ? breakAfter(response, 0, 40_000) : serve(request, response));
    await run();
    expect(ranges[0]).toBeUndefined();
    expect(Number(/\d+/.exec(ranges[1]!)![0])).toBeGreaterThan(0);
    expect(content.equals(await stored())).toBe(true);
  });

  it("resumes from what an earlier call left", async () => {
    await mkdir(join(folder, "folder"));
    await writeFile(join(folder, `${file.path}.part`), content.subarray(0, 60_000));
    answer = orderly;
    await run();
    expect(ranges).toEqual(["bytes=60000-"]);
    expect(content.equals(await stored())).toBe(true);
  });

  it("starts again with a server that knows no ranges, and with one that refuses", async () => {
    await mkdir(join(folder, "folder"));
    await writeFile(join(folder, `${file.path}.part`), content.subarray(0, 60_000));
    answer = (_, response) => response.writeHead(200).end(content);
    await run();
    expect(content.equals(await stored())).toBe(true);

    await rm(join(folder, file.path));
    await writeFile(join(folder, `${file.path}.part`), content.subarray(0, 60_000));
    answer = (request, response) => (request.headers.range ? response.writeHead(416).end() : serve(request, response));
    await run();
    expect(content.equals(await stored())).toBe(true);
  });

  it("fetches again what arrived damaged, also in a part of an earlier call", async () => {
    const damaged = Buffer.from(content);
    damaged[5] = 255;
    answer = (request, response, i) => serve(request, response, i === 0 ? damaged : content);
    await run();
    expect(content.equals(await stored())).toBe(true);
    await rm(join(folder, file.path));
    await writeFile(join(folder, `${file.path}.part`), damaged);
    await run();
    expect(content.equals(await stored())).toBe(true);
  });

  it("tries again after 503 and gives up with a message that says what to do", async () => {
    answer = (request, response, i) => (i < 2 ? response.writeHead(503).end() : serve(request, response));
    await run();
    expect(ranges).toHaveLength(3);
    await rm(join(folder, file.path));
    answer = (_, response) => response.writeHead(503).end();
    await expect(run({ retries: 2 })).rejects.toThrow(/data\.fits: the server answered 503 \(after 3 attempts\)/);
    answer = (request, response) => serve(request, response, Buffer.alloc(content.length));
    await expect(run({ retries: 1 })).rejects.toThrow(/SHA-256 is \w{64}, expected/);
    expect(await readdir(join(folder, "folder"))).toEqual([]);
  });

  it("does not insist on an address that does not exist, or a server that is not there", async () => {
    answer = (_, response) => response.writeHead(404).end();
    await expect(run()).rejects.toMatchObject({ name: "FormatError", message: expect.stringContaining("404") });
    expect(ranges).toHaveLength(1);
    await expect(run({ url: "http://127.0.0.1:1/", retries: 1 })).rejects.toThrow(/after 2 attempts/);
  });

  it("gives up a connection that delivers nothing", async () => {
    answer = (request, response, i) => {
      if (i > 0) serve(request, response);
      else response.writeHead(200, { "content-length": content.length }).write(content.subarray(0, 10));
    };
    await run({ stall: 200 });
    expect(ranges).toEqual([undefined, "bytes=10-"]);
    expect(content.equals(await stored())).toBe(true);
  });

  it("can be aborted, and goes on later", async () => {
    const controller = new AbortController();
    answer = (_, response) => {
      response.writeHead(200, { "content-length": content.length }).write(content.subarray(0, 30_000));
    };
    const fetching = run({
      signal: controller.signal,
      onProgress: (bytes) => {
        if (bytes > 0) controller.abort();
      },
    });
    await expect(fetching).rejects.toMatchObject({ name: "AbortError" });
    expect(await readdir(join(folder, "folder"))).toEqual(["data.fits.part"]);
    answer = orderly;
    await run();
    expect(content.equals(await stored())).toBe(true);
  });
});

const data = process.env.GAMMAPY_DATA;
describe.runIf(data)("the list of the Crab's files", () => {
  it("has the size and SHA-256 of the real ones", async () => {
    expect(crabDataFiles).toHaveLength(21);
    for (const { path, size, sha256 } of crabDataFiles) {
      const bytes = await readFile(join(data!, path));
      expect([path, bytes.length, createHash("sha256").update(bytes).digest("hex")]).toEqual([path, size, sha256]);
    }
  });
});
