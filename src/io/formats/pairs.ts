/** A datasets.yaml is read with the models.yaml that is given beside it. */
import { isOfModels } from "./recognise.js";
import type { KnownFile } from "./types.js";

export interface GivenFile {
  readonly file: KnownFile;
  /** What it is read with. */
  readonly models?: KnownFile;
}

/** Of files given together: the list of datasets with its models, where there is one of each; the others as they are. */
export function pairsOf(given: readonly KnownFile[]): GivenFile[] {
  const lists = given.filter(({ format }) => format.isList);
  const models = given.filter(({ format }) => isOfModels(format));
  if (lists.length !== 1 || models.length !== 1) return given.map((file) => ({ file }));
  return given.flatMap((file) =>
    file === models[0] ? [] : [{ file, ...(file === lists[0] && { models: models[0]! }) }],
  );
}
