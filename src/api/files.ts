/** Files of any format. */
import type { Hdu } from "../fits/index.js";
import { openBytes } from "../io/formats/open.js";
import type { FileRegistry } from "../io/formats/types.js";
import { knownFile } from "../io/formats/use.js";
import { standardRegistry } from "../io/registry.js";

/** What file formats a call may use. */
export interface FileRegistryOption {
  /** File formats, and what their contents are made from; default: `standardRegistry`. */
  readonly registry?: FileRegistry | undefined;
}

/** What a file was recognised as. */
export interface Recognised {
  /** Name of the format. */
  readonly kind: string;
  /** In words, for people. */
  readonly about: string;
  /** Of FITS files. */
  readonly hdus?: readonly Hdu[];
}

/** What a file is, told from its content. `bytes` plain (inflated). Damaged files are recognised as far as they go. */
export function recognise(bytes: Uint8Array, name: string, options: FileRegistryOption = {}): Recognised {
  const { registry = standardRegistry } = options;
  const { format, hdus } = knownFile(openBytes(bytes, name), registry.formats);
  return { kind: format.name, about: format.about, ...(hdus && { hdus }) };
}
