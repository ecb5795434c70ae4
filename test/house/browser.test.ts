import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeFiles } from "../../src/node/files.js";
import { bundleForBrowser, launchBrowser, serveExample } from "../browser.js";
import { chromium } from "../environment.js";
import { fitExample } from "./browser-entry.js";

/** kB, gzipped: reading, fitting and flux points without pictures. */
const ENGINE_LIMIT = 257;

let code = "";
beforeAll(async () => {
  code = await bundleForBrowser("test/house/browser-entry.ts");
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
  let server: Awaited<ReturnType<typeof serveExample>>;

  beforeAll(async () => {
    server = await serveExample({ "/core.js": code });
  });
  afterAll(() => server.close());

  it("gives the numbers of Node", async () => {
    const browser = await launchBrowser(chromium!);
    try {
      const page = await browser.newPage();
      await page.goto(`${server.address}/`);
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
