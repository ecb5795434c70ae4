import type { Models } from "../../models/types.js";
import { readCovariance } from "../yaml/covariance.js";
import { resolvePath } from "../yaml/datasets.js";
import { readModelsWithFiles } from "../yaml/model-files.js";
import { writeModels } from "../yaml/models.js";
import { openFile, textOf } from "./open.js";
import { LIKELY, NO } from "./sniff.js";
import type { Contents, FileFormat } from "./types.js";

interface ModelsContents extends Contents {
  readonly models: Models;
  readonly text: { readonly models: string };
  readonly covarianceFile?: string;
}

export const modelsYamlFormat: FileFormat<ModelsContents> = {
  name: "models-yaml",
  about: "models (Gammapy YAML)",
  holds: ["models"],
  sniff: ({ keys }) => (keys.has("components") ? LIKELY : NO),
  async read(file, { files, registry }) {
    const text = textOf(file, 'a models.yaml (list "components")');
    return { ...(await readModelsWithFiles(text, file.path, files, registry)), text: { models: text } };
  },
  async drawing({ models, covarianceFile }, { path }, { files }) {
    if (covarianceFile === undefined) return { models };
    const file = await openFile(await resolvePath(covarianceFile, path, files, `${path}: covariance`), files);
    const covariance = readCovariance(textOf(file, "a covariance of models"), models, file.path);
    return { models: { ...models, covariance } };
  },
  isText: true,
  write({ models, covarianceFile, text }, { name, registry }) {
    const written = writeModels(models, { covarianceFile, original: text.models, registry });
    return new Map([[name, new TextEncoder().encode(written)]]);
  },
};
