import type { FileRegistry } from "../io/formats/types.js";
import { standardRegistry } from "../io/registry.js";
import { loadPlugins } from "./plugins.js";

/**
 * Loads modules whose default export is what they add to the registry, `{ spectral: [...], kinds: [...], formats: [...] }`, one after the other. `files`: paths
 * or file URLs. They are code and can do whatever the user can.
 * @throws SpecError where a module cannot be loaded or what it exports is no such lists.
 */
export async function readPlugins(
  files: readonly (string | URL)[],
  registry: FileRegistry = standardRegistry,
): Promise<FileRegistry> {
  return loadPlugins(files, registry);
}
