import { SpecError } from "../../errors.js";
import { type Analysis, encodeAnalysis, readAnalysis } from "../yaml/analysis.js";
import { LIKELY, NO } from "./sniff.js";
import type { FileFormat } from "./types.js";

/** The list; a configuration has a mapping under this key, and other keys beside it. */
const LIST = /^datasets *:(?:\s|#.*$)*[-[]/m;

export const datasetsYamlFormat: FileFormat<Analysis> = {
  name: "datasets-yaml",
  about: "datasets of an analysis (Gammapy YAML)",
  holds: ["datasets", "models"],
  isList: true,
  // the result of a fit has a list of this name too
  sniff: ({ keys, text = "" }) =>
    keys.has("datasets") && !keys.has("parameters") && (keys.size === 1 || LIST.test(text)) ? LIKELY : NO,
  read: (file, context) => readAnalysis(file, context.models, context.files, context),
  write(analysis, { name, format, ...options }) {
    const prefix = /^(.+)_datasets\.ya?ml$/.exec(name)?.[1];
    if (prefix === undefined) {
      throw new SpecError(`--out ${name}: the files of an analysis share a prefix; end the name in _datasets.yaml`);
    }
    return encodeAnalysis(analysis, { ...options, prefix, spectra: format, text: analysis.text });
  },
};
