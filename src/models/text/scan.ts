/** Words, signs and values of a short text of a model. */
import { SpecError } from "../../errors.js";
import type { TextSource } from "./types.js";

/** A text that is read from left to right. */
export interface Scanner extends TextSource {
  /** The next character. */
  at: number;
}

export const scannerOf = ({ text, where }: TextSource, at = 0): Scanner => ({ text, where, at });

/** What is wrong at a place of the text: `--model "pl(indx=2)", character 4: ...`. */
export function errorAt({ text, where }: TextSource, at: number, what: string, name?: string): SpecError {
  const place = text === "" ? where : `${where} "${text}", character ${at + 1}`;
  return new SpecError(`${place}: ${what}`, {
    where: place,
    ...(name !== undefined && { code: "unknown-name", found: name }),
  });
}

/** Where a text says something, for the errors of units and values. */
export const placeAt = ({ text, where }: TextSource, at: number): string => `${where} "${text}", character ${at + 1}`;

/** Moves over what the pattern (sticky) matches. */
function take(scanner: Scanner, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = scanner.at;
  const match = pattern.exec(scanner.text);
  if (match !== null) scanner.at += match[0].length;
  return match;
}

export const skipSpace = (scanner: Scanner): void => void take(scanner, /\s*/y);

/** Whether the next sign is this one, which is moved over. */
export function takeSign(scanner: Scanner, sign: string): boolean {
  skipSpace(scanner);
  if (scanner.text[scanner.at] !== sign) return false;
  scanner.at++;
  return true;
}

/** The next sign among these; undefined where another or nothing follows. */
export function takeOneOf(scanner: Scanner, signs: string): { readonly sign: string; readonly at: number } | undefined {
  skipSpace(scanner);
  const sign = scanner.text[scanner.at];
  if (sign === undefined || !signs.includes(sign)) return undefined;
  return { sign, at: scanner.at++ };
}

/** A name: letters, digits and _, with hyphens inside, as tags have them (`pl-2`). */
export function takeName(scanner: Scanner, expected: string): { readonly name: string; readonly at: number } {
  skipSpace(scanner);
  const { at } = scanner;
  const match = take(scanner, /[A-Za-z_]\w*(?:-\w+)*/y);
  if (match !== null) return { name: match[0], at };
  throw errorAt(scanner, at, `found ${foundAt(scanner)}, expected ${expected}`);
}

/** What stands next, for messages. */
export function foundAt({ text, at }: Scanner): string {
  const rest = text.slice(at);
  if (rest.trim() === "") return "the end of the text";
  return `"${/^(?:[\w.-]+|.)/.exec(rest)?.[0] ?? rest}"`;
}

const QUOTED = /"([^"]*)"|'([^']*)'/y;
const LIMITS = /\[([^\][]*?)\.\.([^\][]*)\]/y;

/** A value with its unit, up to a comma, a bracket that closes, or limits; or a text in quotation marks. */
export function takeValue(scanner: Scanner): { readonly value: string; readonly at: number } {
  skipSpace(scanner);
  const { at } = scanner;
  const quoted = take(scanner, QUOTED);
  if (quoted !== null) return { value: quoted[1] ?? quoted[2]!, at };
  let depth = 0;
  for (; scanner.at < scanner.text.length; scanner.at++) {
    const sign = scanner.text[scanner.at]!;
    if (depth === 0 && ",)[".includes(sign)) break;
    if (sign === "(") depth++;
    else if (sign === ")") depth--;
  }
  const value = scanner.text.slice(at, scanner.at).trim();
  if (value === "") throw errorAt(scanner, at, `found ${foundAt({ ...scanner, at })}, expected a value`);
  return { value, at };
}

/** A name with a dot or a slash in it, or a text in quotation marks, which is all that a comma or bracket follows. */
const FILE = /(?:"([^"]*)"|'([^']*)'|((?!\d)[^\s,()=[\]'"]*[./\\][^\s,()=[\]'"]+))(?=\s*[,)])/y;

/** `table.fits`, the name of a file without a key; undefined where something else follows. */
export function takeFile(scanner: Scanner): { readonly value: string; readonly at: number } | undefined {
  skipSpace(scanner);
  const { at } = scanner;
  const match = take(scanner, FILE);
  return match === null ? undefined : { value: (match[1] ?? match[2] ?? match[3])!, at };
}

/** `[1..5]`, `[0..]`; undefined where no bracket opens. */
export function takeLimits(scanner: Scanner): readonly [string, string] | undefined {
  skipSpace(scanner);
  const { at } = scanner;
  const match = take(scanner, LIMITS);
  if (match !== null) return [match[1]!.trim(), match[2]!.trim()];
  if (scanner.text[at] !== "[") return undefined;
  throw errorAt(scanner, at, 'expected limits like [1..5] or [0..], with ".." between them');
}

/** `frozen` or `free`, where one of them follows. */
export const takeState = (scanner: Scanner): string | undefined => take(scanner, /\s*(frozen|free)\b/y)?.[1];
