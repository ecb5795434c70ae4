import { zipSync } from "fflate";
import { expect, it } from "vitest";
import { bytesOf } from "../../web/src/files.js";

const given = Uint8Array.from({ length: 3000 }, (_, i) => i % 251);
const zip = zipSync({ "a.fits": given });
const open = (bytes: Uint8Array) => bytesOf([new File([bytes as BlobPart], "a.zip")]);

it("a zip comes out as what went in", async () => {
  expect(await open(zip)).toEqual([["a.fits", given]]);
});

it("sizes that the packed bytes cannot hold are refused before memory is taken for them", async () => {
  const bytes = zip.slice();
  const directory = Buffer.from(bytes).indexOf("PK\u0001\u0002", 0, "latin1");
  // uncompressed size in the central directory: APPNOTE.TXT 4.3.12
  new DataView(bytes.buffer).setUint32(directory + 24, 400_000_000, true);
  await expect(open(bytes)).rejects.toThrow(/^a\.zip: says that a\.fits has 400000000 bytes, which \d+ packed ones/);
});
