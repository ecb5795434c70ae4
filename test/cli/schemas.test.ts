import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commands } from "../../src/cli/declarations/index.js";
import { commandSchema, errorSchema, tableSchema } from "../../src/cli/schemas/index.js";
import { schemaAddress } from "../../src/io/json-schema.js";
import { styleKeys } from "../../src/plot/picture-style.js";
import { checkDocuments } from "./documents.js";
import { type Folder, gammats, hawc, spectra, temporaryFolder } from "./run.js";

/* Every command's document is held against its schema wherever a test runs one with --json (run.ts). */
const settings = { strict: true, strictRequired: false, strictTypes: false, formats: { "date-time": true } } as const;
const validator = async (name: string) => {
  const { json } = await gammats(["schema", name, "--json"]);
  return new Ajv2020({ ...settings, allErrors: true }).compile(json());
};
/** The problems of a YAML file. */
const problemsOf = async (name: string, text: string) => {
  const check = await validator(name);
  check(parse(text, { version: "1.1" }));
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe("schemas of what commands print", () => {
  it.each(commands.map((spec) => [spec.name, spec] as const))(
    "%s has one, and not a schema that takes anything",
    (_, spec) => {
      const check = new Ajv2020(settings).compile(commandSchema(spec));
      expect(check({})).toBe(false);
      expect(check({ surprise: 1 })).toBe(false);
    },
  );

  it("are held against documents: what is not in them is found", () => {
    const document = JSON.stringify({ jobs: 3, more: 1 });
    expect(() => checkDocuments(["worker", "--json"], { stdout: document, stderr: "" })).toThrow(/more/);
    const error = `${JSON.stringify({ error: { message: "no code" } })}\n`;
    expect(() => checkDocuments(["fit"], { stdout: "", stderr: error })).toThrow(/code/);
    expect(() => checkDocuments(["fit", "--format", "json"], { stdout: "{}", stderr: "" })).toThrow(/table/);
  });

  it.each([tableSchema(), errorSchema()])("compile: $title", (schema) => {
    expect(new Ajv2020(settings).compile(schema)({})).toBe(false);
  });

  it("are all written by --out, and listed where a name is unknown", async () => {
    const { stderr, status } = await gammats(["schema", "modls"]);
    expect(stderr).toMatch(/did you mean "models"/);
    expect(status).toBe(2);
  });
});

describe("schemas of files", () => {
  let folder: Folder;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const data = [`${spectra}/pha_obs23523.fits`, hawc];
    const { status } = await gammats([
      "fit",
      ...data,
      "--model",
      "lp",
      "--out",
      folder.path("fit"),
      "--minos",
      "alpha",
    ]);
    expect(status).toBe(0);
    expect((await gammats(["new", "--out", folder.path("new")])).status).toBe(0);
  });
  afterAll(() => folder.remove());

  it.each([
    ["fit/fit-result.yaml", "fit-result"],
    ["fit/models.yaml", "models"],
    ["fit/datasets.yaml", "datasets"],
    ["new/models.yaml", "models"],
    ["new/datasets.yaml", "datasets"],
  ])("%s names its schema, which takes it", async (name, schema) => {
    const text = readFileSync(folder.path(name), "utf8");
    expect(text).toContain(`# yaml-language-server: $schema=${schemaAddress(schema)}\n`);
    expect(await problemsOf(schema, text)).toEqual([]);
  });

  it.each([
    ["a word for a number", (text: string) => text.replace(/total_stat: .*/, "total_stat: low"), /total_stat must be/],
    ["a missing key", (text: string) => text.replace(/nfev: .*\n/, ""), /'nfev'/],
    ["an unknown key", (text: string) => `${text}more: 1\n`, /additional/],
    ["another schema", (text: string) => text.replace(/^schema: 1$/m, "schema: 2"), /schema must be/],
  ])("fit-result.yaml: %s is found", async (_, change, problem) => {
    const text = readFileSync(folder.path("fit/fit-result.yaml"), "utf8");
    expect((await problemsOf("fit-result", change(text))).join()).toMatch(problem);
  });

  it("the style file of the documentation is one, and every key is known", async () => {
    const page = readFileSync("docs/pictures.md", "utf8");
    const [, example] = /```yaml\n([\s\S]*?)```/.exec(page)!;
    expect(await problemsOf("style", example!)).toEqual([]);
    expect((await problemsOf("style", "size: 88cm\nlegend: left\nx_range: [1]\nnope: 1")).length).toBe(4);
    const { json } = await gammats(["schema", "style", "--json"]);
    expect(Object.keys(json().properties).length).toBe(styleKeys.length);
  });

  it("defaults of options", async () => {
    expect(await problemsOf("config", "workers: 4\nformat: tex\nstyle: paper.yaml\nbackend: minuit")).toEqual([]);
    expect((await problemsOf("config", "workers: 0\nformat: doc\nplugin: x.mjs")).length).toBe(3);
  });

  it("stand under the version of this package", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(schemaAddress("models")).toContain(`gammats@${version.split(".").slice(0, 2).join(".")}/`);
    expect(readdirSync("dist/schema")).toContain("models.schema.json");
  });
});
