/** Which code computes: results that are kept or come from other processes are taken up where it is the same alone. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { version } from "../node/version.js";

/** The version of the program and, with plugins, the first digits of the SHA-256 of their files; what these import is not looked at. */
export function codeVersion(plugins: readonly string[]): string {
  if (plugins.length === 0) return version;
  const hash = createHash("sha256");
  for (const plugin of plugins) hash.update(readFileSync(plugin.startsWith("file:") ? fileURLToPath(plugin) : plugin));
  return `${version}+${hash.digest("hex").slice(0, 16)}`;
}
