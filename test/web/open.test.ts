import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "fflate";
import { expect, it } from "vitest";
import { openFiles, pageRegistry } from "../../web/src/open.js";
import type { NamedBytes } from "../../web/src/types.js";
import { spectra } from "../cli/run.js";

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
