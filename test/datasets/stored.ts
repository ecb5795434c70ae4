import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { BinnedDataset } from "../../src/datasets/types.js";
import { readMapDataset } from "../../src/io/map-dataset.js";
import type { Expected } from "./oracle.js";

/** The committed output of test/oracle/datasets.py. */
export const stored = JSON.parse(
  readFileSync(fileURLToPath(new URL("../oracle/datasets.json", import.meta.url)), "utf8"),
) as Expected & { readonly files: Readonly<Record<string, string>> };

export function storedBytes(stem: string): Uint8Array {
  return new Uint8Array(gunzipSync(Buffer.from(stored.files[stem]!, "base64")));
}

/** One of its small datasets: cube, galactic, bare, spectrum, onoff, stack-onoff-one, stack-onoff-two. */
export function storedDataset<D extends BinnedDataset = BinnedDataset>(stem: string, name = stem): D {
  return readMapDataset(storedBytes(stem), { where: `${stem}.fits`, name }) as D;
}
