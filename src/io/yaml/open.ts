/** YAML texts as trees, whoever wrote them: time and memory grow with the text, aliases lead somewhere and not round in a circle. */
import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  type YAMLMap,
  YAMLParseError,
} from "yaml";
import { FormatError, type GammatsError } from "../../errors.js";

/** A YAML text being read. Whoever reads it notes every problem and goes on, so that a user hears of all at once. */
export interface YamlSource {
  readonly where: string;
  readonly text: string;
  readonly document: Document;
  /** Their place is `<file>:<line> <path>`. */
  readonly problems: GammatsError[];
  readonly lineOf: (node: Node | null | undefined) => number;
  /** What the aliases stand for. */
  readonly targets: ReadonlyMap<Node, Node>;
}

/** Texts take a hundred times their length while they are read. */
const MAX_LENGTH = 20e6;
/** Levels of lists and mappings in each other; a compound model takes one for each of its parts. */
const MAX_DEPTH = 100;
/** What aliases may repeat: values beyond ten times those of the text. */
const MAX_REPEATED = 10_000;

/** Characters of a value, or of what the parser says of one, that are shown. */
const SHOWN = 120;

export const shortened = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)} ...` : text);

export function openYaml(text: string, where: string): YamlSource {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const problems: GammatsError[] = [];
  const refuse = (line: number, what: string) => problems.push(new FormatError({ where: `${where}:${line}`, what }));
  const targets = new Map<Node, Node>();
  const lineOf = (node: Node | null | undefined) => (node?.range ? lineAt(node.range[0]) : 1);
  let tokens: CST.Token[] = [];
  if (text.length > MAX_LENGTH)
    refuse(1, `the text is longer than the ${MAX_LENGTH / 1e6} MB that are read; divide it`);
  else tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    refuse(lineAt(deep), `found more than ${MAX_DEPTH} lists and mappings in each other; write it flatter`);
    tokens = [];
  }
  const document = compose(tokens, text.length);
  for (const { pos, message } of document.errors) refuse(lineAt(pos[0]), `this is not YAML: ${shortened(message)}`);
  if (document.errors.length === 0) {
    const found = follow(document.contents as Node | null, targets);
    for (const { node, what } of found) refuse(lineOf(node), what);
  }
  return { where, text, document, problems, lineOf, targets };
}

/** Where the text has more than MAX_DEPTH levels; undefined if it has not. What comes after would call itself as often. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const waiting = tokens.map((token) => ({ token: token as CST.Token | null | undefined, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (!token) continue;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === "document") waiting.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const { key, value } of token.items) {
      waiting.push({ token: key, depth: depth + 1 }, { token: value, depth: depth + 1 });
    }
  }
  return undefined;
}

/** The one document of a text. */
function compose(tokens: readonly CST.Token[], length: number): Document {
  // keys are compared in `follow`, which takes less time
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false });
  const [document, second] = composer.compose(tokens, true, length);
  if (second !== undefined) {
    const [start, end] = second.range;
    document!.errors.push(new YAMLParseError([start, end], "MULTIPLE_DOCS", "found a second document, expected one"));
  }
  return document!;
}

interface Problem {
  readonly node: Node;
  readonly what: string;
}

/** How many values a node stands for, and in how many levels. */
interface Extent {
  readonly values: number;
  readonly depth: number;
}

/** Looks at each node once, in the order of the text: puts into `targets` what each alias stands for. */
function follow(root: Node | null, targets: Map<Node, Node>): Problem[] {
  const problems: Problem[] = [];
  const anchors = new Map<string, Node>();
  const extents = new Map<Node, Extent>();
  /** The nodes around the one that is looked at. */
  const around = new Set<Node>();
  let written = 0;

  function behind(alias: Alias): Extent {
    const target = anchors.get(alias.source);
    const extent = target && extents.get(target);
    if (extent !== undefined) {
      targets.set(alias, target!);
      return extent;
    }
    const isAround = target !== undefined && around.has(target);
    const what = isAround ? "stands inside of what it repeats" : "repeats nothing: no anchor of that name is before it";
    problems.push({ node: alias, what: `the alias *${alias.source} ${what}` });
    return { values: 1, depth: 0 };
  }

  function extentOf(node: unknown): Extent {
    if (!isNode(node)) return { values: 0, depth: 0 };
    written++;
    if (isAlias(node)) return behind(node);
    if (node.anchor) anchors.set(node.anchor, node);
    around.add(node);
    const parts = isMap(node) ? partsOf(node, problems) : isSeq(node) ? node.items : [];
    let [values, depth] = [1, 0];
    for (const part of parts) {
      const inner = extentOf(part);
      values += inner.values;
      depth = Math.max(depth, inner.depth + 1);
    }
    around.delete(node);
    if (node.anchor) extents.set(node, { values, depth });
    return { values, depth };
  }

  const { values, depth } = extentOf(root);
  if (values > 10 * written + MAX_REPEATED || depth > MAX_DEPTH) {
    const what = `with its aliases the text has ${values} values in ${depth} levels, the ${written} that are written may stand for ${10 * written + MAX_REPEATED} in ${MAX_DEPTH}; write fewer aliases of aliases`;
    problems.push({ node: root!, what });
  }
  return problems;
}

/** Keys and values of a mapping; keys that are given twice are problems. */
function partsOf(map: YAMLMap, problems: Problem[]): unknown[] {
  const keys = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const text = String(key.value);
    if (keys.has(text))
      problems.push({ node: key, what: `this is not YAML: the key "${shortened(text)}" is given twice` });
    keys.add(text);
  }
  return map.items.flatMap(({ key, value }) => [key, value]);
}
