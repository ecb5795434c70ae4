import { FormatError } from "../errors.js";
import { decodeText } from "./bytes.js";
import { columnBase, columnCards, columnScaling, lazyColumn, text } from "./column.js";
import type { Card, Column } from "./types.js";

/** Columns of an ASCII table (FITS 4.0, section 7.2) as those of the binary table that holds the same: A, J, K or D. */
export function asciiColumns(data: Uint8Array, header: readonly Card[], axes: readonly number[], at: string): Column[] {
  const [stride = 0, nrows = 0] = axes;
  return columnCards(header, at).map((cards, i) => {
    const where = `${at}: column ${i + 1} (${text(cards, "TTYPE")})`;
    const form = text(cards, "TFORM");
    const match = /^([AIFED])(\d+)(?:\.(\d+))?/.exec(form.toUpperCase());
    if (!match) {
      throw new FormatError(
        `${where}: TFORM is ${JSON.stringify(form)}, expected Aw, Iw, Fw.d, Ew.d or Dw.d; correct the header or leave the column out`,
      );
    }
    const letter = match[1]!;
    const width = Number(match[2]);
    const start = Number(text(cards, "TBCOL")) - 1;
    if (!Number.isInteger(start) || start < 0 || start + width > stride) {
      throw new FormatError(
        `${where}: TBCOL is ${text(cards, "TBCOL")} and the field has ${width} characters, but rows have ${stride}; the header is damaged`,
        { code: "damaged", where },
      );
    }
    const fields = () => Array.from({ length: nrows }, (_, r) => decodeText(data, r * stride + start, width));
    const base = { ...columnBase(cards, true), shape: [] };
    if (letter === "A") return lazyColumn({ ...base, format: "A" }, fields);
    const { scale, zero } = columnScaling(cards);
    const missing = cards.has("TNULL") ? text(cards, "TNULL") : undefined;
    if (letter === "I" && missing === undefined && scale === 1 && zero === 0) {
      // Nine digits fit into 32 bits.
      return width < 10
        ? lazyColumn({ ...base, format: "J" }, () => Int32Array.from(fields(), (field) => parse(field, 0, where)))
        : lazyColumn({ ...base, format: "K" }, () => BigInt64Array.from(fields(), (field) => parseBig(field, where)));
    }
    const decimals = letter === "I" ? 0 : Number(match[3] ?? 0);
    return lazyColumn({ ...base, format: "D" }, () =>
      Float64Array.from(fields(), (field) =>
        field.trim() === missing ? Number.NaN : parse(field, decimals, where) * scale + zero,
      ),
    );
  });
}

function parseBig(field: string, where: string): bigint {
  const token = field.trim();
  if (!/^([+-]?\d+)?$/.test(token)) throw badNumber(field, where);
  return BigInt(token.replace("+", ""));
}

/** A blank field is zero; without a point the last `decimals` digits stand behind it. */
function parse(field: string, decimals: number, where: string): number {
  const token = field.trim().replace(/[dD]/, "e");
  const value = Number(token);
  if (Number.isNaN(value) && !/^[+-]?nan$/i.test(token)) {
    throw badNumber(field, where);
  }
  const implied = decimals > 0 && token !== "" && !token.includes(".");
  return implied ? value / 10 ** decimals : value;
}

function badNumber(field: string, where: string): FormatError {
  return new FormatError(`${where}: found ${JSON.stringify(field)}, expected a number; the file is damaged`, {
    code: "damaged",
    where,
  });
}
