import { type Card, columnKey, getCard, type HeaderValue } from "../fits/index.js";
import { formatUnit } from "../units/index.js";

/** What a reader or writer says about data that it did not use, changed or left out. */
export interface NoteOptions {
  readonly onNote?: ((note: string) => void) | undefined;
}

export function card(key: string, value: HeaderValue, comment?: string): Card {
  return comment === undefined ? { key, value } : { key, value, comment };
}

/** Keyword of the statistic, where it is not that of the kind of dataset. */
export const STATISTIC = "STATTYPE";

export const statisticCards = ({ statistic }: { readonly statistic?: string | undefined }): Card[] =>
  statistic === undefined ? [] : [card(STATISTIC, statistic)];

/** The statistic that a header names. */
export function readStatistic(header: readonly Card[]): string | undefined {
  const value = getCard(header, STATISTIC)?.value;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Keywords that say how an HDU is laid out: they are made anew when it is written. */
const STRUCTURE =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|BLOCKED|TFIELDS|EXTNAME|CHECKSUM|DATASUM|THEAP|BSCALE|BZERO|BLANK|COMMENT|HISTORY|CONTINUE|HIERARCH|LONGSTRN|END|)$/;

/** Whether a keyword says how an HDU or one of its columns is laid out. */
function isStructure(key: string): boolean {
  const upper = key.toUpperCase();
  return STRUCTURE.test(upper) || columnKey(upper) !== undefined;
}
/** Comments that writers of FITS add by themselves. */
const BOILERPLATE = /FITS \(Flexible Image Transport System\)|Astrophysics|^\s*$/;

/** The keywords of a header that a reader may keep, apart from those in `used`; the lines of COMMENT under `comments`. */
export function freeKeywords(header: readonly Card[], used: RegExp): Record<string, unknown> {
  const kept = header.filter(
    // a damaged file may have keywords in small letters, which are not written as such
    ({ key, value }) => value !== undefined && value !== null && !isStructure(key) && !used.test(key),
  );
  const out = Object.fromEntries(kept.map(({ key, value }): [string, unknown] => [key, value]));
  const comments = header.flatMap(({ key, comment = "" }) =>
    key === "COMMENT" && !BOILERPLATE.test(comment) ? [comment.trimEnd()] : [],
  );
  return comments.length > 0 && !used.test("COMMENT") ? { ...out, comments } : out;
}

/** The longest keyword that leaves room for a value behind HIERARCH. */
const LONGEST_KEY = 40;

/**
 * Cards of the texts, numbers and flags in `meta`, and one COMMENT for each line of `comments`. What a FITS header cannot hold is left out, and said,
 * and so are keywords that would change how the data are read, and those that differ by capital letters alone.
 */
export function metaCards(meta: Readonly<Record<string, unknown>> | undefined, { onNote }: NoteOptions = {}): Card[] {
  const left: string[] = [];
  const reserved: string[] = [];
  const written = new Set<string>();
  const cards = Object.entries(meta ?? {}).flatMap(([name, value]): Card[] => {
    const lines = commentLines(name, value);
    if (lines !== undefined) return lines.map((comment) => ({ key: "COMMENT", comment }));
    const key = name.replaceAll("=", "-").replace(/\s+/g, " ").trim();
    if (isPlain(value) && key !== "" && key.length <= LONGEST_KEY) {
      const upper = key.toUpperCase();
      if (!isStructure(key) && !written.has(upper)) {
        written.add(upper);
        return [card(key, value)];
      }
      reserved.push(name);
      return [];
    }
    if (value !== undefined && value !== null && !isColumns(value)) left.push(name);
    return [];
  });
  if (left.length > 0) onNote?.(`left out of the FITS header, which holds texts and numbers only: ${left.join(", ")}`);
  if (reserved.length > 0) {
    onNote?.(
      `left out of the FITS header, where these keywords describe the data or stand already: ${reserved.join(", ")}`,
    );
  }
  return cards;
}

function commentLines(name: string, value: unknown): string[] | undefined {
  if (!/^comments?$/i.test(name)) return undefined;
  const texts = Array.isArray(value) ? value : [value];
  if (!texts.every((text) => typeof text === "string")) return undefined;
  return texts.flatMap((text: string) => text.trimEnd().split(/\r?\n/));
}

function isPlain(value: unknown): value is HeaderValue {
  if (typeof value === "number") return Number.isFinite(value);
  return ["string", "bigint", "boolean"].includes(typeof value);
}

/** Data that a format keeps in `meta` and writes elsewhere: columns, HDUs, arrays. */
function isColumns(value: unknown): boolean {
  return ArrayBuffer.isView(value) || (Array.isArray(value) && value.some((item) => typeof item === "object"));
}

/** A unit as FITS writes it ("cm2 s"). */
export function unitOrNone(unit: string): { unit?: string } {
  return unit === "" ? {} : { unit: formatUnit(unit) };
}
