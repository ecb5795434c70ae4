/** What stands in a YAML text, read piece by piece. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import { type ErrorCode, FormatError, GammatsError, nameHint } from "../../errors.js";
import { shortened, type YamlSource } from "./open.js";

/** One `key: value` of a mapping. */
export interface Field {
  readonly key: Scalar;
  readonly node: Node | null;
  readonly path: string;
}

export interface Fields {
  readonly node: Node;
  readonly path: string;
  readonly flow: boolean;
  readonly get: (key: string) => Field | undefined;
  readonly keys: readonly string[];
}

export function report(
  source: YamlSource,
  node: Node | null | undefined,
  path: string,
  what: string,
  code?: ErrorCode,
): void {
  const at = path === "" ? "" : ` ${path}`;
  source.problems.push(new FormatError({ code, where: `${source.where}:${source.lineOf(node)}${at}`, what }));
}

/** Notes what was thrown elsewhere, at this place of the file. */
export function reportError(source: YamlSource, node: Node | null | undefined, path: string, error: unknown): void {
  if (!(error instanceof GammatsError)) throw error;
  report(source, node, path, error.what ?? error.message, error.code);
}

/** Nobody reads more of them. */
const LISTED = 100;

/** Throws the one problem there is, or a FormatError with all of them. */
export function throwProblems(where: string, problems: readonly GammatsError[]): void {
  if (problems.length === 0) return;
  if (problems.length === 1) throw problems[0]!;
  const lines = problems.slice(0, LISTED).map(({ message }) => `  ${message}`);
  if (problems.length > LISTED) lines.push(`  and ${problems.length - LISTED} more`);
  throw new FormatError(`${where}: ${problems.length} problems\n${lines.join("\n")}`, {
    code: "several",
    where,
    problems,
  });
}

function resolved(source: YamlSource, node: unknown): Node | null {
  if (isAlias(node)) return source.targets.get(node) ?? null;
  return (node as Node | null) ?? null;
}

/** The fields of a mapping; keys outside `known` are problems (`known` absent: any key). */
export function readFields(
  source: YamlSource,
  node: Node | null,
  path: string,
  known?: readonly string[],
): Fields | undefined {
  if (!isMap(node)) {
    report(source, node, path, `found ${describe(node)}, expected a mapping (key: value)`);
    return undefined;
  }
  const entries = new Map<string, Field>();
  for (const { key: written, value } of node.items) {
    const key = resolved(source, written);
    if (!isScalar(key)) {
      report(source, written as Node, path, "found a key that is not a text");
      continue;
    }
    const name = String(key.value);
    const inner = path === "" ? name : `${path}.${name}`;
    entries.set(name, { key, node: resolved(source, value), path: inner });
    if (known !== undefined && !known.includes(name)) {
      report(source, key, path, `unknown key "${name}"${nameHint(name, known)}`, "unknown-name");
    }
  }
  return { node, path, flow: node.flow === true, get: (key) => entries.get(key), keys: [...entries.keys()] };
}

export function readItems(source: YamlSource, node: Node | null, path: string): Node[] {
  if (isSeq(node)) return node.items.map((item) => resolved(source, item)!);
  report(source, node, path, `found ${describe(node)}, expected a list`);
  return [];
}

export function readText(source: YamlSource, field: Field): string | undefined {
  const { node } = field;
  if (isScalar(node)) {
    if (node.value === null) return "";
    // Names such as 0525 or true: what is written counts, not what YAML makes of it.
    return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  }
  report(source, node ?? field.key, field.path, `found ${describe(node)}, expected a text`);
  return undefined;
}

/** A number; null and nothing are NaN. */
export function readNumber(source: YamlSource, field: Field): number | undefined {
  const { node } = field;
  if (node === null || (isScalar(node) && node.value === null)) return Number.NaN;
  if (isScalar(node) && typeof node.value === "number") {
    const octal = /^([-+]?)0([0-7]+)$/.exec(node.source ?? "");
    const [, sign, digits] = octal ?? [];
    if (digits === undefined || Number.parseInt(digits, 8) < 8) return node.value;
    const said = `found ${node.source}, which is ${sign}${Number.parseInt(digits, 8)} in YAML 1.1 (PyYAML) and ${node.value} in YAML 1.2`;
    report(source, node, field.path, `${said}; write it without the leading zero`);
    return undefined;
  }
  report(source, node, field.path, `found ${describe(node)}, expected a number such as 1.0e-12 or .nan`);
  return undefined;
}

export function readBoolean(source: YamlSource, field: Field): boolean | undefined {
  const { node } = field;
  if (isScalar(node) && typeof node.value === "boolean") return node.value;
  report(source, node ?? field.key, field.path, `found ${describe(node)}, expected true or false`);
  return undefined;
}

/** A text or a list of texts. */
export function readTexts(source: YamlSource, field: Field): string[] {
  const { node } = field;
  if (isScalar(node)) return [String(node.value)];
  return readItems(source, node, field.path).flatMap((item, i) => {
    const text = readText(source, { key: field.key, node: item, path: `${field.path}[${i}]` });
    return text === undefined ? [] : [text];
  });
}

/** Plain data, as JSON would have it. */
export function readPlain(source: YamlSource, node: unknown): unknown {
  const found = resolved(source, node);
  if (isSeq(found)) return found.items.map((item) => readPlain(source, item));
  if (!isMap(found)) return isScalar(found) ? found.value : null;
  const text = (key: unknown) =>
    typeof key === "string" ? key : typeof key === "object" ? JSON.stringify(key) : `${key}`;
  return Object.fromEntries(
    found.items.map(({ key, value }) => [text(readPlain(source, key)), readPlain(source, value)]),
  );
}

function describe(node: Node | null): string {
  if (isMap(node)) return "a mapping";
  if (isSeq(node)) return "a list";
  if (isScalar(node) && node.value !== null) return shortened(JSON.stringify(node.value));
  return "nothing";
}
