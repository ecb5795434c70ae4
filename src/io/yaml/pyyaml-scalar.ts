/** Scalars as PyYAML reads and writes them (YAML 1.1, `safe_load` and `dump`): the rules of its resolver and of its emitter. */
import { yamlFloat } from "./numbers.js";

const BOOLEAN = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON|(no|No|NO|false|False|FALSE|off|Off|OFF))$/;
const FLOAT = /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?)$/;
const INFINITE = /^([-+]?)\.(?:inf|Inf|INF)$/;
const NAN = /^\.(?:nan|NaN|NAN)$/;
const INTEGER = /^([-+]?)(?:0b([01_]+)|0x([\da-fA-F_]+)|0([0-7_]+)|(0|[1-9][\d_]*))$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
/** Numbers to the base 60, times, and signs for merging, which are laid out in ways of their own. */
const OTHER = [
  /^[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*$/,
  /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$/,
  /^\d{4}-\d\d-\d\d$/,
  /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/,
  /^(?:<<|=)$/,
];

/** What a plain scalar is: of a text the text itself, of others how Python writes the value; undefined where that is not known here. */
export function plainScalar(text: string): { readonly isText: boolean; readonly written: string } | undefined {
  const value = (written: string) => ({ isText: false, written });
  const boolean = BOOLEAN.exec(text);
  if (boolean !== null) return value(boolean[1] === undefined ? "true" : "false");
  if (NULL.test(text)) return value("null");
  if (FLOAT.test(text)) return value(yamlFloat(Number(text.replaceAll("_", ""))));
  if (NAN.test(text)) return value(".nan");
  const infinite = INFINITE.exec(text);
  if (infinite !== null) return value(infinite[1] === "-" ? "-.inf" : ".inf");
  const integer = INTEGER.exec(text);
  if (integer !== null) return whole(integer);
  return OTHER.some((one) => one.test(text)) ? undefined : { isText: true, written: text };
}

function whole([, sign, binary, hexadecimal, octal, decimal]: RegExpExecArray) {
  const digits = [binary && `0b${binary}`, hexadecimal && `0x${hexadecimal}`, octal && `0o${octal}`, decimal].find(
    Boolean,
  )!;
  const plain = digits.replaceAll("_", "");
  // "0_" and the like, which Python refuses
  if (/^0[box]?$/.test(plain) && plain !== "0") return undefined;
  const number = BigInt(plain);
  return { isText: false, written: String(sign === "-" ? -number : number) };
}

/** Characters of a line after which PyYAML goes on in the next one, as Gammapy calls it. */
const WIDTH = 80;

/** A place in the text that is being written. */
export interface Place {
  /** Characters of the line before the scalar. */
  readonly column: number;
  /** Of the lines that follow, of a scalar that is longer than a line. */
  readonly indent: number;
  /** A key stays on one line. */
  readonly isKey: boolean;
}

/** A text with the quotes that PyYAML gives it; undefined for texts of several lines. */
export function textScalar(text: string, place: Place): string | undefined {
  if (/[\n\r\u0085\u2028\u2029]/.test(text)) return undefined;
  if (/[^ -~]/.test(text)) return doubleQuoted([...text], place);
  const mayBePlain = plainScalar(text)?.isText === true && !NOT_PLAIN.test(text);
  return mayBePlain ? folded(text, place, false) : `'${folded(text, place, true)}'`;
}

/** Signs at the beginning or inside that YAML would take for something else, and blanks at the ends. */
const NOT_PLAIN = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[-?:](?:[ \t]|$)|[ ])|:(?:[ \t]|$)|[ \t]#|[ ]$/;

/** Broken at single blanks behind the width of a line, a quoted text not at its ends. */
function folded(text: string, { column, indent, isKey }: Place, isQuoted: boolean): string {
  const pieces = (isQuoted ? text.replaceAll("'", "''") : text).split(/( +)/);
  let at = column + (isQuoted ? 1 : 0);
  return pieces
    .map((piece, i) => {
      const isEnd = isQuoted && ((i === 1 && pieces[0] === "") || (i === pieces.length - 2 && pieces.at(-1) === ""));
      if (piece === " " && i % 2 === 1 && at > WIDTH && !isKey && !isEnd) {
        at = indent;
        return `\n${" ".repeat(indent)}`;
      }
      at += piece.length;
      return piece;
    })
    .join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "0",
  "\x07": "a",
  "\b": "b",
  "\t": "t",
  "\v": "v",
  "\f": "f",
  "\x1b": "e",
  '"': '"',
  "\\": "\\",
  "\u00a0": "_",
};

function escaped(character: string): string {
  if (/[ !#-[\]-~]/.test(character)) return character;
  const short = ESCAPES[character];
  if (short !== undefined) return `\\${short}`;
  const code = character.codePointAt(0)!;
  const [letter, digits] = code <= 0xff ? ["x", 2] : code <= 0xffff ? ["u", 4] : ["U", 8];
  return `\\${letter}${code
    .toString(16)
    .toUpperCase()
    .padStart(digits as number, "0")}`;
}

/**
 * Characters beyond ASCII by their numbers. A line is broken before a blank, or behind an escaped character, where the text up to there is beyond the width;
 * what is not yet written when a line is broken behind an escape counts for the next line.
 */
function doubleQuoted(characters: readonly string[], { column, indent, isKey }: Place): string {
  let out = '"';
  let at = column + 1;
  /** Characters that wait to be written. */
  let waiting = "";
  const put = (text: string) => {
    out += text;
    at += text.length;
  };
  characters.forEach((character, i) => {
    const isPlain = escaped(character) === character;
    if (!isPlain) {
      put(waiting + escaped(character));
      waiting = "";
    }
    const mayBreak = i > 0 && i < characters.length - 1 && !isKey && (character === " " || waiting === "");
    if (mayBreak && at + waiting.length > WIDTH) {
      put(`${waiting}\\`);
      waiting = "";
      out += `\n${" ".repeat(indent)}`;
      at = indent;
      // a blank at the beginning of a line would be lost
      if ((isPlain ? character : characters[i + 1]) === " ") put("\\");
    }
    if (isPlain) waiting += character;
  });
  return `${out}${waiting}"`;
}
