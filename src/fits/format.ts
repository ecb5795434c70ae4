import { SpecError } from "../errors.js";
import { BLOCK } from "./parse.js";
import type { Card, HeaderValue } from "./types.js";

const STANDARD_KEY = /^[A-Z0-9_-]{1,8}$/;
const LONGSTRN: Card = { key: "LONGSTRN", value: "OGIP 1.0", comment: "long strings use CONTINUE" };

/** The bytes of a header with END and padding; its texts are printable ASCII. Comments lose what does not fit; values lose nothing. */
export function formatHeader(cards: readonly Card[], where: string): Uint8Array {
  const lines = cards.map((card) => formatCard(card, where));
  const long = lines.findIndex((line) => line[1]?.startsWith("CONTINUE"));
  // FITS 4.0 does not ask for this card, but older readers and fitsverify do.
  if (long >= 0 && !cards.some((card) => card.key === "LONGSTRN")) lines.splice(long, 0, formatCard(LONGSTRN, where));
  const text = [...lines.flat(), "END".padEnd(80)].join("");
  const bytes = new Uint8Array(Math.ceil(text.length / BLOCK) * BLOCK).fill(0x20);
  putText(bytes, 0, text);
  return bytes;
}

/** ASCII text from byte `at` on. */
export function putText(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}

/** One card as lines of 80 characters: CONTINUE for strings that are too long, HIERARCH for keys that are. */
export function formatCard(card: Card, where: string): string[] {
  const upper = card.key.toUpperCase();
  const comment = card.comment ?? "";
  if (card.value === undefined) {
    if (card.key !== "" && !STANDARD_KEY.test(upper)) throw badKey(card.key, where);
    const pieces = comment.match(/.{1,72}/g) ?? [""];
    return pieces.map((piece) => (upper.padEnd(8) + piece).padEnd(80));
  }
  const standard = STANDARD_KEY.test(upper);
  if (!standard && !/^[!-<>-~]+( [!-<>-~]+)*$/.test(card.key)) throw badKey(card.key, where);
  const prefix = standard ? `${upper.padEnd(8)}= ` : `HIERARCH ${card.key} = `;
  const value = formatValue(card.value, standard, `${where}: keyword ${card.key}`);
  if (prefix.length + value.length <= 80) return [withComment(prefix + value.padEnd(standard ? 20 : 0), comment)];
  if (typeof card.value !== "string" || prefix.length > 76) throw badKey(card.key, where);
  return continued(prefix, card.value, comment);
}

function withComment(line: string, comment: string): string {
  return (comment === "" ? line : `${line} / ${comment}`).slice(0, 80).padEnd(80);
}

/** A long string in pieces that end with `&` (FITS 4.0, section 4.2.1.2). */
function continued(prefix: string, value: string, comment: string): string[] {
  const lines: string[] = [];
  let line = `${prefix}'`;
  for (const character of value) {
    const next = character === "'" ? "''" : character;
    // Two places are kept for the `&` and the closing quote.
    if (line.length + next.length > 78) {
      lines.push(`${line}&'`.padEnd(80));
      line = "CONTINUE  '";
    }
    line += next;
  }
  // An `&` at the end would be taken for that of a continuation, so one follows.
  if (/& *$/.test(value)) {
    lines.push(`${line.trimEnd()}&'`.padEnd(80));
    line = "CONTINUE  '";
  }
  return [...lines, withComment(`${line}'`, comment)];
}

function formatValue(value: HeaderValue, fixed: boolean, where: string): string {
  if (value === null) return "";
  if (typeof value === "string") return `'${value.replaceAll("'", "''").padEnd(fixed ? 8 : 0)}'`;
  const text = typeof value === "boolean" ? (value ? "T" : "F") : formatNumber(value, where);
  return fixed ? text.padStart(20) : text;
}

/** The shortest text that reads back as the same number. */
function formatNumber(value: number | bigint, where: string): string {
  if (typeof value === "bigint") return String(value);
  if (!Number.isFinite(value)) {
    throw new SpecError(`${where}: a FITS header cannot hold ${value}; give a finite number, or null for no value`);
  }
  if (Number.isSafeInteger(value)) return String(value);
  const [mantissa, exponent] = String(value).split("e");
  const decimal = mantissa!.includes(".") ? mantissa! : `${mantissa}.0`;
  return exponent === undefined ? decimal : `${decimal}E${exponent.replace("+", "")}`;
}

function badKey(key: string, where: string): SpecError {
  return new SpecError(
    `${where}: the keyword ${JSON.stringify(key)} does not fit into a FITS card; expected up to 8 of A-Z 0-9 _ -, or a longer key of printable ASCII without "=" that leaves room for its value`,
  );
}
