import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "fflate";
import { expect, it } from "vitest";
import { openFiles, pageRegistry } from "../../web/src/open.js";
import type { NamedBytes } from "../../web/src/types.js";
import { gammats, spectra, temporaryFolder } from "../cli/run.js";

const zeros = (name: string, bytes: number) => [name, gzipSync(new Uint8Array(bytes))] as const;

it("files that inflate to more than a tab holds together are refused, though each alone would do", async () => {
  const open = (maxBytes: number) =>
    openFiles([zeros("a.fits.gz", 60_000), zeros("b.fits.gz", 60_000)], pageRegistry, maxBytes);
  await expect(open(100_000)).rejects.toMatchObject({ code: "too-large", where: "b.fits.gz" });
  // enough room: what is wrong is then that these bytes are no FITS
  await expect(open(200_000)).rejects.not.toMatchObject({ code: "too-large" });
});

it("says what has changed since it was written, in files that a datasets.yaml names and in others", async () => {
  const name = "pha_obs23523.fits";
  const files = new Map<string, Uint8Array>();
  for (const one of await readdir(spectra)) files.set(one, new Uint8Array(await readFile(`${spectra}/${one}`)));
  const list = "datasets:\n- {name: run, type: SpectrumDatasetOnOff, filename: pha_obs23523.fits}\n";
  const run: NamedBytes[] = [...files].filter(([one]) => one.includes("23523"));
  const named = (entries: NamedBytes[]): NamedBytes[] => [
    ...entries,
    ["datasets.yaml", new TextEncoder().encode(list)],
  ];
  const changes = async (entries: NamedBytes[]) =>
    (await openFiles(entries)).notes.filter((note) => note.includes("have changed since"));
  expect([await changes(run), await changes(named(run))]).toEqual([[], []]);
  // one more count in a channel: the last byte of COUNTS, the second column of 4 bytes in rows of 18
  const bytes = files.get(name)!;
  const text = new TextDecoder("latin1").decode(bytes);
  const start = Math.ceil(text.indexOf("END     ", text.indexOf("XTENSION= 'BINTABLE'")) / 2880) * 2880;
  bytes[start + 60 * 18 + 7]! += 1;
  const said = [expect.stringMatching(/^pha_obs23523\.fits: HDU 1 \(SPECTRUM\): the data have changed since/)];
  expect([await changes(run), await changes(named(run))]).toEqual([said, said]);
});

it("takes the folder that a fit was written to, whose fit-result.yaml has a list of datasets too", async () => {
  const folder = await temporaryFolder();
  try {
    const argv = ["fit", `${spectra}/pha_obs23523.fits`, "--model", "pl", "--out", folder.path("fitted")];
    expect((await gammats(argv)).status).toBe(0);
    const files: NamedBytes[] = [];
    for (const name of await readdir(folder.path("fitted"))) {
      files.push([`fitted/${name}`, new Uint8Array(await readFile(folder.path(`fitted/${name}`)))]);
    }
    expect(files.map(([name]) => name)).toContain("fitted/fit-result.yaml");
    const { datasets, models } = await openFiles(files);
    expect(datasets.map(({ type }) => type)).toEqual(["SpectrumDatasetOnOff"]);
    // fitted: not the index that a power law begins with
    expect(models.components[0]!.spectral!.parameters[0]!.error).toBeGreaterThan(0);
  } finally {
    await folder.remove();
  }
});
