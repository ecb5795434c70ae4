/** Reads `fit-result.yaml` back, every problem with its line. */
import type { Node } from "yaml";
import { FormatError, UnsupportedError } from "../errors.js";
import { FIT_RESULT_FORMAT, FIT_RESULT_SCHEMA } from "./fit-result.js";
import { DATASET, type FitResultKeys, PARAMETER, PARAMETER_MAYBE, TOP } from "./fit-result-keys.js";
import { openBytes, textOf } from "./formats/open.js";
import { checkedProvenance } from "./provenance/read.js";
import type { Provenance } from "./provenance/types.js";
import type { FitReport } from "./types.js";
import { openYaml, type YamlSource } from "./yaml/open.js";
import {
  type Fields,
  readBoolean,
  readFields,
  readItems,
  readNumber,
  readPlain,
  readText,
  report,
  throwProblems,
} from "./yaml/source.js";

/** What is in a `fit-result.yaml`. */
export interface FitResultFile {
  readonly report: FitReport;
  /** Version of GammaTS that wrote the file, if it says so. */
  readonly version?: string;
  /** What it was made from, in files of `gammats fit`. */
  readonly provenance?: Provenance;
}

const HEAD = ["format", "schema", "gammats"];

/**
 * Reads a `fit-result.yaml`; `where` is its name for messages.
 * @throws FormatError where it is damaged or not one.
 * @throws UnsupportedError where a later version of GammaTS wrote it.
 */
export function readFitResult(bytes: Uint8Array, where = "fit-result.yaml"): FitResultFile {
  const source = openYaml(textOf(openBytes(bytes, where), "a fit result (YAML) that GammaTS wrote"), where);
  throwProblems(where, source.problems);
  const root = source.document.contents as Node | null;
  const known = [...HEAD, ...Object.keys(TOP), "warnings", "datasets", "parameters", "covariance", "provenance"];
  const fields = readFields(source, root, "", known);
  const field = (key: string) => fields?.get(key);
  const format = field("format");
  if (format === undefined || readText(source, format) !== FIT_RESULT_FORMAT) {
    throw new FormatError(
      `${where}:1: found no "format: ${FIT_RESULT_FORMAT}", expected a fit result that GammaTS wrote; give that file`,
    );
  }
  const schema = field("schema");
  const number = schema === undefined ? undefined : readNumber(source, schema);
  if (number !== undefined && number > FIT_RESULT_SCHEMA) {
    throw new UnsupportedError(
      `${where}: written in schema ${number}, this version of GammaTS reads up to ${FIT_RESULT_SCHEMA}; update GammaTS`,
    );
  }
  if (number !== FIT_RESULT_SCHEMA) report(source, root, "schema", `found ${number}, expected ${FIT_RESULT_SCHEMA}`);
  const read = reader(source);
  const list = (key: string) => {
    const items = field(key);
    if (items !== undefined) return readItems(source, items.node, key);
    report(source, root, "", `the key "${key}" is missing`);
    return [];
  };
  const top = read(fields, TOP);
  const datasets = list("datasets").map((node, i) =>
    read(readFields(source, node, `datasets[${i}]`, Object.keys(DATASET)), DATASET),
  );
  const parameters = list("parameters").map((node, i) => {
    const known = { ...PARAMETER, ...PARAMETER_MAYBE };
    const inner = readFields(source, node, `parameters[${i}]`, Object.keys(known));
    const given = Object.entries(known).filter(([key]) => key in PARAMETER || inner?.get(key) !== undefined);
    return read(inner, Object.fromEntries(given));
  });
  const said = field("warnings");
  const warnings =
    said === undefined ? [] : readItems(source, said.node, "warnings").map((node) => readPlain(source, node));
  const covariance = readMatrix(source, fields, parameters);
  throwProblems(where, source.problems);
  const version = field("gammats");
  const provenance = field("provenance");
  return {
    report: {
      ...top,
      ...(warnings.length > 0 && { warnings: warnings.map(String) }),
      datasets,
      parameters,
      covariance,
    } as unknown as FitReport,
    ...(version && { version: readText(source, version)! }),
    ...(provenance && { provenance: checkedProvenance(readPlain(source, provenance.node), where) }),
  };
}

type Values = Record<string, string | number | boolean | null>;

/** Takes the keys of a mapping, each by what it holds. */
function reader(source: YamlSource): (fields: Fields | undefined, keys: FitResultKeys) => Values {
  return (fields, keys) => {
    if (fields === undefined) return {};
    return Object.fromEntries(
      Object.entries(keys).map(([key, [holds]]) => {
        const field = fields.get(key);
        if (field === undefined) {
          report(source, fields.node, fields.path, `the key "${key}" is missing`);
          return [key, null];
        }
        if (holds === "text") return [key, readText(source, field) ?? null];
        if (holds === "flag") return [key, readBoolean(source, field) ?? null];
        const value = readNumber(source, field);
        return [key, value === undefined || Number.isNaN(value) ? null : value];
      }),
    );
  };
}

/** Rows and columns by name: square, symmetric in its names, and of parameters that the file lists. */
function readMatrix(source: YamlSource, fields: Fields | undefined, parameters: readonly Values[]) {
  const field = fields?.get("covariance");
  if (field === undefined) {
    if (fields !== undefined) report(source, fields.node, "", 'the key "covariance" is missing');
    return {};
  }
  const rows = readFields(source, field.node, "covariance");
  const out = new Map<string, Record<string, number | null>>();
  for (const name of rows?.keys ?? []) {
    const row = rows!.get(name)!;
    const own = parameters.some(
      (p) => name === `${p.model}.${p.name}` || (name.startsWith(`${p.model}.`) && name.endsWith(`.${p.name}`)),
    );
    if (!own) report(source, row.key, "covariance", `"${name}" is no parameter of this file`);
    const cells = readFields(source, row.node, row.path, rows!.keys);
    const missing = rows!.keys.filter((other) => cells !== undefined && cells.get(other) === undefined);
    for (const other of missing) report(source, row.key, row.path, `the column "${other}" is missing`);
    const values = (cells?.keys ?? []).map((other): [string, number | null] => {
      const value = readNumber(source, cells!.get(other)!);
      return [other, value === undefined || Number.isNaN(value) ? null : value];
    });
    out.set(name, Object.fromEntries(values));
  }
  return Object.fromEntries(out);
}
