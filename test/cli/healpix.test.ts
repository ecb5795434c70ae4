/** A dataset in HEALPix pixels through the commands. Data: test/oracle/healpix_datasets.py. */
import { readFileSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Folder, gammats, temporaryFolder } from "./run.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/healpix_datasets.json", import.meta.url), "utf8"));
const text = ["--model", "x = pl(index=2.2 frozen, amplitude=3e-12, reference=2 TeV)", "--at", "83.9 22.3"];
let folder: Folder;
let data: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  data = folder.path("narrow.fits");
  await writeFile(data, gunzipSync(Buffer.from(oracle.narrow.file, "base64")));
});
afterAll(() => folder.remove());

it("is simulated, fitted in a region, and drawn", async () => {
  const [made, fitted, pictures] = ["made", "fitted", "pictures"].map((name) => folder.path(name)) as [
    string,
    string,
    string,
  ];
  const simulated = await gammats(["simulate", data, ...text, "--seed", "3", "--out", made]);
  expect(simulated.status, simulated.said).toBe(0);
  const within = ["--within", "icrs; circle(83.9, 22.3, 3)"];
  const fit = await gammats(["fit", `${made}/narrow.fits`, ...text, ...within, "--out", fitted]);
  expect(fit.status, fit.said).toBe(0);
  expect(fit.stdout).toMatch(/success +: True/);
  const plot = await gammats(["plot", `${made}/narrow.fits`, ...text, "--out", pictures]);
  expect(plot.status, plot.said).toBe(0);
  expect((await readdir(pictures)).sort()).toEqual(["counts-narrow.svg", "maps-narrow.svg"]);
});

it("is refused by ts-map and extract, which say why", async () => {
  const map = await gammats(["ts-map", data, ...text, "--out", folder.path("ts")]);
  expect(map.status).toBe(2);
  expect(map.said).toContain("137 HEALPix pixels of nside 64");
  const spectra = ["--region", "icrs; circle(83.63, 22.01, 1)", "--out", folder.path("spectra")];
  const extract = await gammats(["extract", data, ...spectra]);
  expect(extract.status).toBe(2);
  expect(extract.said).toContain("137 HEALPix pixels of nside 64");
});
