/** The checksum of a YAML file as Gammapy verifies it: not of the text, but of what PyYAML would write of the data in it. */
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import { md5 } from "./md5.js";
import { openYaml } from "./open.js";
import { type Place, plainScalar, textScalar } from "./pyyaml-scalar.js";

/** Gammapy's layout: `yaml.dump(data, sort_keys=False, indent=4, width=80, default_flow_style=False)`. */
const INDENT = 4;
/** Longer keys are laid out in another way. */
const LONGEST_KEY = 100;

/**
 * The text with a last line `checksum`; as it is where it has one, where there is no place for a line of its own, or where it holds something whose layout in
 * Python is not known here (aliases, times, texts of several lines).
 */
export function withChecksum(text: string): string {
  if (/^(checksum *:|\.\.\.)/m.test(text)) return text;
  const sum = gammapyChecksum(text);
  if (sum === undefined) return text;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  // only digits would be a number
  const value = plainScalar(sum)?.isText === true ? sum : `'${sum}'`;
  return `${text}${text.endsWith("\n") ? "" : newline}checksum: ${value}${newline}`;
}

/** What the key `checksum` of this text has to say. */
export function gammapyChecksum(text: string): string | undefined {
  const { document, problems, targets } = openYaml(text, "");
  const root = document.contents;
  if (problems.length > 0 || targets.size > 0 || !isMap(root) || root.flow || isIndented(text, root)) return undefined;
  const rest = root.items.filter(({ key }) => !(isScalar(key) && key.value === "checksum"));
  const lines = rest.length === 0 ? undefined : mapping(rest, 0);
  return lines === undefined ? undefined : md5(`${lines.join("\n")}\n`);
}

/** Whether the keys of the whole stand further to the right. */
const isIndented = (text: string, root: YAMLMap): boolean => !/(^|\n)$/.test(text.slice(0, root.range?.[0] ?? 0));

type Lines = readonly string[] | undefined;
type Pairs = readonly { readonly key: unknown; readonly value: unknown }[];

/** The lines of a mapping that begins at this column, of all of them without the blanks before the first. */
function mapping(pairs: Pairs, indent: number): Lines {
  return joined(
    pairs.map(({ key, value }, i) => {
      const name = scalar(key, { column: indent, indent, isKey: true });
      if (name === undefined || name.length > LONGEST_KEY || name === "''") return undefined;
      const start = `${i === 0 ? "" : " ".repeat(indent)}${name}:`;
      const place = { column: indent + name.length + 2, indent: indent + INDENT, isKey: false };
      if (isMap(value) && value.items.length > 0) {
        return below(start, mapping(value.items, indent + INDENT), indent + INDENT);
      }
      // lists stand as deep as the key
      if (isSeq(value) && value.items.length > 0) return below(start, list(value.items, indent), indent);
      return behind(start, value, place);
    }),
  );
}

function list(items: readonly unknown[], indent: number): Lines {
  return joined(
    items.map((item, i) => {
      const start = `${i === 0 ? "" : " ".repeat(indent)}-`;
      const inner = isMap(item)
        ? mapping(item.items, indent + INDENT)
        : isSeq(item)
          ? list(item.items, indent + INDENT)
          : undefined;
      if ((isMap(item) || isSeq(item)) && item.items.length > 0) {
        return inner && [`${start.padEnd(start.length + INDENT - 1)}${inner[0]}`, ...inner.slice(1)];
      }
      return behind(start, item, { column: indent + 2, indent: indent + INDENT, isKey: false });
    }),
  );
}

const below = (start: string, lines: Lines, indent: number): Lines =>
  lines && [start, `${" ".repeat(indent)}${lines[0]}`, ...lines.slice(1)];

function behind(start: string, value: unknown, place: Place): Lines {
  const text = isMap(value) ? "{}" : isSeq(value) ? "[]" : scalar(value, place);
  return text === undefined ? undefined : `${start} ${text}`.split("\n");
}

function joined(parts: readonly Lines[]): Lines {
  const lines = parts.filter((part) => part !== undefined).flat();
  return parts.includes(undefined) ? undefined : lines;
}

function scalar(node: unknown, place: Place): string | undefined {
  if (node === null || node === undefined) return "null";
  if (!isScalar(node) || (node as Node & { tag?: string }).tag !== undefined) return undefined;
  const text = node.source ?? String(node.value ?? "");
  const plain = node.type === "PLAIN" ? plainScalar(text) : { isText: true, written: text };
  return plain?.isText === true ? textScalar(text, place) : plain?.written;
}
