import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SpecError } from "../errors.js";
import { extendRegistry, type RegistryAdditions } from "../kinds/additions.js";
import type { Registry } from "../likelihood/kind.js";
import { requireRegular } from "./read-file.js";

/** The registry with what the default exports of modules add to it, one after the other. `files`: paths or file URLs. */
export async function loadPlugins<R extends Registry>(files: readonly (string | URL)[], registry: R): Promise<R> {
  let extended = registry;
  for (const file of files) {
    const url = typeof file === "string" && !file.startsWith("file:") ? pathToFileURL(resolve(file)).href : `${file}`;
    const additions = await load<R>(url, `${file}`);
    extended = extendRegistry(extended, additions, `plugin ${file}`);
  }
  return extended;
}

/** A pipe would be waited for. What is not there is said when it is loaded. */
async function requireFile(url: string, file: string): Promise<void> {
  if (!url.startsWith("file:")) return;
  const state = await stat(fileURLToPath(url)).catch(() => undefined);
  if (state !== undefined) requireRegular(`plugin ${file}`, state);
}

async function load<R extends Registry>(url: string, file: string): Promise<RegistryAdditions<R>> {
  await requireFile(url, file);
  let loaded: { readonly default?: RegistryAdditions<R> };
  try {
    loaded = await import(url);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SpecError(`plugin ${file}: it cannot be loaded: ${why}`);
  }
  if (loaded.default !== undefined) return loaded.default;
  throw new SpecError(
    `plugin ${file}: no default export; expected one that is an object with lists, such as export default { spectral: [myModel] }`,
  );
}
