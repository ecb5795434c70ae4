/** A datasets.yaml is read with the models.yaml that is given beside it. */
import type { KnownFile } from "./types.js";

export interface GivenFile {
  readonly file: KnownFile;
  /** What it is read with. */
  readonly models?: KnownFile;
}

/** A models.yaml, or any other file of models without data. */
export const isModelsFile = ({ format: { holds, isList } }: KnownFile): boolean => holds.includes("models") && !isList;

/** Of files given together: the list of datasets with its models, where there is one of each; the others as they are. */
export function pairsOf(given: readonly KnownFile[]): GivenFile[] {
  const lists = given.filter(({ format }) => format.isList);
  const models = given.filter(isModelsFile);
  if (lists.length !== 1 || models.length !== 1) return given.map((file) => ({ file }));
  return given.flatMap((file) =>
    file === models[0] ? [] : [{ file, ...(file === lists[0] && { models: models[0]! }) }],
  );
}
