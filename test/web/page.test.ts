import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDatasets } from "../../src/api/io.js";
import { memoryFiles } from "../../src/io/files.js";
import { readFitResult } from "../../src/io/read-fit-result.js";
import { analyseCrab, exampleFolder, readCrab } from "../../src/node/crab.js";
import { nodeFiles } from "../../src/node/files.js";
import { servePage } from "../../src/node/serve-page.js";
import { launchBrowser } from "../browser.js";
import { chromium } from "../environment.js";
import { decodePng } from "../plot/helpers.js";
import { pageOnDisk } from "./built.js";
import { datasetsAre, drop } from "./hands.js";

describe.runIf(chromium)("the page in Chromium", () => {
  let browser: Browser;
  let folder = "";
  let address = "";
  let page: Page;
  const said: string[] = [];
  const requested: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gammats-web-"));
    // from the disk, as a student would open it
    address = await pageOnDisk(folder);
    browser = await launchBrowser(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const fitted = () =>
    page.waitForFunction(() => document.querySelector("#result p")?.textContent?.includes("terminated"));
  const value = (id: string) => page.inputValue(`input[aria-label="value of ${id}"]`).then(Number);

  it("opens with the example, fitted, with Node's numbers", async () => {
    page = await browser.newPage({ viewport: { width: 1300, height: 950 } });
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => requested.push(request.url()));
    await page.goto(address);
    await fitted();
    const { result } = analyseCrab(await readCrab(exampleFolder(), nodeFiles()));
    const total = (await page.textContent("#total"))!;
    expect(Number(/-[\d.]+/.exec(total)![0])).toBeCloseTo(result.totalStat, 2);
    for (const [k, id] of result.free.ids.entries()) {
      // shown to the second digit of the error
      expect(Math.abs((await value(id)) - result.free.values[k]!)).toBeLessThan(0.1 * result.free.errors[k]!);
    }
    expect(await page.locator("#correlation td").count()).toBe(16);
    await page.locator("#picture svg").waitFor();
  });

  it("follows a slider, and keeps where it is let go", async () => {
    const before = await page.textContent("#total");
    const slider = page.locator('input[aria-label="slide Crab Nebula.beta"]');
    const alpha = await value("Crab Nebula.alpha");
    await slider.focus();
    for (let k = 0; k < 30; k++) await page.keyboard.press("ArrowRight");
    await page.waitForFunction((text) => document.getElementById("total")?.textContent !== text, before);
    await page.waitForFunction(() => document.getElementById("result")?.textContent?.includes("Not fitted"));
    // the others were fitted again meanwhile: alpha and beta hang together
    expect(await value("Crab Nebula.alpha")).toBeLessThan(alpha);
    await page.click("#fit");
    await fitted();
    expect(await page.textContent("#total")).toBe(before);
  });

  it("draws every step of a slider as if it were the first picture", async () => {
    const steps = await page.evaluate(async () => {
      const slider = document.querySelector<HTMLInputElement>('input[aria-label="slide Crab Nebula.beta"]')!;
      const figure = document.getElementById("picture")!;
      const tab = (name: string) =>
        Array.from(document.querySelectorAll<HTMLElement>("#tabs button"))
          .find((button) => button.textContent === name)!
          .click();
      const out: { kept: boolean; moved: string; fresh: string }[] = [];
      for (const value of [150, 151, 180, 10, 390]) {
        const before = figure.querySelector("svg");
        const done = new Promise((resolve) => document.addEventListener("step", resolve, { once: true }));
        slider.value = String(value);
        slider.dispatchEvent(new Event("input"));
        await done;
        const moved = figure.innerHTML;
        const kept = figure.querySelector("svg") === before;
        // another picture in between: that of the step is made anew
        tab("counts: HESS");
        while (!figure.querySelector("title")?.textContent?.includes("HESS"))
          await new Promise((r) => setTimeout(r, 5));
        tab("spectrum");
        out.push({ kept, moved, fresh: figure.innerHTML });
      }
      return out;
    });
    for (const { moved, fresh } of steps) expect(moved).toBe(fresh);
    expect(new Set(steps.map((step) => step.moved)).size).toBe(5);
    // a small step leaves the elements where they are
    expect(steps[1]!.kept).toBe(true);
    await page.click("#fit");
    await fitted();
  });

  it("gives MINOS errors, flux points, and all of it to take home", async () => {
    await page.click("#minos");
    await page.locator("#minos-table tbody tr").nth(3).waitFor();
    await page.click("#flux-points");
    await page.waitForFunction(() => document.querySelector("#picture svg")?.textContent?.includes("HESS"));
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=All as zip")]);
    const files = unzipSync(new Uint8Array(await readFile(await download.path())));
    const { datasets, models } = await readDatasets("analysis_datasets.yaml", memoryFiles(files), {
      modelsPath: "analysis_models.yaml",
    });
    expect([datasets.length, models!.components.length]).toEqual([3, 2]);
    const report = readFitResult(files["fit-result.yaml"]!);
    expect(report.report.success).toBe(true);
    expect(new TextDecoder().decode(files["sed.svg"])).toContain("</svg>");
    // a picture that is not all white
    const png = decodePng(files["maps-Fermi-LAT.png"]!);
    const colors = new Set<string>();
    for (let x = 0; x < png.width; x += 7) colors.add(png.at(x, Math.floor(png.height / 2)).join());
    expect(colors.size).toBeGreaterThan(10);
  });

  it("shows counts and maps", async () => {
    for (const name of ["counts: Fermi-LAT", "maps: Fermi-LAT", "counts: HESS"]) {
      await page.click(`role=tab[name="${name}"]`);
      await page.waitForFunction(
        (title) => document.querySelector("#picture svg title")?.textContent?.includes(title),
        name.split(": ")[1]!,
      );
    }
    await page.click('role=tab[name="spectrum"]');
  });

  it("draws pictures as wide as they are shown, so that a phone shows text that can be read", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const name of ["spectrum", "maps: Fermi-LAT"]) {
      await page.click(`role=tab[name="${name}"]`);
      await page.waitForFunction(() => {
        const svg = document.querySelector("#picture svg")!;
        return Math.abs(Number(svg.getAttribute("width")) - svg.getBoundingClientRect().width) < 24;
      });
      const heights = await page.evaluate(() =>
        Array.from(document.querySelectorAll("#picture svg text"), (t) => {
          const { width, height } = t.getBoundingClientRect();
          // of texts that stand upright it is the width
          return Math.min(width, height);
        }),
      );
      // numbers of 11 px and more; a single digit is 7 px wide
      expect(Math.min(...heights)).toBeGreaterThan(5);
    }
    await page.setViewportSize({ width: 1300, height: 950 });
    await page.click('role=tab[name="spectrum"]');
  });

  it("opens a user's own files, and says what is wrong with them", async () => {
    const hess = join(exampleFolder(), "joint-crab/spectra/hess");
    const set = ["", "_arf", "_rmf", "_bkg"].map((part) => `${hess}/pha_obs23523${part}.fits`);
    await page.setInputFiles("#files", set.slice(0, 2));
    await page.waitForFunction(() => !document.getElementById("problem")!.hidden);
    expect(await page.textContent("#problem")).toMatch(/pha_obs23523_(bkg|rmf)\.fits[\s\S]*together/);
    const damaged = join(folder, "damaged.fits");
    await writeFile(damaged, (await readFile(set[0]!)).subarray(0, 5000));
    await page.setInputFiles("#files", damaged);
    await page.waitForFunction(() => document.getElementById("problem")!.textContent!.includes("damaged"));
    // what was open is open still
    expect(await page.locator("#datasets tbody tr").count()).toBe(3);
    await page.setInputFiles("#files", set);
    await page.waitForFunction(() => document.querySelectorAll("#datasets tbody tr").length === 1);
    expect(await page.locator("#problem").isHidden()).toBe(true);
    await page.click("#fit");
    await fitted();
  });

  it("takes files and folders that are dropped on it, from the disk and from a server", async () => {
    const hess = join(exampleFolder(), "joint-crab/spectra/hess");
    const set = ["", "_arf", "_rmf", "_bkg"].map((part) => `${hess}/pha_obs23526${part}.fits`);
    const server = await servePage(await readFile(fileURLToPath(address), "utf8"));
    const served = await browser.newPage();
    await served.goto(server.url);
    // the browser takes no drop while the page does not answer to what is dragged over it
    await served.waitForFunction(() => document.querySelectorAll("#datasets tbody tr").length === 3);
    for (const target of [page, served]) {
      await drop(target, ...set);
      await datasetsAre(target, "23526");
      await drop(target, join(exampleFolder(), "fermi-3fhl-crab"));
      await datasetsAre(target, "Fermi-LAT");
      await drop(target, exampleFolder());
      await datasetsAre(target, "Fermi-LAT,HAWC19_flux_points,23523,23526");
      await drop(target, join(exampleFolder(), "README.md"));
      await target.waitForFunction(() => document.getElementById("problem")!.textContent!.includes("no dataset"));
    }
    await served.close();
    await server.close();
  });

  it("opens the zip that it saves", async () => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=All as zip")]);
    const zip = join(folder, "analysis.zip");
    await download.saveAs(zip);
    await page.click("#example");
    await datasetsAre(page, "Fermi-LAT,HESS,HAWC19_flux_points");
    await drop(page, zip);
    await datasetsAre(page, "Fermi-LAT,HAWC19_flux_points,23523,23526");
    await writeFile(zip, (await readFile(zip)).subarray(0, 4000));
    await drop(page, zip);
    await page.waitForFunction(() => document.getElementById("problem")!.textContent!.includes("cannot be unpacked"));
  });

  it("fits narrow screens, and asked nobody for anything", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(said).toEqual([]);
    expect(requested.filter((url) => !/^(blob|data):/.test(url))).toEqual([address]);
  });

  it("shows the licences of what it holds", async () => {
    await page.click("#licences");
    for (const name of ["fflate", "yaml", "d3-scale"]) expect(await page.textContent("dialog pre")).toContain(name);
    await page.click("dialog button");
    expect(await page.isVisible("dialog")).toBe(false);
  });

  it("runs no script and no request that a file could bring in", async () => {
    const found = await page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "window.foreign = true";
      document.body.append(script);
      const image = document.createElement("div");
      image.innerHTML = '<img src="x" onerror="window.foreign = true">';
      document.body.append(image);
      const request = await fetch("http://127.0.0.1:9/").catch((error: Error) => error.message);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { foreign: "foreign" in window, request };
    });
    expect(found).toEqual({ foreign: false, request: "Failed to fetch" });
    expect(said.join("\n")).toMatch(/Content Security Policy/);
  });
});
