import { FormatError, UnsupportedError } from "../errors.js";
import { asciiColumns } from "./ascii.js";
import { decodeNumbers, gather, LETTERS, type Scaling } from "./bytes.js";
import { sum32 } from "./checksum.js";
import { binaryColumns } from "./columns.js";
import { getCard, headerNumber } from "./header.js";
import { BLOCK, parseHeader } from "./parse.js";
import { imageCards, isTiled, tilingOf } from "./tiles/header.js";
import { readTiles } from "./tiles/read.js";
import type { Card, Column, FitsArray, Hdu, ImageHdu } from "./types.js";

export interface ReadFitsOptions {
  /** Name of the file, for messages. */
  readonly where?: string;
  /** Compare CHECKSUM and DATASUM, where they stand in the header, with the bytes. */
  readonly verify?: boolean;
  /** Images come without data and tables without columns; the bytes may then end before the data do. */
  readonly headersOnly?: boolean;
}

/** Rows without bytes cost nothing in the file, but memory here. */
const MAX_EMPTY_ROWS = 2 ** 24;

/**
 * The HDUs of a FITS file (FITS 4.0). Pixels and columns are decoded when `data` is first read, so `bytes` must not
 * change. ASCII tables come as the binary tables that hold the same values.
 */
export function readFits(bytes: Uint8Array, options: ReadFitsOptions = {}): Hdu[] {
  const where = options.where ?? "FITS bytes";
  // A plain view, also of a Node Buffer.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  requireFits(file, where);
  const hdus: Hdu[] = [];
  let start = 0;
  while (start < file.length && (hdus.length === 0 || isExtension(file, start, where, hdus))) {
    const { hdu, end } = readHdu(file, start, hdus.length, where, options);
    hdus.push(hdu);
    start = end;
  }
  return hdus;
}

function requireFits(file: Uint8Array, where: string): void {
  if (file.length === 0)
    throw new FormatError(`${where}: the file is empty, expected FITS; fetch it again`, { code: "damaged", where });
  if (file[0] === 0x1f && file[1] === 0x8b) {
    throw new FormatError(`${where}: these are gzip bytes, expected plain FITS; inflate them (gunzip) before readFits`);
  }
  const found = text(file, 0, 30);
  if (!found.startsWith("SIMPLE  =")) {
    throw new FormatError(
      `${where}: not a FITS file: it starts with ${JSON.stringify(found)}, expected "SIMPLE  =                    T"; check that this is the right file and that the download was complete`,
      { code: "damaged", where },
    );
  }
}

/** Whether an extension starts here; blank or zero bytes up to the end of the file are passed over. */
function isExtension(file: Uint8Array, start: number, where: string, hdus: readonly Hdu[]): boolean {
  if (text(file, start, 8) === "XTENSION") return true;
  if (file.subarray(start).every((byte) => byte === 0 || byte === 0x20)) return false;
  throw new FormatError(
    `${where}: ${file.length - start} bytes follow HDU ${hdus.length - 1} (${hdus.at(-1)!.name}) and start with ${JSON.stringify(text(file, start, 8))}, expected "XTENSION" or the end of the file; the file is damaged, fetch it again`,
    { code: "damaged", where },
  );
}

function text(file: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...file.subarray(start, start + length));
}

function readHdu(file: Uint8Array, start: number, index: number, where: string, options: ReadFitsOptions) {
  const { cards: header, end: dataStart } = parseHeader(file, start, `${where}: HDU ${index}`);
  const extname = getCard(header, "EXTNAME")?.value;
  const name = typeof extname === "string" && extname !== "" ? extname : index === 0 ? "PRIMARY" : "";
  const at = `${where}: HDU ${index} (${name})`;
  const { axes, bitpix, size } = dataSize(header, at);
  const found = Math.max(0, file.length - dataStart);
  if (found < size && !options.headersOnly) {
    throw new FormatError(
      `${at}: the data are truncated: found ${found} of the ${size} bytes that the header (BITPIX ${bitpix}, axes ${axes.join(" x ")}) promises; fetch the file again`,
      { code: "damaged", where: at },
    );
  }
  const end = dataStart + Math.ceil(size / BLOCK) * BLOCK;
  if (options.verify) verifyChecksums(file, header, start, dataStart, Math.min(end, file.length), at);
  const data = file.subarray(dataStart, Math.min(dataStart + size, file.length));
  return { hdu: makeHdu(data, name, header, axes, bitpix, at, options.headersOnly === true), end };
}

function makeHdu(
  data: Uint8Array,
  name: string,
  header: readonly Card[],
  axes: readonly number[],
  bitpix: number,
  at: string,
  headersOnly: boolean,
): Hdu {
  const extension = getCard(header, "XTENSION")?.value ?? "IMAGE";
  if (extension === "BINTABLE" || extension === "A3DTABLE" || extension === "TABLE") {
    const nrows = axes[1] ?? 0;
    if (axes[0] === 0 && nrows > MAX_EMPTY_ROWS) {
      throw new FormatError(`${at}: the table has ${nrows} rows of no bytes; the header is damaged`, {
        code: "damaged",
        where: at,
      });
    }
    if (extension === "BINTABLE" && isTiled(header)) return tiledImage(data, name, header, axes, at, headersOnly);
    let columns: readonly Column[] = [];
    if (!headersOnly) columns = (extension === "TABLE" ? asciiColumns : binaryColumns)(data, header, axes, at);
    return { kind: "table", name, header, nrows, columns };
  }
  const shape = axes.toReversed();
  if (headersOnly || shape.length === 0 || (extension !== "IMAGE" && extension !== "IUEIMAGE")) {
    return { kind: "image", name, header, shape, data: null };
  }
  return lazyImage({ name, header, shape }, () =>
    decodeNumbers(gather(data, 0, 1, data.length, data.length), LETTERS[bitpix]!, scaling(header, at)),
  );
}

function lazyImage(base: Pick<ImageHdu, "name" | "header" | "shape">, decode: () => FitsArray): ImageHdu {
  let pixels: FitsArray | undefined;
  return {
    kind: "image",
    ...base,
    get data() {
      pixels ??= decode();
      return pixels;
    },
  };
}

/** The image in a table of compressed tiles. */
function tiledImage(
  data: Uint8Array,
  name: string,
  tableHeader: readonly Card[],
  axes: readonly number[],
  at: string,
  headersOnly: boolean,
): ImageHdu {
  const tiling = tilingOf(tableHeader, at);
  const header = imageCards(tableHeader, tiling);
  const shape = tiling.axes.toReversed();
  if (headersOnly) return { kind: "image", name, header, shape, data: null };
  const columns = binaryColumns(data, tableHeader, axes, at);
  const table = { columns, nrows: axes[1] ?? 0, size: data.length, header: tableHeader };
  return lazyImage({ name, header, shape }, () => readTiles(table, tiling, scaling(header, at), at));
}

function scaling(header: readonly Card[], at: string): Scaling {
  const scale = headerNumber(header, "BSCALE", at, 1);
  const zero = headerNumber(header, "BZERO", at, 0);
  const blank = getCard(header, "BLANK")?.value;
  const isInteger = typeof blank === "bigint" || Number.isInteger(blank);
  return isInteger ? { scale, zero, blank: BigInt(blank as number | bigint) } : { scale, zero };
}

/** Axes [NAXIS1, NAXIS2, ...] and the bytes of data without padding (FITS 4.0, equations 1 and 2). */
export function dataSize(header: readonly Card[], at: string) {
  const bitpix = headerNumber(header, "BITPIX", at);
  if (LETTERS[bitpix] === undefined) {
    throw new FormatError(`${at}: BITPIX is ${bitpix}, expected 8, 16, 32, 64, -32 or -64; the header is damaged`, {
      code: "damaged",
      where: at,
    });
  }
  const naxis = count(header, "NAXIS", at, 999);
  const axes = Array.from({ length: naxis }, (_, i) => count(header, `NAXIS${i + 1}`, at));
  if (axes[0] === 0 && getCard(header, "GROUPS")?.value === true) {
    throw new UnsupportedError(`${at}: random groups are not read; convert the file to a binary table first`);
  }
  const pcount = count(header, "PCOUNT", at, undefined, 0);
  const gcount = count(header, "GCOUNT", at, undefined, 1);
  const values = naxis === 0 ? 0 : axes.reduce((product, n) => product * n, 1);
  const size = (Math.abs(bitpix) / 8) * gcount * (pcount + values);
  if (!Number.isSafeInteger(size)) {
    throw new FormatError(
      `${at}: the axes ${axes.join(" x ")} make ${size} bytes, which no file holds; the header is damaged`,
      { code: "damaged", where: at },
    );
  }
  return { axes, bitpix, size };
}

function count(header: readonly Card[], key: string, at: string, max?: number, fallback?: number): number {
  const value = headerNumber(header, key, at, fallback);
  if (Number.isInteger(value) && value >= 0 && value <= (max ?? Number.MAX_SAFE_INTEGER)) return value;
  throw new FormatError(
    `${at}: ${key} is ${value}, expected an integer from 0${max === undefined ? "" : ` to ${max}`}; the header is damaged`,
  );
}

function verifyChecksums(
  file: Uint8Array,
  header: readonly Card[],
  start: number,
  dataStart: number,
  end: number,
  at: string,
): void {
  const stored = getCard(header, "DATASUM")?.value;
  const dataSum = sum32(file.subarray(dataStart, end));
  // 0 and 2^32 - 1 are the two zeros of ones' complement.
  const wrap = (sum: number) => sum % (2 ** 32 - 1);
  if (stored !== undefined && stored !== null && stored !== "" && wrap(Number(stored)) !== wrap(dataSum)) {
    throw new FormatError(
      `${at}: the data have changed since they were written: their sum is ${dataSum}, DATASUM says ${stored}; fetch the file again`,
      { code: "damaged", where: at },
    );
  }
  const checksum = getCard(header, "CHECKSUM")?.value;
  if (typeof checksum !== "string" || checksum === "") return;
  if (wrap(sum32(file.subarray(start, dataStart), dataSum)) !== 0) {
    throw new FormatError(
      `${at}: the header or the data have changed since they were written: CHECKSUM does not hold; fetch the file again`,
      { code: "damaged", where: at },
    );
  }
}
