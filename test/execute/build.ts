import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "rolldown";

/** Where bundles find the packages that are installed here. */
const cache = fileURLToPath(new URL("../../node_modules/.cache/", import.meta.url));

/** Bundles a script of this folder into a temporary file, since threads cannot run TypeScript. */
export async function buildScript(name: string): Promise<URL> {
  mkdirSync(cache, { recursive: true });
  const file = join(mkdtempSync(join(cache, "gammats-")), name.replace(/\.ts$/, ".mjs"));
  await build({
    input: fileURLToPath(new URL(name, import.meta.url)),
    platform: "node",
    output: { file, format: "esm", codeSplitting: false },
    logLevel: "silent",
  });
  return pathToFileURL(file);
}
