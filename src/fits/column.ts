import { FormatError } from "../errors.js";
import { decodeNumbers, type NumberLetter, needsFloat, type Scaling, UNSIGNED_ZERO } from "./bytes.js";
import { headerNumber } from "./header.js";
import type { Card, Column, FitsArray } from "./types.js";

/** Keywords that belong to a column and carry its number (FITS 4.0, tables 17, 18 and 22; TLMIN and the like of OGIP). */
const COLUMN_KEY =
  /^(TTYPE|TFORM|TUNIT|TSCAL|TZERO|TNULL|TDIM|TBCOL|TDISP|TDMIN|TDMAX|TLMIN|TLMAX|TCTYP|TCUNI|TCRPX|TCRVL|TCDLT|TRPOS|TUCD|TCOMM)([1-9]\d*)$/;
/** Those that `Column` holds in fields of its own. */
const OWN_KEYS = new Set(["TTYPE", "TFORM", "TUNIT", "TSCAL", "TZERO", "TDIM", "TBCOL"]);

/** Root and number of a column's keyword: TUNIT12 is TUNIT of column 12. */
export function columnKey(key: string): { root: string; number: number } | undefined {
  const match = COLUMN_KEY.exec(key);
  return match ? { root: match[1]!, number: Number(match[2]) } : undefined;
}

/** The cards of each column by root, [TFIELDS]. */
export function columnCards(header: readonly Card[], at: string): Map<string, Card>[] {
  const fields = headerNumber(header, "TFIELDS", at);
  if (!Number.isInteger(fields) || fields < 0 || fields > 999) {
    throw new FormatError(`${at}: TFIELDS is ${fields}, expected 0 to 999 columns; the header is damaged`, {
      code: "damaged",
      where: at,
    });
  }
  const columns = Array.from({ length: fields }, () => new Map<string, Card>());
  for (const card of header) {
    const key = columnKey(card.key);
    const column = key && columns[key.number - 1];
    if (column && !column.has(key.root)) column.set(key.root, card);
  }
  return columns;
}

/** Name, unit and further keywords that every column has. Without TTYPE the name is empty. */
export function columnBase(cards: ReadonlyMap<string, Card>, dropNull: boolean) {
  const unit = text(cards, "TUNIT");
  const keywords: Card[] = [];
  for (const [root, card] of cards) {
    if (!OWN_KEYS.has(root) && !(dropNull && root === "TNULL")) keywords.push({ ...card, key: root });
  }
  return { name: text(cards, "TTYPE"), ...(unit && { unit }), ...(keywords.length > 0 && { keywords }) };
}

export function text(cards: ReadonlyMap<string, Card>, root: string): string {
  const value = cards.get(root)?.value;
  return value === undefined || value === null ? "" : String(value).trim();
}

export function columnScaling(cards: ReadonlyMap<string, Card>): Scaling {
  const number = (root: string, fallback: number) => {
    const value = cards.get(root)?.value;
    return typeof value === "number" || typeof value === "bigint" ? Number(value) : fallback;
  };
  const blank = cards.get("TNULL")?.value;
  const isInteger = typeof blank === "bigint" || Number.isInteger(blank);
  const scaling = { scale: number("TSCAL", 1), zero: number("TZERO", 0) };
  return isInteger ? { ...scaling, blank: BigInt(blank as number | bigint) } : scaling;
}

/** A column whose values are decoded when `data` is first read. */
export function lazyColumn(base: Omit<Column, "data">, decode: () => Column["data"]): Column {
  let data: Column["data"] | undefined;
  return {
    ...base,
    get data() {
      data ??= decode();
      return data;
    },
  };
}

/** Where a column's cells are: byte `start` of each of `nrows` rows of `stride` bytes. */
export interface Field {
  readonly data: Uint8Array;
  readonly start: number;
  readonly nrows: number;
  readonly stride: number;
  readonly cards: ReadonlyMap<string, Card>;
  readonly where: string;
}

export interface Form {
  /** P or Q: the row holds the count and the place of an array in the heap. */
  readonly pointer: "" | "P" | "Q";
  readonly letter: string;
  readonly repeat: number;
  /** Bytes in the row. */
  readonly bytes: number;
  /** rAw: width of each of the strings in one cell. */
  readonly substring?: number;
}

/** How the bytes of a number or complex column become an array, and the letter of that array. */
export function numberDecoder(letter: string, cards: ReadonlyMap<string, Card>) {
  const scaling = columnScaling(cards);
  const complex = letter === "C" || letter === "M";
  const part = (letter === "C" ? "E" : letter === "M" ? "D" : letter) as NumberLetter;
  const float = needsFloat(part, scaling);
  return {
    format: float ? (complex ? "M" : "D") : letter,
    dropNull: float,
    decode: (raw: Uint8Array) => decodeNumbers(raw, part, scaling, complex),
  };
}

/** T is 1; F, and the zero byte of an undefined value, are 0. */
export function logicals(raw: Uint8Array): Uint8Array {
  for (let i = 0; i < raw.length; i++) raw[i] = raw[i] === 0x54 ? 1 : 0;
  return raw;
}

/** Bits, highest first, of `nrows` cells that each start on a byte; one byte 0 or 1 each. */
export function bits(raw: Uint8Array, nrows: number, repeat: number): Uint8Array {
  const out = new Uint8Array(nrows * repeat);
  const cell = Math.ceil(repeat / 8);
  for (let r = 0, to = 0; r < nrows; r++) {
    for (let i = 0; i < repeat; i++) out[to++] = (raw[r * cell + (i >> 3)]! >> (7 - (i & 7))) & 1;
  }
  return out;
}

/** Numbers of a column as float64, where 64-bit integers equal to TNULL are NaN. */
export function toFloat64(data: FitsArray, blank: bigint | undefined): Float64Array {
  if (data instanceof Float64Array) return data;
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = Number(data[i]!);
  if (blank !== undefined && (data instanceof BigInt64Array || data instanceof BigUint64Array)) {
    const stored = data instanceof BigUint64Array ? blank + BigInt(UNSIGNED_ZERO.K!) : blank;
    for (let i = 0; i < out.length; i++) if (data[i] === stored) out[i] = Number.NaN;
  }
  return out;
}
