/** The header of a tile-compressed image (FITS 4.0, section 10.1.2): what it says of the tiles, and the cards of the image in them. */
import { FormatError, UnsupportedError } from "../../errors.js";
import { columnKey } from "../column.js";
import { getCard, headerNumber, headerString } from "../header.js";
import type { Card } from "../types.js";
import type { Dither } from "./dither.js";
import { riceLayout } from "./rice.js";

export const isTiled = (header: readonly Card[]): boolean => getCard(header, "ZIMAGE")?.value === true;

export interface Tiling {
  readonly algorithm: "RICE_1" | "GZIP_1" | "GZIP_2" | "HCOMPRESS_1" | "PLIO_1" | "NOCOMPRESS";
  readonly bitpix: number;
  /** ZNAXIS1, ZNAXIS2 ... and the same of a tile. */
  readonly axes: readonly number[];
  readonly tile: readonly number[];
  readonly blockSize: number;
  readonly bytePix: number;
  readonly smooth: boolean;
  readonly dither: Dither;
  readonly seed: number;
}

const ALGORITHMS = ["RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1", "NOCOMPRESS"] as const;
const DITHERS: Readonly<Record<string, Dither>> = { SUBTRACTIVE_DITHER_1: "1", SUBTRACTIVE_DITHER_2: "2" };

export function tilingOf(header: readonly Card[], at: string): Tiling {
  const damaged = (what: string) =>
    new FormatError(`${at}: ${what}; the header is damaged`, { code: "damaged", where: at });
  const text = (key: string, fallback: string) => headerString(header, key, at, fallback).trim().toUpperCase();
  const said = headerString(header, "ZCMPTYPE", at).trim().toUpperCase();
  const algorithm = ALGORITHMS.find((name) => name === (said === "RICE_ONE" ? "RICE_1" : said));
  if (algorithm === undefined) {
    throw new UnsupportedError(
      `${at}: the image is compressed by ${JSON.stringify(said)}, expected one of ${ALGORITHMS.join(", ")}; uncompress it (funpack) first`,
    );
  }
  const bitpix = headerNumber(header, "ZBITPIX", at);
  if (![8, 16, 32, 64, -32, -64].includes(bitpix)) throw damaged(`ZBITPIX is ${bitpix}`);
  const count = (key: string, fallback?: number) => {
    const value = headerNumber(header, key, at, fallback);
    if (!Number.isInteger(value) || value < 1) throw damaged(`${key} is ${value}, expected an integer from 1`);
    return value;
  };
  const naxis = count("ZNAXIS");
  if (naxis > 999) throw damaged(`ZNAXIS is ${naxis}`);
  const axes = Array.from({ length: naxis }, (_, i) => count(`ZNAXIS${i + 1}`));
  const tile = axes.map((n, i) => Math.min(n, count(`ZTILE${i + 1}`, i === 0 ? n : 1)));
  const options = parameters(header);
  const bytePix = options.get("BYTEPIX") ?? Math.min(4, Math.abs(bitpix) / 8);
  const blockSize = options.get("BLOCKSIZE") ?? 32;
  if (algorithm === "RICE_1" && (riceLayout(bytePix) === undefined || !(Number.isInteger(blockSize) && blockSize > 0)))
    throw damaged(`the Rice coding has BYTEPIX ${bytePix} and BLOCKSIZE ${blockSize}`);
  return {
    algorithm,
    bitpix,
    axes,
    tile,
    blockSize,
    bytePix,
    smooth: (options.get("SMOOTH") ?? 0) !== 0,
    dither: DITHERS[text("ZQUANTIZ", "NO_DITHER")] ?? "none",
    seed: headerNumber(header, "ZDITHER0", at, 1),
  };
}

/** ZNAMEi = ZVALi. */
function parameters(header: readonly Card[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const { key, value } of header) {
    const number = /^ZNAME(\d+)$/.exec(key.toUpperCase())?.[1];
    if (number !== undefined && typeof value === "string")
      out.set(value.trim().toUpperCase(), Number(getCard(header, `ZVAL${number}`)?.value));
  }
  return out;
}

/** Keywords of the table, of the tiles, and of the structure of the image, which the writer makes anew. */
const OF_TABLE =
  /^(XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|CHECKSUM|DATASUM|ZIMAGE|ZCMPTYPE|ZBITPIX|ZNAXIS\d*|ZTILE\d+|ZNAME\d+|ZVAL\d+|ZQUANTIZ|ZDITHER0|ZSIMPLE|ZEXTEND|ZBLOCKED|ZTENSION|ZPCOUNT|ZGCOUNT|ZHECKSUM|ZDATASUM|ZMASKCMP|ZSCALE|ZZERO|ZBLANK)$/;

/** The cards that the image had before it was compressed. */
export function imageCards(header: readonly Card[], { bitpix, axes }: Tiling): Card[] {
  const blank = getCard(header, "ZBLANK");
  return [
    { key: "BITPIX", value: bitpix },
    { key: "NAXIS", value: axes.length },
    ...axes.map((value, i) => ({ key: `NAXIS${i + 1}`, value })),
    ...header.filter(({ key }) => !OF_TABLE.test(key.toUpperCase()) && !columnKey(key.toUpperCase())),
    ...(bitpix > 0 && blank && !getCard(header, "BLANK") ? [{ ...blank, key: "BLANK" }] : []),
  ];
}
