import { gzipSync } from "fflate";

/** The bytes as a gzip stream, the same each time. */
export const gzipped = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { mtime: 0 });
