/**
 * The documentation site as its readers have it: built once, below a path of a static server that offers nothing else. The build itself runs every snippet and refuses links that
 * lead nowhere.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join, normalize } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../browser.js";
import { chromium } from "../environment.js";

const SITE = "out/site";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ["site/build.mjs"], { maxBuffer: 1e8 });
}, 900_000);

const pages = () =>
  readdirSync(SITE, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".html") && path !== "404.html");

describe("the built site", () => {
  it("has links and pictures that lead to files of the site, all of them relative", () => {
    const lost = pages().flatMap((page) => {
      const html = readFileSync(`${SITE}/${page}`, "utf8");
      const targets = Array.from(html.matchAll(/ (?:href|src)="([^"#?]+)[^"]*"/g), ([, target]) => target!);
      return targets
        .filter((target) => !/^[a-z]+:/.test(target))
        .filter((target) => target.startsWith("/") || !existsSync(join(SITE, dirname(page), decodeURI(target))))
        .map((target) => `${page}: ${target}`);
    });
    expect(lost).toEqual([]);
  });

  it("asks no other server for anything", () => {
    const foreign = pages().flatMap((page) => {
      const html = readFileSync(`${SITE}/${page}`, "utf8");
      return Array.from(
        html.matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="(https?:[^"]*)"/g),
        ([, url]) => url,
      );
    });
    expect(foreign).toEqual([]);
  });
});

describe.runIf(chromium)("the site in Chromium", () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let address = "";
  const requested: string[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    const prefix = "/some/path/";
    server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url!, "http://localhost");
      try {
        if (!pathname.startsWith(prefix)) throw new Error("outside of the site");
        const bytes = await readFile(join(SITE, normalize(pathname.slice(prefix.length)) || "index.html"));
        response.setHeader("content-type", TYPES[extname(pathname)] ?? "application/octet-stream").end(bytes);
      } catch {
        response.writeHead(404).end();
        said.push(`404: ${pathname}`);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;
    browser = await launchBrowser(chromium!);
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on("request", (request) => requested.push(request.url()));
    page.on("console", (message) => message.type() === "error" && said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it("runs an example, with the number that Node gives", async () => {
    await page.goto(`${address}start.html`);
    await page.click("live-code .run");
    await page.locator('live-code[data-state="ended"]').waitFor();
    const shown = await page.locator("live-code .results").innerText();
    // the build has run the same block in Node
    const printed = await page.locator("live-code + .output pre").innerText();
    expect(shown).toContain("Optimization terminated successfully.");
    expect(shown.trim()).toBe(printed.trim());
  });

  it("runs what the reader has changed, and says what is wrong with it", async () => {
    await page
      .locator("live-code code")
      .first()
      .fill('import { feldmanCousins } from "gammats";\nconsole.log(1 + 1, typeof feldmanCousins);');
    await page.click("live-code .run");
    await page.waitForFunction(() => document.querySelector("live-code .results")?.textContent === "2 function");
    await page
      .locator("live-code code")
      .first()
      .fill('import { createSubmodel } from "gammats";\ncreateSubmodel("pll");');
    await page.click("live-code .run");
    await page.locator("live-code .error").waitFor();
    expect(await page.locator("live-code .error").innerText()).toMatch(/SpecError: .*"pll"/);
  });

  it("finds what is looked for, and goes there", async () => {
    await page.click(".VPNavBarSearch button");
    await page.fill(".VPLocalSearchBox input", "upper limit");
    const first = page.locator(".VPLocalSearchBox .result").first();
    await first.waitFor();
    const results = await page.locator(".VPLocalSearchBox .result").allInnerTexts();
    expect(results.join("\n")).toContain("Upper limit of an undetected source");
    await page.locator(".VPLocalSearchBox .result", { hasText: "Upper limit of an undetected source" }).first().click();
    await page.waitForURL(/tutorials\/upper-limit/);
    await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Upper limit"));
  });

  it("follows the menu from there, with pictures and blocks that run", async () => {
    await page.click('.VPSidebar a:has-text("Joint fit of the Crab nebula")');
    await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Joint fit"));
    await page.waitForFunction(() =>
      Array.from(document.images).every((image) => image.complete && image.naturalWidth > 0),
    );
    const blocks = page.locator("live-code");
    const fit = blocks.filter({ hasText: "fit(crab.datasets" }).first();
    await fit.locator(".run").click();
    await page.waitForFunction(() => document.querySelector('live-code[data-state="ended"]') !== null);
    // test/instruments holds this number against Gammapy's
    expect(await fit.locator(".results").innerText()).toContain("-13333.18");
  });

  it("asked this server alone, for nothing that is not there", () => {
    expect(requested.filter((url) => !url.startsWith(address) && !url.startsWith("data:"))).toEqual([]);
    expect(said).toEqual([]);
  });
});
