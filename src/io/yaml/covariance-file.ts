/** The covariance file that a models.yaml names. */
import { hasCode } from "../../errors.js";
import type { Models } from "../../models/types.js";
import type { FileAccess } from "../files.js";
import { openFile, textOf } from "../formats/open.js";
import { readCovariance } from "./covariance.js";
import { resolvePath } from "./datasets.js";

/** The models of the file `path` with the covariance that it names. One that is not there is said: nothing but errors of models before a fit needs it. */
export async function withCovarianceFile(
  models: Models,
  name: string | undefined,
  path: string,
  files: FileAccess,
  onNote: ((note: string) => void) | undefined,
): Promise<Models> {
  if (name === undefined) return models;
  try {
    const file = await openFile(await resolvePath(name, path, files, `${path}: covariance`), files);
    const covariance = readCovariance(textOf(file, "a covariance of models"), models, file.path);
    const bad = covariance.matrix.findIndex((x) => !Number.isFinite(x));
    if (bad < 0) return { ...models, covariance };
    const parameter = covariance.names[Math.floor(bad / covariance.names.length)];
    onNote?.(`${file.path}: the covariance of ${parameter} is not finite; the models are read without it`);
    return models;
  } catch (error) {
    if (!hasCode(error, "missing-file")) throw error;
    onNote?.(`${error.message}; the models are read without it`);
    return models;
  }
}
