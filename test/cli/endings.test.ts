/** What is written has the name of what it is: a FITS file is never called .csv, and a folder never .yaml. */
import { readdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { made3fgl } from "../catalogues/made.js";
import { type Folder, fermi, gammats, hawc, spectra, temporaryFolder } from "./run.js";

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(folder.path("catalogue.fits"), made3fgl());
});
afterAll(() => folder.remove());

const pha = `${spectra}/pha_obs23523.fits`;
const FITS = "expected FITS: .fits";

describe("a name that says something else than what is written", () => {
  it.each([
    [
      ["convert", hawc],
      "points.csv",
      /found the ending \.csv, expected FITS: .*; gammats info FILE --out writes tables/,
    ],
    [["convert", hawc], "points.json", FITS],
    [["convert", hawc], "points.png", FITS],
    [["convert", hawc], "points.yaml", FITS],
    [["convert", hawc], "points.dat", FITS],
    [["convert", hawc], "points.fits.gz", /found the ending \.gz.*; leave out \.gz, and compress the file with gzip/],
    [["convert", hawc], "points", "found a name without an ending"],
    [["convert", pha], "spectrum.ecsv", FITS],
    [["convert", `${fermi}_models.yaml`], "models.json", "expected YAML: .yaml, .yml"],
    [["convert", `${fermi}_models.yaml`], "models.fits", "expected YAML: .yaml, .yml"],
    [["stack", pha], "stacked.tex", FITS],
    [["catalog", "catalogue.fits", "--models"], "models.csv", "--models"],
    [["new"], "analysis.yaml", /--out .*analysis\.yaml: found the ending \.yaml, expected a folder/],
    [["schema"], "models.json", "expected a folder"],
    [["plot", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`], "pictures.csv", "expected a folder"],
    [["app"], "page.txt", "end the name in .html"],
  ])("%j %s", async ([command, ...words], name, message) => {
    const before = await readdir(folder.path("."));
    const given = words.map((word) => (word === "catalogue.fits" ? folder.path(word) : word));
    const option = words.at(-1) === "--models" ? [] : ["--out"];
    const { status, stderr } = await gammats([command!, ...given, ...option, folder.path(name)]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(await readdir(folder.path("."))).toEqual(before);
  });
});

describe("a name that says what is written", () => {
  it.each([
    [["convert", hawc], "points.ECSV"],
    [["convert", pha], "spectrum.pha"],
    [["convert", `${fermi}_models.yaml`], "models.yml"],
    [["stack", pha], "stacked.fits"],
    [["new"], "analysis.v1/"],
  ])("%j %s", async ([command, ...words], name) => {
    const { status, stderr } = await gammats([command!, ...words, "--out", folder.path(name)]);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining("gammats: --out")]);
  });
});
