import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "rolldown";

/** Bundles a script of this folder into a temporary file, since threads cannot run TypeScript. */
export async function buildScript(name: string): Promise<URL> {
  const file = join(mkdtempSync(join(tmpdir(), "gammats-")), name.replace(/\.ts$/, ".mjs"));
  await build({
    input: fileURLToPath(new URL(name, import.meta.url)),
    platform: "node",
    external: ["bullmq", "ioredis"],
    output: { file, format: "esm", codeSplitting: false },
    logLevel: "silent",
  });
  return pathToFileURL(file);
}
