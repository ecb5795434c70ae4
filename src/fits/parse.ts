import { FormatError } from "../errors.js";
import { decodeText } from "./bytes.js";
import type { Card, HeaderValue } from "./types.js";

export const BLOCK = 2880;
export const CARD = 80;

/**
 * The cards of the header that starts at byte `start` (FITS 4.0, section 4), without END; `end` is the first byte after
 * its last block. CONTINUE cards are joined to the string they continue, HIERARCH keys come without that word.
 */
export function parseHeader(bytes: Uint8Array, start: number, where: string): { cards: Card[]; end: number } {
  const cards: Card[] = [];
  let block = "";
  for (let at = start; at + CARD <= bytes.length; at += CARD) {
    const place = (at - start) % BLOCK;
    if (place === 0) block = textOf(bytes.subarray(at, at + BLOCK));
    const key = decodeText(bytes, at, 8);
    if (key === "END") return { cards, end: start + Math.ceil((at + CARD - start) / BLOCK) * BLOCK };
    if (!/^[ -~]*$/.test(key)) {
      throw badCard(`${where}: card ${(at - start) / CARD + 1}`, `its keyword is not text`, key);
    }
    const text = block.slice(place, place + CARD);
    const last = cards.at(-1);
    if (key === "CONTINUE" && typeof last?.value === "string" && last.value.endsWith("&")) {
      const next = parseValue(text.slice(8), `${where}: card ${(at - start) / CARD + 1}`, text);
      const comment = [last.comment, next.comment].filter((part) => part !== undefined).join(" ");
      const value = (last.value.slice(0, -1) + String(next.value ?? "")).trimEnd();
      cards[cards.length - 1] = comment === "" ? { key: last.key, value } : { key: last.key, value, comment };
    } else {
      cards.push(parseCard(text, key, `${where}: card ${(at - start) / CARD + 1}`));
    }
  }
  throw new FormatError(
    `${where}: the header that starts at byte ${start} has no END card in the ${bytes.length - start} bytes that are there; the file is truncated, fetch it again`,
    { code: "damaged", where },
  );
}

/** One character a byte. */
const textOf = (bytes: Uint8Array): string => String.fromCharCode.apply(null, bytes as unknown as number[]);

function parseCard(text: string, key: string, where: string): Card {
  if (key === "HIERARCH") {
    const match = /^HIERARCH\s+([^=]+?)\s*=(.*)$/s.exec(text);
    if (match) return { key: match[1]!.replace(/\s+/g, " "), ...parseValue(match[2]!, where, text) };
  }
  const isValue = text.slice(8, 10) === "= " || (text[8] === "=" && key !== "COMMENT" && key !== "HISTORY");
  if (isValue && key !== "") return { key, ...parseValue(text.slice(9), where, text) };
  return { key, comment: text.slice(8).trimEnd() };
}

/** Value and comment of columns 10 to 80, fixed or free format. Text that is no FITS value (as some writers leave) is kept as a string. */
function parseValue(text: string, where: string, card: string): { value: HeaderValue; comment?: string } {
  const trimmed = text.trim();
  let value: HeaderValue;
  let rest: string;
  if (trimmed.startsWith("'")) {
    const match = /^'((?:[^']|'')*)'/.exec(trimmed);
    if (!match) throw badCard(where, "a string value has no closing quote", card);
    value = match[1]!.replaceAll("''", "'").trimEnd();
    rest = trimmed.slice(match[0].length);
  } else {
    const slash = trimmed.indexOf("/");
    value = parseScalar(slash < 0 ? trimmed : trimmed.slice(0, slash).trim());
    rest = slash < 0 ? "" : trimmed.slice(slash);
  }
  const slash = rest.indexOf("/");
  const comment = slash < 0 ? "" : rest.slice(slash + 1).trim();
  return comment === "" ? { value } : { value, comment };
}

function parseScalar(token: string): HeaderValue {
  if (token === "") return null;
  if (token === "T") return true;
  if (token === "F") return false;
  if (/^[+-]?\d+$/.test(token)) {
    const value = Number(token);
    return Number.isSafeInteger(value) ? value : BigInt(token.replace(/^\+/, ""));
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)([EeDd][+-]?\d+)?$/.test(token)) return Number(token.replace(/[Dd]/, "e"));
  return token;
}

function badCard(where: string, what: string, text: string): FormatError {
  return new FormatError(
    `${where}: ${what}; found ${JSON.stringify(text.trimEnd())}, expected "KEYWORD = value / comment"; the header is damaged or was edited by hand, fetch or write the file again`,
    { code: "damaged", where },
  );
}
