import type { Models } from "../../models/types.js";
import { withCovarianceFile } from "../yaml/covariance-file.js";
import { readableModels, readModelsWithFiles } from "../yaml/model-files.js";
import { writeModels } from "../yaml/models.js";
import { placeResources } from "../yaml/place-resources.js";
import { isFoundAnywhere } from "../yaml/write-models.js";
import { textOf } from "./open.js";
import { LIKELY, NO } from "./sniff.js";
import type { Contents, FileContext, FileFormat, OpenedFile } from "./types.js";

interface ModelsContents extends Contents {
  readonly models: Models;
  readonly text: { readonly models: string };
  readonly covarianceFile?: string;
}

async function read(file: OpenedFile, { files, registry }: FileContext): Promise<ModelsContents> {
  const text = textOf(file, 'a models.yaml (list "components")');
  return { ...(await readModelsWithFiles(text, file.path, files, registry)), text: { models: text } };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const modelsYamlFormat: FileFormat<ModelsContents> = {
  name: "models-yaml",
  about: "models (Gammapy YAML)",
  holds: ["models"],
  sniff: ({ keys }) => (keys.has("components") ? LIKELY : NO),
  read,
  readable: async ({ path, text = "" }, { files, registry }) => ({
    models: await readableModels(text, path, files, registry),
  }),
  async check(file, context) {
    const contents = await read(file, context);
    const warnings: string[] = [...(contents.warnings ?? [])];
    await withCovarianceFile(contents.models, contents.covarianceFile, file.path, context.files, (note) => {
      warnings.push(note);
    });
    return { problems: [], warnings, contents };
  },
  drawing: async ({ models, covarianceFile }, { path }, { files, onNote }) => ({
    models: await withCovarianceFile(models, covarianceFile, path, files, onNote),
  }),
  isText: true,
  write({ models, covarianceFile, text }, { name, registry, moved, onNote }) {
    const original = text.models;
    if (moved !== true) return new Map([[name, bytesOf(writeModels(models, { covarianceFile, original, registry }))]]);
    // what has no place of its own goes along
    const isLeft = covarianceFile !== undefined && !isFoundAnywhere(covarianceFile);
    if (isLeft) {
      onNote?.(
        `${name}: without the covariance, as "${covarianceFile}" is in another folder; gammats fit --out writes both`,
      );
    }
    const { yaml, files } = placeResources(models, { registry, original, ...(!isLeft && { covarianceFile }) });
    return new Map([...files, [name, bytesOf(yaml)]]);
  },
};
