import type { ModelRegistry } from "../../models/declaration.js";
import type { ResourceKind, Resources } from "../../models/types.js";
import type { YamlSource } from "./open.js";
import type { Fields } from "./source.js";

/** Data by kind and by the name of their file, as the YAML has it. */
export type ResourceFiles = { readonly [K in ResourceKind]?: Readonly<Record<string, Resources[K]>> };

/** A file of models being read, and where each of its parameters stands. */
export interface ModelsReading {
  readonly source: YamlSource;
  readonly registry: ModelRegistry;
  readonly resources: ResourceFiles;
  /** `<component>.<kind>.<parameter>` -> the parameter's fields. */
  readonly places: Map<string, Fields>;
  /** Set where the text is of an older form, so that it cannot be edited in place. */
  legacy: boolean;
}
