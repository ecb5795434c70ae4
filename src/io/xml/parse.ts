/**
 * A small XML reader for lists of sources: elements, attributes, comments, the five predefined entities and numbers of characters. Documents that declare types or entities
 * (DOCTYPE) are refused, so that no text can grow or name other files; time and memory are in proportion to the length.
 */
import { FormatError } from "../../errors.js";

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly line: number;
}

interface Open extends XmlElement {
  readonly children: XmlElement[];
}

const MAX_LENGTH = 20e6;
const MAX_DEPTH = 100;
const NAME = /[A-Za-z_:][\w:.-]*/y;
const ATTRIBUTE = /\s+([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The root element. @throws FormatError with the line where the text is no XML, or declares a type. */
export function parseXml(text: string, where: string): XmlElement {
  if (text.length > MAX_LENGTH) {
    throw new FormatError({ where, what: `the text is longer than the ${MAX_LENGTH / 1e6} MB that are read` });
  }
  const state = { at: 0, line: 1, counted: 0 };
  /** Lines up to here; every character is counted once. */
  const lineAt = (at: number): number => {
    for (; state.counted < at; state.counted++) if (text.charCodeAt(state.counted) === 10) state.line++;
    return state.line;
  };
  const fail = (found: string, expected: string): never => {
    throw new FormatError({ where: `${where}:${lineAt(state.at)}`, found, expected });
  };
  const skipTo = (end: string): void => {
    const found = text.indexOf(end, state.at);
    if (found < 0) fail("the end of the text", `"${end}"`);
    state.at = found + end.length;
  };
  const read = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = state.at;
    const match = pattern.exec(text);
    if (match !== null) state.at = pattern.lastIndex;
    return match;
  };
  const path: Open[] = [];
  let root: XmlElement | undefined;

  function element(): void {
    const line = lineAt(state.at);
    state.at++;
    const name = read(NAME)?.[0] ?? fail(JSON.stringify(text.slice(state.at, state.at + 10)), "the name of an element");
    const attributes = new Map<string, string>();
    for (let match = read(ATTRIBUTE); match !== null; match = read(ATTRIBUTE)) {
      if (attributes.has(match[1]!)) fail(`the attribute ${match[1]} twice`, "each once");
      attributes.set(match[1]!, decoded(match[2] ?? match[3]!, fail));
    }
    const end =
      read(/\s*(\/?>)/y)?.[1] ??
      fail(JSON.stringify(text.slice(state.at, state.at + 20)), `name="value" or the end of <${name}>`);
    const made: Open = { name, attributes, children: [], line };
    const parent = path.at(-1);
    if (parent !== undefined) parent.children.push(made);
    else if (root !== undefined) fail(`a second root <${name}>`, "one");
    else root = made;
    if (end === "/>") return;
    if (path.length >= MAX_DEPTH) fail(`more than ${MAX_DEPTH} elements in each other`, "a list of sources");
    path.push(made);
  }

  while (true) {
    const next = text.indexOf("<", state.at);
    const between = text.slice(state.at, next < 0 ? undefined : next);
    if (path.length === 0 && between.replace(/^\uFEFF/, "").trim() !== "")
      fail("text outside of the root element", "none");
    if (next < 0) break;
    state.at = next;
    if (text.startsWith("<!--", next)) skipTo("-->");
    else if (text.startsWith("<?", next)) skipTo("?>");
    else if (text.startsWith("<![CDATA[", next)) skipTo("]]>");
    else if (text.startsWith("<!", next))
      fail("a declaration (DOCTYPE, ENTITY)", "none: such documents are not read; remove it");
    else if (text.startsWith("</", next)) {
      const name = (state.at += 2) && read(NAME)?.[0];
      const open = path.pop();
      if (open?.name !== name || read(/\s*>/y) === null)
        fail(`</${name}>`, open ? `</${open.name}>` : "no closing tag");
    } else element();
  }
  if (path.length > 0) fail("the end of the text", `</${path.at(-1)!.name}>`);
  return root ?? fail("no element", "XML");
}

function decoded(value: string, fail: (found: string, expected: string) => never): string {
  if (!value.includes("&")) return value;
  return value.replace(/&([^;&\s]{0,12};?)/g, (whole, body: string) => {
    const name = body.slice(0, -1);
    const code = /^#x([\da-f]{1,6});$/i.exec(body)?.[1];
    const decimal = /^#(\d{1,7});$/.exec(body)?.[1];
    const point = code !== undefined ? Number.parseInt(code, 16) : decimal !== undefined ? Number(decimal) : -1;
    if (point > 0 && point <= 0x10ffff) return String.fromCodePoint(point);
    if (body.endsWith(";") && Object.hasOwn(ENTITIES, name)) return ENTITIES[name]!;
    return fail(`the entity ${whole}`, "&lt; &gt; &amp; &quot; &apos; or the number of a character");
  });
}

const CODES: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "'": "&apos;",
};

/** A text as the value of an attribute. */
export const encodedXml = (value: string): string => value.replace(/[<>&"']/g, (c) => CODES[c]!);
