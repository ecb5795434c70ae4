import { SpecError } from "../errors.js";
import { ARRAY_TYPES, encodeNumbers, scatter, UNSIGNED_ZERO } from "./bytes.js";
import { encodeChecksum, sum32 } from "./checksum.js";
import { columnKey } from "./column.js";
import { encodeColumn, type Heap } from "./encode.js";
import { formatHeader } from "./format.js";
import { BLOCK } from "./parse.js";
import type { Card, Hdu, ImageHdu, TableHdu } from "./types.js";

/** Keywords that follow from the data, so that the writer makes them itself. */
const STRUCTURE =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|EXTEND|EXTNAME|THEAP|BSCALE|BZERO|BLANK|GROUPS|BLOCKED|CHECKSUM|DATASUM|CONTINUE|END)$/;

/**
 * A FITS file with CHECKSUM and DATASUM in every HDU. Cards of `header` that describe the structure are made anew; in
 * tables so are those of single columns, which come from `columns` only (`keywords` for TDISP, TLMIN and the like).
 * A first HDU that is a table gets an empty primary HDU before it.
 */
export function writeFits(hdus: readonly Hdu[]): Uint8Array {
  const empty: ImageHdu = { kind: "image", name: "PRIMARY", header: [], shape: [], data: null };
  const all = hdus[0]?.kind === "image" ? hdus : [empty, ...hdus];
  const parts = all.flatMap((hdu, i) => {
    const where = `HDU ${i} (${hdu.name})`;
    return hdu.kind === "image" ? imageParts(hdu, i === 0, where) : tableParts(hdu, where);
  });
  return join(parts, 1);
}

function imageParts(hdu: ImageHdu, primary: boolean, where: string): Uint8Array[] {
  const { data, name } = hdu;
  const shape = data === null ? [] : hdu.shape;
  const type = data === null ? undefined : ARRAY_TYPES[data[Symbol.toStringTag]];
  const size = shape.reduce((product, n) => product * n, 1);
  if (data !== null && (type === undefined || data.length !== size || shape.length === 0)) {
    throw new SpecError(
      `${where}: found ${data.length} values (${data[Symbol.toStringTag]}), expected a typed array of the shape [${shape}]`,
    );
  }
  const axes = shape.toReversed();
  const cards: Card[] = [
    primary
      ? { key: "SIMPLE", value: true, comment: "conforms to FITS standard" }
      : { key: "XTENSION", value: "IMAGE", comment: "image extension" },
    { key: "BITPIX", value: type?.bitpix ?? 8, comment: "bits per pixel" },
    { key: "NAXIS", value: axes.length, comment: "number of axes" },
    ...axes.map((value, i) => ({ key: `NAXIS${i + 1}`, value })),
    ...(primary
      ? [{ key: "EXTEND", value: true }]
      : [
          { key: "PCOUNT", value: 0 },
          { key: "GCOUNT", value: 1 },
        ]),
    ...nameCard(name, primary),
  ];
  if (type?.shifted) {
    cards.push({ key: "BSCALE", value: 1 });
    cards.push({ key: "BZERO", value: type.letter === "K" ? 2n ** 63n : UNSIGNED_ZERO[type.letter]! });
  }
  // Undefined 64-bit integers are still in the data; all others have become NaN.
  const keepBlank = type?.letter === "K";
  cards.push(...hdu.header.filter(({ key }) => !isStructure(key) || (keepBlank && key.toUpperCase() === "BLANK")));
  return finish(cards, data === null ? new Uint8Array(0) : join([encodeNumbers(data)], BLOCK), where);
}

function tableParts(hdu: TableHdu, where: string): Uint8Array[] {
  const { nrows, columns } = hdu;
  if (columns.length > 999) throw new SpecError(`${where}: found ${columns.length} columns, FITS holds up to 999`);
  const heap: Heap = { parts: [], size: 0 };
  const encoded = columns.map((column, i) =>
    encodeColumn(column, nrows, heap, `${where}: column ${i + 1} (${column.name})`),
  );
  const stride = encoded.reduce((sum, { cell }) => sum + cell, 0);
  const table = new Uint8Array(stride * nrows);
  let start = 0;
  for (const { bytes, cell } of encoded) {
    scatter(bytes, table, start, stride, cell);
    start += cell;
  }
  const cards: Card[] = [
    { key: "XTENSION", value: "BINTABLE", comment: "binary table extension" },
    { key: "BITPIX", value: 8, comment: "bits per pixel" },
    { key: "NAXIS", value: 2, comment: "number of axes" },
    { key: "NAXIS1", value: stride, comment: "bytes per row" },
    { key: "NAXIS2", value: nrows, comment: "number of rows" },
    { key: "PCOUNT", value: heap.size, comment: "bytes of the heap" },
    { key: "GCOUNT", value: 1 },
    { key: "TFIELDS", value: columns.length, comment: "number of columns" },
    ...nameCard(hdu.name, false),
  ];
  columns.forEach((column, i) => {
    const numbered = [
      ...(column.name === "" ? [] : [{ key: "TTYPE", value: column.name }]),
      ...encoded[i]!.cards,
      ...(column.unit ? [{ key: "TUNIT", value: column.unit }] : []),
      ...(column.keywords ?? []),
    ];
    cards.push(...numbered.map((card) => ({ ...card, key: `${card.key}${i + 1}` })));
  });
  cards.push(...hdu.header.filter(({ key }) => !isStructure(key) && !columnKey(key.toUpperCase())));
  return finish(cards, join([table, ...heap.parts], BLOCK), where);
}

function isStructure(key: string): boolean {
  return STRUCTURE.test(key.toUpperCase());
}

function nameCard(name: string, primary: boolean): Card[] {
  return name === "" || (primary && name === "PRIMARY")
    ? []
    : [{ key: "EXTNAME", value: name, comment: "name of this HDU" }];
}

/** Adds the checksums to the header. `data` are padded. */
function finish(cards: readonly Card[], data: Uint8Array, where: string): Uint8Array[] {
  const dataSum = sum32(data);
  const withChecksum = (value: string) =>
    formatHeader(
      [
        ...cards,
        { key: "CHECKSUM", value, comment: "HDU checksum" },
        { key: "DATASUM", value: String(dataSum), comment: "data unit checksum" },
      ],
      where,
    );
  const zero = withChecksum("0".repeat(16));
  return [withChecksum(encodeChecksum(sum32(zero, dataSum))), data];
}

/** All parts in one array, filled up with zeros to a multiple of `block`. */
function join(parts: readonly Uint8Array[], block: number): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new Uint8Array(Math.ceil(size / block) * block);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
