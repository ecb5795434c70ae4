/** YAML text with the line of every value, and problems collected instead of thrown one by one. */
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import { didYouMean, FormatError } from "../../errors.js";

export interface Problem {
  readonly severity: "error" | "warning";
  /** Where, what was found, what was expected, what to do. */
  readonly message: string;
}

export interface YamlSource {
  readonly path: string;
  readonly doc: Document;
  /** "file.yaml:12" of a value. */
  at(node: unknown): string;
}

export function parseYaml(text: string, path: string): YamlSource {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const error = doc.errors[0];
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    throw new FormatError(`${path}:${line}: not YAML: ${error.message.split("\n")[0]}; correct the line`);
  }
  const at = (node: unknown) => {
    const range = (node as Node | undefined)?.range;
    return range ? `${path}:${lines.linePos(range[0]).line}` : path;
  };
  return { path, doc, at };
}

/** Reports keys of a map that are not in `known`. */
export function checkKeys(
  source: YamlSource,
  map: YAMLMap,
  known: readonly string[],
  what: string,
  problems: Problem[],
): void {
  for (const { key } of map.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    if (known.includes(name)) continue;
    problems.push({
      severity: "error",
      message: `${source.at(key)} ${what}: unknown key "${name}"${didYouMean(name, known)}; expected ${known.join(", ")}`,
    });
  }
}

/** A text (or number) value of a map; undefined if the key is missing. */
export function textValue(source: YamlSource, map: YAMLMap, key: string, what: string): string | undefined {
  const node = map.get(key, true);
  if (node === undefined || (isScalar(node) && node.value === null)) return undefined;
  if (isScalar(node) && (typeof node.value === "string" || typeof node.value === "number")) return String(node.value);
  throw new FormatError(`${source.at(node)} ${what}: "${key}" is not a text, expected ${key}: <text>`);
}

/** A list of maps under `key` of the document. */
export function listOfMaps(source: YamlSource, key: string): YAMLMap[] {
  const root = source.doc.contents;
  const node = isMap(root) ? root.get(key, true) : undefined;
  if (!isSeq(node)) {
    throw new FormatError(`${source.at(root)}: no list "${key}", expected "${key}:" and a list below it`);
  }
  const bad = node.items.find((item) => !isMap(item));
  if (bad !== undefined) {
    throw new FormatError(
      `${source.at(bad)}: an item of "${key}" is not a map of keys and values; check its indentation`,
    );
  }
  return node.items as YAMLMap[];
}
