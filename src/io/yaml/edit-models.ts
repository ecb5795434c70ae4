import type { Node } from "yaml";
import { allParameters, submodelsOf } from "../../models/parameters.js";
import type { ModelPart, Models, Parameter } from "../../models/types.js";
import { yamlFloat } from "./numbers.js";
import { quotedText } from "./plain-text.js";
import type { ParsedModels } from "./read-models.js";
import type { Field, Fields } from "./source.js";
import { same } from "./write-models.js";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What an edit in place can change; all else of a parameter belongs to the structure. */
const editable = ["value", "error", "min", "max", "frozen"] as const;

/**
 * The text with values, errors, limits and frozen flags of the models put in, without a checksum, and every other byte as it was; undefined if the models
 * differ from the text in more than that, so that it must be written anew.
 */
export function editModels(parsed: ParsedModels, models: Models, covarianceFile?: string): string | undefined {
  const { reading, root } = parsed;
  const { text } = reading.source;
  if (reading.legacy || parsed.problems.length > 0 || root === undefined || root.flow) return undefined;
  if (structure(parsed.models) !== structure(models)) return undefined;
  const before = allParameters(parsed.models);
  const edits: Edit[] = [];
  for (const [i, { component, kind, name, parameter }] of allParameters(models).entries()) {
    const old = before[i]!.parameter;
    const changed = editable.filter((key) => !sameField(old[key], parameter[key]));
    if (changed.length === 0) continue;
    const fields = reading.places.get(`${component}.${kind}.${name}`);
    if (fields === undefined) return undefined;
    for (const key of changed) edits.push(setField(text, fields, key, scalarText(parameter[key])));
  }
  const covariance = root.get("covariance");
  if (covarianceFile !== parsed.covarianceFile) {
    edits.push(
      covariance === undefined ? append(text, covarianceFile!) : covarianceEdit(text, covariance, covarianceFile),
    );
  }
  // it is of the text as it was
  const checksum = root.get("checksum");
  if (checksum !== undefined && edits.length > 0) edits.push(removeLine(text, checksum));
  // Later places first; of insertions at one place, the last one first, so that they stand in the order of `editable`.
  return edits
    .map((edit, order) => ({ ...edit, order }))
    .sort((a, b) => b.start - a.start || b.order - a.order)
    .reduce((result, { start, end, text: piece }) => result.slice(0, start) + piece + result.slice(end), text);
}

const sameField = (a: number | boolean, b: number | boolean) =>
  typeof a === "number" && typeof b === "number" ? same(a, b) : a === b;

const scalarText = (x: number | boolean) => (typeof x === "number" ? yamlFloat(x) : String(x));

/** All of the models but what can be edited, as one text. */
function structure(models: Models): string {
  const fixed = (parameters: readonly Parameter[]) =>
    parameters.map(({ value, error, min, max, frozen, ...rest }) => sorted(rest));
  return JSON.stringify([
    models.penalties,
    models.calibration?.map((c) => [c.name, c.datasetsNames, fixed(c.parameters)]),
    models.components.map((model) => [
      model.type,
      model.name,
      model.datasetsNames,
      "applyIrf" in model ? model.applyIrf : undefined,
      "extra" in model ? model.extra : undefined,
      submodelsOf(model).map(({ kind, submodel: { type, frame, extra, parts, parameters } }) => [
        kind,
        type,
        frame,
        extra,
        partsWithoutData(parts),
        fixed(parameters),
      ]),
    ]),
  ]);
}

/** The parts of a model without what their files hold. */
const partsWithoutData = (parts: Readonly<Record<string, ModelPart>> = {}): unknown =>
  Object.entries(parts).map(([key, { type, frame, extra, names, parts: inner }]) => [
    key,
    type,
    frame,
    extra,
    names,
    partsWithoutData(inner),
  ]);

/** Keys in alphabetical order, undefined left out. */
const sorted = (x: object) =>
  Object.entries(x)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));

function setField(text: string, fields: Fields, key: string, value: string): Edit {
  const field = fields.get(key);
  if (field !== undefined) return replace(text, field, value);
  // After the value or, where that is left to its default, after the name.
  const anchor = fields.get("value") ?? fields.get("name")!;
  if (fields.flow) {
    const end = (anchor.node ?? anchor.key).range![1];
    return { start: end, end, text: `, ${key}: ${value}` };
  }
  const start = anchor.key.range![0];
  const indent = " ".repeat(start - (text.lastIndexOf("\n", start - 1) + 1));
  return insertLine(text, (anchor.node ?? anchor.key).range![1], `${indent}${key}: ${value}`);
}

function replace(text: string, field: Field, value: string): Edit {
  const range = (field.node as Node | null)?.range;
  if (range && range[1] > range[0]) return { start: range[0], end: range[1], text: value };
  // "key:" without a value
  const colon = text.indexOf(":", field.key.range![1]) + 1;
  return { start: colon, end: colon, text: ` ${value}` };
}

/** A new line after the one that holds `position`. */
function insertLine(text: string, position: number, line: string): Edit {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const found = text.indexOf("\n", position);
  if (found < 0) return { start: text.length, end: text.length, text: `${newline}${line}` };
  return { start: found + 1, end: found + 1, text: `${line}${newline}` };
}

function append(text: string, covarianceFile: string): Edit {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text.endsWith("\n") ? "" : newline;
  return {
    start: text.length,
    end: text.length,
    text: `${gap}covariance: ${quotedText(covarianceFile)}${newline}`,
  };
}

function covarianceEdit(text: string, field: Field, covarianceFile: string | undefined): Edit {
  if (covarianceFile !== undefined) return replace(text, field, quotedText(covarianceFile));
  return removeLine(text, field);
}

function removeLine(text: string, field: Field): Edit {
  const start = field.key.range![0];
  const end = text.indexOf("\n", start);
  return { start, end: end < 0 ? text.length : end + 1, text: "" };
}
