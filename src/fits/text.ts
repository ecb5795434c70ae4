/** Texts as FITS can hold them: printable ASCII on one line. */
import type { Card, Column, Hdu } from "./types.js";

const LETTERS: Readonly<Record<string, string>> = {
  "\u00b5": "u",
  "\u03bc": "u",
  "\u00d7": "x",
  "\u00b7": ".",
  "\u00b1": "+-",
  "\u2212": "-",
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2018": "'",
  "\u2019": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u00df": "ss",
  "\u00e6": "ae",
  "\u00c6": "Ae",
  "\u00f8": "o",
  "\u00d8": "O",
  "\u0142": "l",
  "\u0141": "L",
};

const isHeld = (text: string): boolean => /^[ -~]*$/.test(text);

/** The text in printable ASCII: line breaks become blanks, accents go, what is left becomes "?". */
export function fitsText(text: string): string {
  if (isHeld(text)) return text;
  return text
    .trimEnd()
    .replace(/\s+/g, (blanks) => (/[^ ]/.test(blanks) ? " " : blanks))
    .replace(/[^ -~]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^ -~]/gu, "?");
}

/** The HDU with all its texts in printable ASCII; `onNote` is told which were changed. */
export function withFitsTexts(hdu: Hdu, where: string, onNote?: (note: string) => void): Hdu {
  const changed: string[] = [];
  const held = (text: string, what: string): string => {
    if (isHeld(text)) return text;
    changed.push(what);
    return fitsText(text);
  };
  const card = (c: Card): Card => {
    const key = held(c.key, `keyword ${JSON.stringify(c.key)}`);
    const value = typeof c.value === "string" ? held(c.value, `keyword ${key}`) : c.value;
    const comment = c.comment === undefined ? undefined : held(c.comment, `comment of ${key}`);
    return key === c.key && value === c.value && comment === c.comment ? c : { ...c, key, value, comment };
  };
  const column = (c: Column): Column => {
    const name = held(c.name, `column ${JSON.stringify(c.name)}`);
    const unit = c.unit === undefined ? undefined : held(c.unit, `unit of ${name}`);
    const texts = c.format === "A" || c.format === "PA" || c.format === "QA" ? (c.data as readonly string[]) : [];
    const data = texts.every(isHeld) ? c.data : texts.map((text) => held(text, `texts of ${name}`));
    return name === c.name && unit === c.unit && data === c.data
      ? c
      : { ...c, name, data, ...(unit !== undefined && { unit }) };
  };
  const name = held(hdu.name, "name");
  const header = hdu.header.map(card);
  const out: Hdu =
    hdu.kind === "table" ? { ...hdu, name, header, columns: hdu.columns.map(column) } : { ...hdu, name, header };
  if (changed.length > 0) {
    onNote?.(
      `${where}: changed to what FITS can hold (printable ASCII on one line): ${[...new Set(changed)].join(", ")}`,
    );
  }
  return out;
}
