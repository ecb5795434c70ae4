/** What the commands print that write, check and list. */
import {
  about,
  anything,
  flag,
  type JsonSchema,
  list,
  number,
  numberOrNull,
  oneOf,
  shape,
  text,
  texts,
  whole,
} from "../../io/json-schema.js";
import { type DocumentKeys, fluxPoint, values } from "./parts.js";

export const plot: DocumentKeys = { always: { files: texts } };

export const newAnalysis: DocumentKeys = { always: { models: about("as --model has them", texts) } };

export const stack: DocumentKeys = {
  always: { name: text, type: text, stacked: about("names of the datasets", texts) },
  maybe: values("counts", "counts_off", "background", "livetime"),
};

export const simulate: DocumentKeys = {
  always: { seed: whole, datasets: list(shape({ name: text, type: text, counts: numberOrNull })) },
};

export const extract: DocumentKeys = {
  always: { datasets: list(shape({ name: text, type: text, ...values("counts", "background", "counts_off") })) },
};

export const simulateExample: DocumentKeys = { always: { example: text, seed: whole, files: texts } };

export const convert: DocumentKeys = { always: { from: texts, files: texts } };

export const rerun: DocumentKeys = {
  always: {
    same: about("every file has the same bits", flag),
    command: text,
    files: list(shape({ file: text, same: flag })),
    differences: list(
      shape({ file: text, where: text }, { before: anything, after: anything, difference: numberOrNull }),
    ),
  },
};

export const validate: DocumentKeys = { always: { files: texts, problems: texts, warnings: texts } };

const parameter = shape(
  { name: text, value: numberOrNull, about: text },
  {
    unit: text,
    min: numberOrNull,
    max: numberOrNull,
    frozen: flag,
    isNorm: flag,
    positive: about("it has to be above 0", flag),
    lowest: about("the lower limit of a fit, where none is given", number),
    period: about("values that differ by so much are the same", number),
    start: about("where a fit begins that has no other value", number),
  },
);

export const model: JsonSchema = shape(
  {
    kind: oneOf("spectral", "spatial", "temporal", "prior"),
    type: text,
    tag: text,
    about: text,
    keys: about("of the YAML, beside the parameters", list(shape({ key: text, about: text }))),
    parameters: list(parameter),
  },
  { latex: text, yaml: about("how a models.yaml has it", text) },
);

/** A spectrum with a name: a text that --model takes. */
export const preset: JsonSchema = shape(
  { kind: oneOf("text"), type: text, tag: text, about: text, text: about("as --model takes it", text) },
  { yaml: text },
);

const degrees = about("deg", number);

export const catalog: DocumentKeys = {
  always: {
    catalogue: about("name of the catalogue", text),
    sources: list(
      shape(
        {
          name: text,
          aliases: texts,
          ra: degrees,
          dec: degrees,
          glon: degrees,
          glat: degrees,
          spectral: about("types of its models", texts),
          spatial: texts,
          n_models: whole,
        },
        {
          separation: degrees,
          position_error: shape({ semiMajor: degrees, semiMinor: degrees, angle: degrees, containment: number }),
        },
      ),
    ),
    files: texts,
  },
  maybe: { flux_points: list(fluxPoint) },
};

export const schemas: DocumentKeys = { always: { files: texts } };

export const download: DocumentKeys = {
  always: {
    url: text,
    licence: text,
    folder: text,
    files: list(shape({ path: text, state: oneOf("fetched", "present") })),
  },
};

export const downloadList: DocumentKeys = {
  always: { url: text, licence: text, files: list(shape({ path: text, size: whole, sha256: text })) },
};

export const page: DocumentKeys = { always: { file: text } };
export const pageServed: DocumentKeys = { always: { url: text } };
export const worker: DocumentKeys = { always: { jobs: number } };
export const completion: DocumentKeys = { always: { shell: oneOf("bash", "zsh", "fish"), script: text } };

export const doctor: DocumentKeys = {
  always: {
    success: flag,
    checks: list(shape({ check: text, state: oneOf("ok", "absent", "problem"), found: text })),
  },
};
