/** From event files that are dropped on the page to a fitted spectrum, as the commands have it. */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { unzipSync, zipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeModels } from "../../src/api/io.js";
import { createSubmodel } from "../../src/api/models.js";
import { card } from "../../src/io/cards.js";
import { readFitResult } from "../../src/io/read-fit-result.js";
import { skyModel } from "../../src/models/create.js";
import { launchBrowser } from "../browser.js";
import { writeMadeRuns } from "../cli/made-runs.js";
import { type Folder, gammats, temporaryFolder } from "../cli/run.js";
import { chromium } from "../environment.js";
import { madeRun } from "../reduce/made-run.js";
import { pageOnDisk } from "./built.js";
import { datasetsAre, drop } from "./hands.js";

describe.runIf(chromium)("event files on the page", () => {
  let browser: Browser;
  let folder: Folder;
  let page: Page;
  let runs = "";
  const said: string[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder();
    runs = folder.path("runs");
    await writeMadeRuns(runs);
    const address = await pageOnDisk(folder.path("page"));
    browser = await launchBrowser(chromium!);
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(address);
    await datasetsAre(page, "Fermi-LAT,HESS,HAWC19_flux_points");
  });
  afterAll(async () => {
    await browser?.close();
    await folder?.remove();
  });

  const rowsOf = (selector: string) =>
    page.evaluate(
      (table) =>
        Array.from(document.querySelectorAll(`${table} tbody tr`), (row) =>
          Array.from(row.children, (cell) => cell.textContent ?? ""),
        ),
      selector,
    );
  const field = (name: string) => page.locator(`#events input[aria-label="${name}"]`);
  const image = () => page.innerHTML("#events figure");
  /** Until the image of the events is another. */
  const redrawn = (before: string) =>
    page.waitForFunction((old) => document.querySelector("#events figure")!.innerHTML !== old, before);
  const outlines = () => page.locator('#events figure svg path[stroke-width="1.4"]').count();

  /** What the table of the page shows of the rows of `gammats reduce`. */
  // biome-ignore lint/suspicious/noExplicitAny: a document of a command
  const shownOf = (rows: any[]) =>
    rows.map((r) => [
      r.name,
      r.livetime.toFixed(1),
      String(r.on),
      String(r.off),
      r.alpha.toFixed(4),
      r.excess.toFixed(2),
      r.significance.toFixed(2),
      r.cumulated_excess.toFixed(2),
      r.cumulated_significance.toFixed(2),
    ]);

  it("lists the observations of a folder that is dropped, offers a target and shows the regions", async () => {
    await drop(page, runs);
    await page.locator("#events figure svg").waitFor();
    expect(await rowsOf("#events .list")).toEqual([
      [" 23523", "Crab", "1600", "950.0", "83.630 22.510"],
      [" 23526", "Crab", "1600", "950.0", "83.630 21.510"],
    ]);
    // half a degree to the north and to the south of it
    expect(await field("target").inputValue()).toBe("83.63 22.01");
    expect(await page.textContent("#events")).toContain("the mean of the pointings");
    // 12 OFF regions each, of which alpha below is made, and one ON
    expect(await outlines()).toBe(2 * 12 + 1);
    // the analysis of before is there until spectra are made
    await datasetsAre(page, "Fermi-LAT,HESS,HAWC19_flux_points");
  });

  it("makes the spectra of gammats reduce, whose fit is that of gammats fit", async () => {
    await page.click("#make-spectra");
    await datasetsAre(page, "23523,23526");
    const out = folder.path("spectra");
    const made = await gammats(["reduce", runs, "--target", "83.63 22.01", "--out", out, "--json"]);
    expect(await rowsOf("#counts")).toEqual(shownOf(made.json().runs));
    await page.click("#fit");
    await page.waitForFunction(() => document.querySelector("#result p")?.textContent?.includes("terminated"));
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=All as zip")]);
    const files = unzipSync(new Uint8Array(await readFile(await download.path())));
    const { report } = readFitResult(files["fit-result.yaml"]!);
    const fit = (await gammats(["fit", `${out}/datasets.yaml`, "--model", "pl", "--json"])).json();
    expect(report.success && fit.success).toBe(true);
    // the spectra of the command went through files, and its start values are others: a search ends well within this part of an error
    for (const [k, ours] of report.parameters.entries()) {
      const theirs = fit.parameters[k];
      if (ours.value === null || ours.error === null) throw new Error(`${ours.name} has no value`);
      expect(ours.name).toBe(theirs.name);
      expect(Math.abs(ours.value - theirs.value)).toBeLessThanOrEqual(1e-6 * theirs.error);
      expect(Math.abs(ours.error - theirs.error)).toBeLessThanOrEqual(1e-6 * theirs.error);
    }
    expect(report.total_stat).toBeCloseTo(fit.total_stat, 6);
  });

  it("follows the fields and the pointer, as gammats reduce follows its options", async () => {
    const first = await image();
    await field("radius").fill("0.2");
    await redrawn(first);
    // larger regions, of which fewer fit about the pointings
    const wide = await outlines();
    expect(wide).toBeLessThan(25);
    for (const [name, text] of [
      ["energyMin", "0.5"],
      ["energyMax", "20"],
      ["bins", "8"],
    ] as const)
      await field(name).fill(text);
    await page.click("#make-spectra");
    await page.waitForFunction(() => document.querySelector("#datasets tbody td:nth-child(3)")?.textContent === "8");
    const options = ["--radius", "0.2", "--range", "0.5 TeV,20 TeV", "--bins", "8", "--json"];
    const at = (place: string, out: string) =>
      gammats(["reduce", runs, "--target", place, ...options, "--out", folder.path(out)]);
    expect(await rowsOf("#counts")).toEqual(shownOf((await at("83.63 22.01", "wide")).json().runs));
    // the ON region where the pointer goes: right and up of the source, where nothing shines
    const before = await image();
    const frame = (await page.locator("#events figure .axes rect").first().boundingBox())!;
    await page.mouse.move(frame.x + 0.6 * frame.width, frame.y + 0.45 * frame.height);
    await page.mouse.down();
    await page.mouse.move(frame.x + 0.75 * frame.width, frame.y + 0.4 * frame.height);
    await page.mouse.up();
    await redrawn(before);
    await page.waitForFunction(
      () =>
        Number(document.querySelector<HTMLInputElement>('#events [aria-label="target"]')!.value.split(" ")[0]) < 83.2,
    );
    const place = await field("target").inputValue();
    await page.click("#make-spectra");
    await page.waitForFunction(() => Number(document.querySelector("#counts td:nth-child(3)")!.textContent) < 50);
    expect(await rowsOf("#counts")).toEqual(shownOf((await at(place, "moved")).json().runs));
  });

  it("leaves out observations and places for the background that a user does not want", async () => {
    await field("target").fill("83.63 22.01");
    await field("radius").fill("0.11");
    const region = "icrs;circle(83.63,23.01,0.3)";
    await field("exclude").fill(region);
    await page.uncheck('#events input[aria-label="use 23526"]');
    // ON, what is excluded, and less than the 12 OFF regions of one observation
    await page.waitForFunction(() => !document.querySelector("#events figure svg")!.textContent!.includes("23526"));
    const drawn = await outlines();
    await page.click("#make-spectra");
    await datasetsAre(page, "23523");
    const line = ["reduce", runs, "--target", "83.63 22.01", "--ids", "23523", "--exclude", region, "--json"];
    const options = ["--range", "0.5 TeV,20 TeV", "--bins", "8", "--out", folder.path("excluded")];
    const { runs: rows } = (await gammats([...line, ...options])).json();
    expect(await rowsOf("#counts")).toEqual(shownOf(rows));
    expect(drawn).toBe(Math.round(1 / rows[0].alpha) + 2);
    expect(drawn).toBeLessThan(14);
  });

  it("says what it leaves out, and what it cannot understand", async () => {
    const entries: Record<string, Uint8Array> = {};
    for (const name of await readdir(runs)) entries[`night/${name}`] = await readFile(`${runs}/${name}`);
    const { bytes } = madeRun({
      id: 7,
      seed: 7,
      change: (hdus) =>
        hdus.map((hdu) =>
          hdu.name === "GTI" && hdu.kind === "table" ? { ...hdu, columns: hdu.columns.slice(0, 1) } : hdu,
        ),
    });
    entries["night/run_7.fits"] = bytes;
    entries["night/far.fits"] = madeRun({ id: 8, seed: 8, north: 3 }).bytes;
    // the target in the header is the ON region, too near to the pointing of this run for an OFF region
    const named = [card("RA_OBJ", 83.63), card("DEC_OBJ", 22.01)];
    entries["night/near.fits"] = madeRun({
      id: 9,
      seed: 9,
      north: 0.02,
      change: (hdus) => hdus.map((hdu) => ({ ...hdu, header: [...hdu.header, ...named] })),
    }).bytes;
    entries["night/log.txt"] = new TextEncoder().encode("clear sky\n");
    await writeFile(folder.path("night.zip"), zipSync(entries));
    await page.setInputFiles("#files", folder.path("night.zip"));
    await page.waitForFunction(() => document.querySelectorAll("#events .list tbody tr").length === 4);
    const notes = () => page.textContent("#events ul");
    expect(await notes()).toMatch(/observation 7 is left out: .*STOP/);
    expect(await notes()).toContain("log.txt");
    expect(await field("target").inputValue()).toBe("83.63 22.01");
    expect(await page.textContent("#events")).toContain("Target Crab: RA_OBJ and DEC_OBJ");
    await page.click("#make-spectra");
    await page.waitForFunction(() => document.querySelectorAll("#counts tbody tr").length === 3);
    await datasetsAre(page, "23523,23526");
    expect(await notes()).toMatch(/observation 9: no place for an OFF region/);
    expect(await notes()).toMatch(/pointings not within 2\.5 deg of the target: 8/);
    await field("target").fill("83.63");
    await page.waitForFunction(() =>
      document.querySelector("#events [role=alert]")!.textContent!.includes("longitude"),
    );
    await page.click("#make-spectra");
    await page.waitForFunction(() => document.getElementById("problem")!.textContent!.includes("longitude"));
    await field("target").fill("10 22");
    await page.waitForFunction(() => document.querySelector("#events [role=alert]")!.textContent!.includes("2.5 deg"));
  });

  it("reads a folder with index files, also without some of the files that they name", async () => {
    const models = folder.path("models.yaml");
    const spectral = createSubmodel("PowerLawSpectralModel", { index: 2.3, amplitude: 4e-11 });
    const spatial = createSubmodel("PointSpatialModel", { lon_0: 83.63, lat_0: 22.01 });
    await writeFile(models, writeModels({ components: [skyModel({ name: "source", spectral, spatial })] }));
    const indexed = folder.path("indexed");
    const drawn = await gammats(["events", runs, "--models", models, "--out", indexed]);
    expect(drawn.status).toBe(0);
    expect(await readdir(indexed)).toContain("hdu-index.fits.gz");
    await drop(page, indexed);
    await page.waitForFunction(() => document.querySelectorAll("#events .list tbody tr").length === 2);
    await field("target").fill("83.63 22.01");
    await page.click("#make-spectra");
    await page.locator("#counts").waitFor();
    const line = ["reduce", indexed, "--target", "83.63 22.01", "--out", folder.path("of-index"), "--json"];
    expect(await rowsOf("#counts")).toEqual(shownOf((await gammats(line)).json().runs));
    // a stop ends the thread with the events; both have theirs again
    await page.evaluate(() => {
      for (const id of ["make-spectra", "stop"]) document.getElementById(id)!.click();
    });
    await page.waitForFunction(() => document.getElementById("problem")!.textContent === "stopped");
    const before = await image();
    await field("radius").fill("0.15");
    await redrawn(before);
    const [gone] = (await readdir(indexed, { recursive: true })).filter((name) => name.includes("23526"));
    await rm(`${indexed}/${gone}`);
    await drop(page, indexed);
    await page.waitForFunction(() => document.querySelectorAll("#events .list tbody tr").length === 1);
    expect(await page.textContent("#events ul")).toContain("1 of 2 observations of the index are left out");
  });

  it("gives way to an analysis, and comes back with a folder that is chosen", async () => {
    await field("target").fill("83.63 22.01");
    await page.click("#example");
    await datasetsAre(page, "Fermi-LAT,HESS,HAWC19_flux_points");
    expect(await page.isVisible("#events")).toBe(false);
    await page.setInputFiles("#folder", runs);
    await page.locator("#events").waitFor();
    expect(await page.locator("#events .list tbody tr").count()).toBe(2);
    expect(said).toEqual([]);
  });
});
