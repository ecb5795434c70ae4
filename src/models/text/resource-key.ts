import type { ResourceKind } from "../types.js";

/** What the data of a file are called among those that texts name: one file may be read as data of several kinds. */
export const resourceKey = (kind: ResourceKind, file: string): string => `${kind} ${file}`;
