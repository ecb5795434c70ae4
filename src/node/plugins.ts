import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SpecError } from "../errors.js";
import { extendRegistry, type RegistryAdditions } from "../kinds/additions.js";
import { standardRegistry } from "../kinds/registry.js";
import type { Registry } from "../likelihood/kind.js";

/**
 * Loads modules whose default export is what they add to the registry, `{ spectral: [...], kinds: [...] }`, one after the other. `files`: paths or file URLs.
 * They are code and can do whatever the user can.
 */
export async function readPlugins(
  files: readonly (string | URL)[],
  registry: Registry = standardRegistry,
): Promise<Registry> {
  let extended = registry;
  for (const file of files) {
    const url = typeof file === "string" && !file.startsWith("file:") ? pathToFileURL(resolve(file)).href : `${file}`;
    const loaded = await load(url, `${file}`);
    if (loaded.default === undefined) {
      throw new SpecError(
        `plugin ${file}: no default export; expected one that is an object with lists, such as export default { spectral: [myModel] }`,
      );
    }
    extended = extendRegistry(extended, loaded.default, `plugin ${file}`);
  }
  return extended;
}

async function load(url: string, file: string): Promise<{ readonly default?: RegistryAdditions }> {
  try {
    return await import(url);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SpecError(`plugin ${file}: it cannot be loaded: ${why}`);
  }
}
