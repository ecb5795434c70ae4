/** What a result was made from, and how: enough to make it again. */

/** A file that was read; `path`: relative to the folder of the result, or to the folder where the command ran. */
export interface ProvenanceFile {
  readonly path: string;
  /** Of the bytes as they are on the disk, hexadecimal. */
  readonly sha256: string;
}

/** What an option of a command was: as it stood on the command line, or a flag. */
export type ProvenanceOption = string | number | boolean | readonly string[];

/** What a command writes into its results; no absolute paths, no names of users and machines. */
export interface Provenance {
  /** Version of GammaTS. */
  readonly gammats: string;
  /** Version of Node. */
  readonly node: string;
  /** When the command began, UTC. */
  readonly time: string;
  readonly command: string;
  readonly arguments: readonly string[];
  /** With their defaults; `out` relative to the result. */
  readonly options: Readonly<Record<string, ProvenanceOption>>;
  readonly seed?: number;
  readonly inputs: readonly ProvenanceFile[];
  readonly plugins?: readonly ProvenanceFile[];
}
