import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeModels } from "../../../src/api/io.js";
import { createSubmodel } from "../../../src/api/models.js";
import { datasetsSchema, modelsSchema } from "../../../src/api/schema.js";
import { skyModel } from "../../../src/models/create.js";
import { standardModels } from "../../../src/models/registry.js";

const ajv = new Ajv2020({ strict: true, allErrors: true, strictRequired: false, strictTypes: false });
const check = { models: ajv.compile(modelsSchema()), datasets: ajv.compile(datasetsSchema()) };
/** What is wrong: place and word. */
const problems = (which: "models" | "datasets", text: string) => {
  check[which](parse(text, { version: "1.1", uniqueKeys: false }));
  return (check[which].errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

const yamlFiles = readdirSync("examples/crab", { recursive: true, encoding: "utf8" }).filter((f) =>
  f.endsWith(".yaml"),
);

describe("the JSON Schemas", () => {
  it.each(yamlFiles)("take %s", (file) => {
    const text = readFileSync(`examples/crab/${file}`, "utf8");
    expect(problems(file.endsWith("_models.yaml") ? "models" : "datasets", text)).toEqual([]);
  });

  const written = [
    ...standardModels.spectral.flatMap((d) =>
      d.resources || d.parts || d.bind ? [] : [["spectral", d.type] as const],
    ),
    ...standardModels.spatial.flatMap((d) => (d.resources || d.bind ? [] : [["spatial", d.type] as const])),
    ...standardModels.temporal.flatMap((d) => (d.resources || d.bind ? [] : [["temporal", d.type] as const])),
  ];
  it.each(written)("take what is written of a %s %s", (kind, type) => {
    const own = { spectral: createSubmodel("pl"), [kind]: createSubmodel(type) };
    expect(problems("models", writeModels({ components: [skyModel({ name: "a", ...own })] }))).toEqual([]);
  });

  it("take names that YAML reads as numbers, as the reader does", () => {
    expect(problems("models", "components: [{name: 1959, type: SkyModel, spectral: {type: pl}}]")).toEqual([]);
  });

  const source = (spectral: string, more = "") =>
    `components:\n- {name: a, type: SkyModel, spectral: ${spectral}${more}}`;
  it.each([
    ["a wrong type", source("{type: PowerLaw}"), /spectral\/type must be equal to one of/],
    ["a misspelt key", source("{type: pl}", ", spatail: {type: point}"), /components\/0 must NOT have additional/],
    [
      "a parameter of another model",
      source("{type: pl, parameters: [{name: alpha, value: 2}]}"),
      /parameters\/0\/name/,
    ],
    [
      "a parameter without a name",
      source("{type: pl, parameters: [{value: 2}]}"),
      /must have required property 'name'/,
    ],
    ["a text for a number", source("{type: pl, parameters: [{name: index, value: two}]}"), /value must be number/],
    [
      "a wrong part of a compound",
      source("{type: compound, model1: {type: pl}, model2: {type: x}, operator: add}"),
      /model2\/type/,
    ],
    ["a wrong frame", source("{type: pl}", ", spatial: {type: point, frame: fk6}"), /frame must be equal/],
    ["an unknown prior", source("{type: pl, parameters: [{name: index, value: 2, prior: {type: no}}]}"), /prior\/type/],
  ])("refuse %s", (_, text, problem) => {
    expect(problems("models", text).join("\n")).toMatch(problem);
  });

  it("refuse datasets of unknown types", () => {
    expect(problems("datasets", "datasets:\n- {name: a, type: MapDatset, filename: a.fits}").join()).toMatch(
      /type must be/,
    );
    expect(problems("datasets", "datasets:\n- {name: a, type: MapDataset}").join()).toMatch(/filename/);
  });
});
