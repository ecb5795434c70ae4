import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Card, Column, FitsArray, Hdu } from "../../src/fits/index.js";

/** What test/oracle/fits.py prints of one HDU. */
export interface HduSummary {
  name: string;
  cards: [string, string | number | boolean | null][];
  image?: { shape: number[]; n: number; sha: string } | null;
  nrows?: number;
  columns?: { name: string; unit: string; shape?: number[]; counts?: number[]; n: number; sha: string }[];
}

// The same as in test/oracle/fits.py.
const STRUCTURE =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|EXTEND|EXTNAME|THEAP|BSCALE|BZERO|BLANK|CHECKSUM|DATASUM|LONGSTRN|(TTYPE|TFORM|TUNIT|TSCAL|TZERO|TNULL|TDIM|TBCOL|TDISP)\d+)$/;

/** HDUs in the form of the oracle. */
export function summarise(hdus: readonly Hdu[]): HduSummary[] {
  return hdus.map((hdu) => {
    const name = hdu.name.toUpperCase();
    const cards = hdu.header.filter((card) => !STRUCTURE.test(card.key)).map(cardEntry);
    if (hdu.kind === "table") return { name, cards, nrows: hdu.nrows, columns: hdu.columns.map(columnEntry) };
    return { name, cards, image: hdu.data === null ? null : { shape: [...hdu.shape], ...numbers([hdu.data]) } };
  });
}

function cardEntry({ key, value, comment }: Card): HduSummary["cards"][number] {
  if (value === undefined) return [key, comment ?? ""];
  return [key, typeof value === "bigint" ? `integer ${value}` : value];
}

function columnEntry(column: Column) {
  const { name, format, shape, data, unit = "" } = column;
  if (format === "PA" || format === "QA") {
    return { name, unit, counts: (data as readonly string[]).map((text) => text.length), ...texts(data) };
  }
  if (/^[PQ]/.test(format)) {
    const rows = data as readonly FitsArray[];
    const parts = /[CM]$/.test(format) ? 2 : 1;
    return { name, unit, counts: rows.map((row) => row.length / parts), ...numbers(rows) };
  }
  // Astropy keeps the axis of a single bit.
  const axes = format === "X" && shape.length === 0 ? [1] : [...shape];
  if (format === "A") return { name, unit, shape: axes, ...texts(data) };
  const tnull = column.keywords?.find((card) => card.key === "TNULL")?.value;
  return { name, unit, shape: axes, ...numbers([data as FitsArray], tnull === undefined ? undefined : Number(tnull)) };
}

function texts(data: Column["data"]) {
  // Astropy takes away every kind of blank at the end
  const held = (data as readonly string[]).map((text) => text.trimEnd());
  return { n: data.length, sha: sha(Buffer.from(held.join("\0"), "latin1")) };
}

function numbers(rows: readonly FitsArray[], tnull?: number): { n: number; sha: string } {
  const n = rows.reduce((sum, row) => sum + row.length, 0);
  const bytes = new DataView(new ArrayBuffer(8 * n));
  let at = 0;
  for (const row of rows) {
    for (const value of row) {
      if (typeof value === "bigint" && tnull === undefined) bytes.setBigInt64(at, BigInt.asIntN(64, value), true);
      else bytes.setFloat64(at, Number(value) === tnull || Number.isNaN(value) ? Number.NaN : Number(value), true);
      at += 8;
    }
  }
  return { n, sha: sha(new Uint8Array(bytes.buffer)) };
}

function sha(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Every FITS file under a folder. */
export function fitsFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.fits?(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

export function readPlain(path: string): Uint8Array {
  const bytes = readFileSync(path);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}
