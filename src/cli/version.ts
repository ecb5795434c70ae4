import { createRequire } from "node:module";

export const version = (createRequire(import.meta.url)("gammats/package.json") as { version: string }).version;
