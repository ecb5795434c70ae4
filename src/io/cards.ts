import type { Card, HeaderValue } from "../fits/index.js";
import { formatUnit } from "../units/index.js";

export function card(key: string, value: HeaderValue, comment?: string): Card {
  return comment === undefined ? { key, value } : { key, value, comment };
}

/** Keywords that say how an HDU is laid out: they are made anew when it is written. */
const STRUCTURE =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|TFIELDS|EXTNAME|CHECKSUM|DATASUM|T(TYPE|FORM|UNIT|DIM|NULL|SCAL|ZERO|DISP|HEAP|LMIN|LMAX)\d*|THEAP|BSCALE|BZERO|BLANK|COMMENT|HISTORY|CONTINUE|END|)$/;

/** The keywords of a header that a reader may keep, apart from those in `used`. */
export function freeKeywords(header: readonly Card[], used: RegExp): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const { key, value } of header) {
    if (value !== undefined && value !== null && !STRUCTURE.test(key) && !used.test(key)) out[key] = value;
  }
  return out;
}

/** Cards of the plain values in `meta`; lists and objects are left out. */
export function metaCards(meta: Readonly<Record<string, unknown>> | undefined): Card[] {
  const cards: Card[] = [];
  for (const [key, value] of Object.entries(meta ?? {})) {
    if (["string", "number", "bigint", "boolean"].includes(typeof value)) cards.push(card(key, value as HeaderValue));
  }
  return cards;
}

/** A unit as FITS writes it ("cm2 s"). */
export function unitOrNone(unit: string): { unit?: string } {
  return unit === "" ? {} : { unit: formatUnit(unit) };
}
