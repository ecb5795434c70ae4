import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type FileAccess, inflate } from "../../src/io/files.js";
import { readMapDataset } from "../../src/io/map-dataset.js";
import { readOgip } from "../../src/io/ogip/read.js";

const data = process.env.GAMMAPY_DATA;

const files: FileAccess = {
  read: async (p) => inflate(new Uint8Array(await readFile(p)), p),
  exists: async (p) =>
    readFile(p).then(
      () => true,
      () => false,
    ),
  write: async () => {},
  env: (name) => process.env[name],
};
const sum = (a?: ArrayLike<number>) => Array.from(a ?? []).reduce((x, y) => x + y, 0);

describe.runIf(data)("the joint Crab files", () => {
  it("Fermi", async () => {
    const path = `${data}/fermi-3fhl-crab/Fermi-LAT-3FHL_data_Fermi-LAT.fits`;
    const d = readMapDataset(await files.read(path), { where: path });
    expect(sum(d.counts?.data)).toBe(3004);
    expect(sum(d.maskSafe?.data)).toBe(8280);
  });
  it("HESS", async () => {
    const d = await readOgip(`${data}/joint-crab/spectra/hess/pha_obs23523.fits`, files);
    expect(d.name).toBe("23523");
    expect(sum(d.edisp?.map.data)).toBeGreaterThan(1);
  });
});
