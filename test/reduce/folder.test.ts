/** Folders with index files and without. */
import { describe, expect, it } from "vitest";
import { readObservationIndex } from "../../src/io/dl3/folder.js";
import { memoryFiles } from "../../src/io/files.js";
import { nodeFiles } from "../../src/node/files.js";
import { gammapyData } from "../environment.js";
import { madeRun } from "./made-run.js";

describe("a folder without index files", () => {
  const bytes = (id: number) => madeRun({ id, seed: id }).bytes;

  it("has an observation for each file with events, told by their headers", async () => {
    const files = memoryFiles({
      "runs/b.fits": bytes(2),
      "runs/deep/a.fits": bytes(1),
      "runs/notes.txt": new Uint8Array(3),
    });
    const { entries, warnings } = await readObservationIndex("runs", files);
    expect(warnings).toEqual([]);
    expect(entries.map(({ id }) => id)).toEqual(["2", "1"]);
    expect(entries[1]!.hdus.map(({ type, hduClass, path }) => [type, hduClass, path])).toEqual(
      [
        ["events", "events"],
        ["gti", "gti"],
        ["aeff", "aeff_2d"],
        ["edisp", "edisp_2d"],
        ["psf", "psf_table"],
        ["bkg", "bkg_3d"],
      ].map((row) => [...row, "runs/deep/a.fits"]),
    );
    expect(entries[0]!.columns).toMatchObject({ RA_PNT: 83.63, OBJECT: "Crab", TELESCOP: "MADE" });
    // 1000 s from MJD 53343 on
    expect(entries[0]!.start).toBeCloseTo(53343 + 2000 / 86400, 9);
    expect(entries[0]!.stop! - entries[0]!.start!).toBeCloseTo(1000 / 86400, 9);
  });

  it("says what is left out", async () => {
    const twice = memoryFiles({ "a.fits": bytes(1), "b.fits": bytes(1) });
    expect((await readObservationIndex(".", twice)).warnings).toEqual([
      "b.fits: a second file of observation 1; the first is taken",
    ]);
    await expect(readObservationIndex("none", twice)).rejects.toThrow(/none: no such folder/);
    const { list: _, ...cannotList } = twice;
    await expect(readObservationIndex(".", cannotList)).rejects.toThrow(/no way to list the folder/);
    await expect(readObservationIndex("x", memoryFiles({ "x/a.txt": new Uint8Array(1) }))).rejects.toThrow(
      /no FITS files/,
    );
  });
});

describe.skipIf(gammapyData === null)("real folders", () => {
  it("have the same observations by their files as by their index", async () => {
    const files = nodeFiles();
    const folder = `${gammapyData}/magic/rad_max/data`;
    const index = await readObservationIndex(folder, files);
    const { exists, ...rest } = files;
    const hidden = { ...rest, exists: async (path: string) => !/index/.test(path) && exists(path) };
    const bare = await readObservationIndex(folder, hidden);
    expect(bare.entries.map(({ id }) => id).sort()).toEqual(index.entries.map(({ id }) => id).sort());
    const types = (entries: typeof bare.entries) =>
      entries.map(({ hdus }) =>
        hdus
          .map(({ type }) => type)
          .sort()
          .join(),
      );
    expect(types(bare.entries)).toEqual(types(index.entries));
  });
});
