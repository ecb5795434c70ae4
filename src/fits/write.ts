import { SpecError } from "../errors.js";
import { ARRAY_TYPES, encodeNumbers, scatter, UNSIGNED_ZERO } from "./bytes.js";
import { CHECKSUMS, sign } from "./checksum-cards.js";
import { columnKey } from "./column.js";
import { encodeColumn, type Heap } from "./encode.js";
import { formatHeader } from "./format.js";
import { BLOCK } from "./parse.js";
import { fitsText, withFitsTexts } from "./text.js";
import { compressTiles } from "./tiles/write.js";
import type { Card, Hdu, ImageHdu, TableHdu } from "./types.js";

/** Keywords that follow from the data, so that the writer makes them itself. */
const STRUCTURE =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|EXTEND|EXTNAME|THEAP|BSCALE|BZERO|BLANK|GROUPS|BLOCKED|CHECKSUM|DATASUM|CONTINUE|END)$/;

export interface WriteFitsOptions {
  /** Told which texts had to be changed. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** Images become tables of compressed tiles (.fits.fz): integers by RICE_1, floats to the last bit by GZIP_2; 64-bit integers stay as they are. */
  readonly compress?: boolean;
}

/**
 * A FITS file with CHECKSUM and DATASUM in every HDU. Cards of `header` that describe the structure are made anew; in
 * tables so are those of single columns, which come from `columns` only (`keywords` for TDISP, TLMIN and the like).
 * A first HDU that is a table gets an empty primary HDU before it. Texts become printable ASCII, which is all that FITS can hold.
 */
export function writeFits(hdus: readonly Hdu[], { onNote, compress = false }: WriteFitsOptions = {}): Uint8Array {
  const empty: ImageHdu = { kind: "image", name: "PRIMARY", header: [], shape: [], data: null };
  const first = hdus[0];
  const isPrimary = first?.kind === "image" && !(compress && first.data !== null);
  // the name that Astropy gives to what was the primary image
  const named = (hdu: Hdu) => (hdu.name === "PRIMARY" ? { ...hdu, name: "COMPRESSED_IMAGE" } : hdu);
  const all = isPrimary ? hdus : [empty, ...hdus.map(named)];
  const parts = all.map((given, i) => {
    const where = `HDU ${i} (${fitsText(given.name)})`;
    const hdu = withFitsTexts(given, where, onNote);
    const tiled = compress && hdu.kind === "image" && i > 0 ? tiledPart(hdu, where) : undefined;
    const part = tiled ?? (hdu.kind === "image" ? imagePart(hdu, i === 0, where) : tablePart(hdu, where));
    return { ...part, header: formatHeader([...part.cards, ...CHECKSUMS], where), padded: padded(part.size) };
  });
  const out = new Uint8Array(parts.reduce((sum, { header, padded }) => sum + header.length + padded, 0));
  let at = 0;
  for (const { header, size, padded, put } of parts) {
    const data = at + header.length;
    out.set(header, at);
    if (size > 0) put(out.subarray(data, data + size));
    sign(out.subarray(at, data), out.subarray(data, data + padded));
    at = data + padded;
  }
  return out;
}

const padded = (size: number) => Math.ceil(size / BLOCK) * BLOCK;

/** What an HDU is written from: its cards, and what puts its data into their place, which holds zeros. */
interface Part {
  readonly cards: readonly Card[];
  /** Bytes of data. */
  readonly size: number;
  put(target: Uint8Array<ArrayBuffer>): void;
}

function imagePart(hdu: ImageHdu, primary: boolean, where: string): Part {
  const { data, name } = hdu;
  const shape = data === null ? [] : hdu.shape;
  const type = data === null ? undefined : ARRAY_TYPES[data[Symbol.toStringTag]];
  requireShape(hdu, where);
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
  return { cards, size: data?.byteLength ?? 0, put: (target) => encodeNumbers(data!, target) };
}

function requireShape({ data, shape }: ImageHdu, where: string): void {
  if (data === null) return;
  const size = shape.reduce((product, n) => product * n, 1);
  if (ARRAY_TYPES[data[Symbol.toStringTag]] !== undefined && data.length === size && shape.length > 0) return;
  throw new SpecError(
    `${where}: found ${data.length} values (${data[Symbol.toStringTag]}), expected a typed array of the shape [${shape}]`,
  );
}

/** An image as a table of compressed tiles, where it can be one. */
function tiledPart(hdu: ImageHdu, where: string): Part | undefined {
  requireShape(hdu, where);
  const tiled = hdu.data && compressTiles(hdu.data, hdu.shape);
  if (!tiled) return undefined;
  const { name, header } = hdu;
  const table = tablePart(
    { kind: "table", name, header, nrows: tiled.column.data.length, columns: [tiled.column] },
    where,
  );
  return { ...table, cards: [...table.cards, ...tiled.cards] };
}

function tablePart(hdu: TableHdu, where: string): Part {
  const { nrows, columns } = hdu;
  if (columns.length > 999) throw new SpecError(`${where}: found ${columns.length} columns, FITS holds up to 999`);
  const heap: Heap = { parts: [], size: 0 };
  const encoded = columns.map((column, i) =>
    encodeColumn(column, nrows, heap, `${where}: column ${i + 1} (${column.name})`),
  );
  const stride = encoded.reduce((sum, { cell }) => sum + cell, 0);
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
  const put = (target: Uint8Array<ArrayBuffer>) => {
    let start = 0;
    for (const { bytes, cell } of encoded) {
      scatter(bytes, target, start, stride, cell);
      start += cell;
    }
    let at = stride * nrows;
    for (const part of heap.parts) {
      target.set(part, at);
      at += part.length;
    }
  };
  return { cards, size: stride * nrows + heap.size, put };
}

function isStructure(key: string): boolean {
  return STRUCTURE.test(key.toUpperCase());
}

function nameCard(name: string, primary: boolean): Card[] {
  return name === "" || (primary && name === "PRIMARY")
    ? []
    : [{ key: "EXTNAME", value: name, comment: "name of this HDU" }];
}
