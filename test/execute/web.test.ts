import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleForBrowser, launchBrowser, serveExample } from "../browser.js";
import { chromium } from "../environment.js";
import type * as page_ from "./web-page.js";

describe.runIf(chromium)("Web Workers in Chromium", () => {
  let server: Awaited<ReturnType<typeof serveExample>>;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = await serveExample({
      "/page.js": await bundleForBrowser("test/execute/web-page.ts"),
      "/worker.js": await bundleForBrowser("test/execute/web-worker.ts", { keepAll: true }),
    });
    browser = await launchBrowser(chromium!);
    page = await browser.newPage();
    await page.goto(`${server.address}/`);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it("give the toys of one thread to the bit, with progress", async () => {
    const found = (await page.evaluate(`import("/page.js").then(({ compareToys }) => compareToys())`)) as Awaited<
      ReturnType<typeof page_.compareToys>
    >;
    expect(found).toEqual({ same: true, converged: 12, progress: [3, 6, 9, 12] });
  });

  it("stop when told to, and refuse by name what they do not know", async () => {
    const found = (await page.evaluate(`import("/page.js").then(({ refusals }) => refusals())`)) as Awaited<
      ReturnType<typeof page_.refusals>
    >;
    expect(found.stopped).toBe("enough");
    expect(found.unknown).toMatch(/^SpecError: toys: this worker does not know the spectral model "Mine" \(/);
  });
});
