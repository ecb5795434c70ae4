import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeFiles } from "../../src/node/files.js";
import { launchBrowser } from "../browser.js";
import { chromium } from "../environment.js";
import { fitExample } from "./browser-entry.js";

/** kB, gzipped: reading, fitting and flux points without pictures. */
const ENGINE_LIMIT = 155;

async function bundle(input: string): Promise<string> {
  const build = await rolldown({
    input,
    platform: "browser",
    logLevel: "silent",
    treeshake: { moduleSideEffects: false },
  });
  const { output } = await build.generate({ format: "esm", minify: true, codeSplitting: false });
  return output[0].code;
}

let code = "";
beforeAll(async () => {
  code = await bundle("test/house/browser-entry.ts");
});

describe("the core as one file for browsers", () => {
  it("imports nothing, of Node least of all", () => {
    expect(code).not.toMatch(/\bfrom\s*"|\bimport\s*\(|\brequire\s*\(|"node:/);
  });

  it(`is at most ${ENGINE_LIMIT} kB gzipped`, () => {
    const size = gzipSync(code).length / 1000;
    console.info(`engine: ${(code.length / 1000).toFixed(0)} kB, gzipped ${size.toFixed(1)} kB`);
    expect(size).toBeLessThanOrEqual(ENGINE_LIMIT);
  });
});

describe.runIf(chromium)("the embedded example in Chromium", () => {
  let server: Server;
  let address = "";

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const path = new URL(request.url!, "http://localhost").pathname;
      if (path === "/")
        return void response.setHeader("content-type", "text/html").end("<!doctype html><title>x</title>");
      if (path === "/core.js") return void response.setHeader("content-type", "text/javascript").end(code);
      try {
        response.end(await readFile(join("examples/crab", normalize(path.replace(/^\/example/, "")))));
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("gives the numbers of Node", async () => {
    const browser = await launchBrowser(chromium!);
    try {
      const page = await browser.newPage();
      await page.goto(`${address}/`);
      // a text, so that no bundler touches it
      const found = (await page.evaluate(`
        import("/core.js").then(({ fitExample, fetchedFiles }) => fitExample("/example", fetchedFiles()))
      `)) as Awaited<ReturnType<typeof fitExample>>;
      const expected = await fitExample("examples/crab", nodeFiles());
      expect(expected.success).toBe(true);
      expect(found.success).toBe(true);
      const { success: _, ...numbers } = expected;
      for (const [name, values] of Object.entries(numbers)) {
        [values].flat().forEach((value, i) => {
          const other = [found[name as keyof typeof found]].flat()[i] as number;
          // the engines differ in the last digit of exp and log
          expect(Math.abs(other / value - 1), `${name}[${i}]`).toBeLessThan(1e-9);
        });
      }
    } finally {
      await browser.close();
    }
  });
});
