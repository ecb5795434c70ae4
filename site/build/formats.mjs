/** Pages of the keys of datasets.yaml and models.yaml, from the schemas of the package. */
import { readFile } from "node:fs/promises";
import { fieldsTable } from "./tables.mjs";

/** What the keys mean. A key of a schema that is not here is an error of the build. */
const MEANINGS = {
  apply_irf: "`exposure`, `psf`, `edisp`: whether the instrument changes the model; all are true unless said",
  background: "name of a background model of the old form (Gammapy 0.17)",
  checksum: "of the text, as Gammapy writes it",
  components: "the models: sources and backgrounds",
  covariance: "file of the covariance of all parameters",
  calibration: "systematics of instruments: see [what models.yaml can say](../docs/models-yaml.md)",
  datasets: "the datasets, a file each",
  datasets_names: "names of the datasets that it belongs to; without it, all",
  error: "standard deviation that a fit found",
  expressions: "parameters that are formulas of others",
  factor: "old form of the value: value = factor x scale",
  filename: "file of the data; the path begins at the folder of the YAML, `$NAME` is an environment variable",
  frozen: "held in fits",
  id: "as older files have it; not used",
  interp: "kept for Gammapy, not used",
  is_norm: "kept for Gammapy, not used",
  likelihood: "statistic, as files of Gammapy 0.17 have it",
  link: "parameters with the same word are one parameter",
  max: "upper limit; `.nan`: none",
  mean: "measured values of the parameters",
  metadata: "anything; kept",
  min: "lower limit; `.nan`: none",
  models: "names of the models of the dataset, as files of Gammapy 0.17 have it",
  name: "name; that of a parameter is one of its model",
  parameters: "parameters, each with a name",
  penalties: "measurements of several parameters: see [what models.yaml can say](../docs/models-yaml.md)",
  prior: "what is known of it before the fit: see [All models](../models/index.md)",
  scale: "old form of the value",
  scale_method: "kept for Gammapy, not used",
  scale_transform: "kept for Gammapy, not used",
  spatial: "shape on the sky: see [All models](../models/index.md)",
  spectral: "spectrum: see [All models](../models/index.md)",
  temporal: "change with time: see [All models](../models/index.md)",
  type: "which one",
  unit: "unit of value, error and limits",
  value: "value; a fit begins there",
  weight: "factor on the term in -2 ln L",
};

const typeOf = (schema) => {
  if (schema.enum !== undefined) return schema.enum.map((name) => `\`${name}\``).join(", ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.$ref !== undefined) return `${schema.$ref.split("/").at(-1)} model`;
  if (schema.type === "array") return `list of ${schema.items === undefined ? "anything" : typeOf(schema.items)}`;
  if (schema.type === undefined) return "anything";
  return [schema.type].flat().join(" or ");
};

function keysTable(schema, place) {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties).map(([key, inner]) => {
    if (MEANINGS[key] === undefined)
      throw new Error(`${place}: site/build/formats.mjs does not say what "${key}" means`);
    return [`\`${key}\``, typeOf(inner), required.has(key) ? "yes" : "", MEANINGS[key]];
  });
  return fieldsTable(["key", "what stands there", "needed", "meaning"], rows);
}

const schemaOf = async (name) => JSON.parse(await readFile(`dist/schema/${name}.schema.json`, "utf8"));

const HEAD =
  "This page is made from the schema that checks such files in editors (`gammats schema`). A key that is not here is an error with file and line.";

function datasetsPage(schema) {
  return `# Keys of datasets.yaml

${HEAD}

## The file

${keysTable(schema, "datasets.yaml")}

## Each dataset

${keysTable(schema.properties.datasets.items, "datasets[]")}
`;
}

function modelsPage(schema) {
  const { components, calibration, penalties } = schema.properties;
  const variants = components.items.allOf.map(({ if: condition, then }) => {
    const names = condition.properties.type.enum;
    return `### ${names[0]}\n\n${keysTable(then, names[0])}`;
  });
  const background = components.items.allOf.find(({ then }) => then.properties.parameters !== undefined);
  return `# Keys of models.yaml

${HEAD}

## The file

${keysTable(schema, "models.yaml")}

## Each component

${variants.join("\n\n")}

## Each parameter

${keysTable(background.then.properties.parameters.items, "parameters[]")}

## Each calibration

${keysTable(calibration.items, "calibration[]")}

## Each penalty

${keysTable(penalties.items, "penalties[]")}
`;
}

/** Texts of the pages by name. */
export async function formatPages() {
  const [datasets, models] = await Promise.all(["datasets", "models"].map(schemaOf));
  return new Map([
    ["formats/datasets-yaml", datasetsPage(datasets)],
    ["formats/models-yaml", modelsPage(models)],
  ]);
}
