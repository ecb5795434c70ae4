import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { rolldown } from "rolldown";

/** Chromium without a window, which asks nobody for updates. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A script for browsers in one file. A worker's script is nothing but a side effect, so all of its statements are kept. */
export async function bundleForBrowser(input: string, { keepAll = false } = {}): Promise<string> {
  const build = await rolldown({
    input,
    platform: "browser",
    logLevel: "silent",
    ...(!keepAll && { treeshake: { moduleSideEffects: false } }),
  });
  const { output } = await build.generate({ format: "esm", minify: true, codeSplitting: false });
  return output[0].code;
}

/** Serves an empty page, scripts by path, and the files of the embedded example below /example. */
export async function serveExample(scripts: Readonly<Record<string, string>>) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url!, "http://localhost").pathname;
    if (path === "/")
      return void response.setHeader("content-type", "text/html").end("<!doctype html><title>x</title>");
    const script = scripts[path];
    if (script !== undefined) return void response.setHeader("content-type", "text/javascript").end(script);
    try {
      response.end(await readFile(join("examples/crab", normalize(path.replace(/^\/example/, "")))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
