/** What a TrueType or OpenType font says of itself (ISO/IEC 14496-22): its family, and the characters that it has. */
import { FormatError } from "../errors.js";
import { readPlain } from "./read-file.js";

export interface Font {
  readonly family: string;
  has(code: number): boolean;
}

/** @throws FormatError where the file is missing, or no font with a table of characters. */
export async function readFont(path: string): Promise<Font> {
  const bytes = await readPlain(path);
  try {
    return parseFont(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FormatError(`${path}: no font, or a damaged one; expected a file .ttf, .otf or .ttc`);
  }
}

function parseFont(view: DataView): Font {
  const isCollection = view.getUint32(0) === TTCF;
  const start = isCollection ? view.getUint32(12) : 0;
  const tables = new Map<string, number>();
  for (let k = 0; k < view.getUint16(start + 4); k++) {
    const at = start + 12 + 16 * k;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
    tables.set(tag, view.getUint32(at + 8));
  }
  const [cmap, name] = [tables.get("cmap"), tables.get("name")];
  if (cmap === undefined || name === undefined) throw new RangeError("no cmap or name");
  return { family: familyOf(view, name), has: charactersOf(view, cmap) };
}

const TTCF = 0x74746366;
/** Name 1 is the family. */
const FAMILY = 1;
const WINDOWS = 3;

function familyOf(view: DataView, at: number): string {
  const strings = at + view.getUint16(at + 4);
  for (let k = 0; k < view.getUint16(at + 2); k++) {
    const [platform, , , id, length, offset] = [0, 2, 4, 6, 8, 10].map((i) => view.getUint16(at + 6 + 12 * k + i));
    if (platform !== WINDOWS || id !== FAMILY) continue;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + strings + offset!, length!);
    return new TextDecoder("utf-16be").decode(bytes);
  }
  throw new RangeError("no family");
}

/** From the subtable of format 12 (all of Unicode), else 4 (its first 65536). */
function charactersOf(view: DataView, cmap: number): (code: number) => boolean {
  const places = Array.from({ length: view.getUint16(cmap + 2) }, (_, k) => cmap + view.getUint32(cmap + 8 + 8 * k));
  const found = (format: number) => places.find((at) => view.getUint16(at) === format);
  const [long, short] = [found(12), found(4)];
  if (long !== undefined) {
    const n = view.getUint32(long + 12);
    return (code) =>
      Array.from({ length: n }, (_, k) => long + 16 + 12 * k).some(
        (at) => code >= view.getUint32(at) && code <= view.getUint32(at + 4),
      );
  }
  if (short === undefined) throw new RangeError("no table of characters");
  const n = view.getUint16(short + 6) / 2;
  return (code) => code <= 0xffff && glyphAt(view, short, n, code) !== 0;
}

function glyphAt(view: DataView, at: number, n: number, code: number): number {
  const [ends, starts, deltas, offsets] = [14, 16 + 2 * n, 16 + 4 * n, 16 + 6 * n].map((o) => at + o) as number[];
  for (let k = 0; k < n; k++) {
    if (code > view.getUint16(ends! + 2 * k)) continue;
    const start = view.getUint16(starts! + 2 * k);
    if (code < start) return 0;
    const offset = view.getUint16(offsets! + 2 * k);
    const glyph = offset === 0 ? code : view.getUint16(offsets! + 2 * k + offset + 2 * (code - start));
    return glyph === 0 ? 0 : (glyph + view.getUint16(deltas! + 2 * k)) & 0xffff;
  }
  return 0;
}
