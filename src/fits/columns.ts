import { FormatError } from "../errors.js";
import { decodeText, ELEMENT_BYTES, gather } from "./bytes.js";
import {
  bits,
  columnBase,
  columnCards,
  type Field,
  type Form,
  lazyColumn,
  logicals,
  numberDecoder,
  text,
} from "./column.js";
import { headerNumber } from "./header.js";
import type { Card, Column } from "./types.js";
import { variableColumn } from "./variable.js";

/** Columns of a binary table (FITS 4.0, section 7.3); `data` are the table and its heap. */
export function binaryColumns(
  data: Uint8Array,
  header: readonly Card[],
  axes: readonly number[],
  at: string,
): Column[] {
  const [stride = 0, nrows = 0] = axes;
  const heapStart = headerNumber(header, "THEAP", at, stride * nrows);
  if (data.length < stride * nrows) {
    throw new FormatError(
      `${at}: the table of ${nrows} rows of ${stride} bytes has ${data.length} bytes; the header is damaged`,
      { code: "damaged", where: at },
    );
  }
  let offset = 0;
  return columnCards(header, at).map((cards, i) => {
    const where = `${at}: column ${i + 1} (${text(cards, "TTYPE")})`;
    const form = parseForm(text(cards, "TFORM"), where);
    const start = offset;
    offset += form.bytes;
    if (offset > stride) {
      throw new FormatError(
        `${where}: TFORM${i + 1} = '${text(cards, "TFORM")}' ends at byte ${offset} of a row, but NAXIS1 says that rows have ${stride} bytes; the header is damaged`,
        { code: "damaged", where },
      );
    }
    const field = { data, start, nrows, stride, cards, where };
    return form.pointer ? variableColumn({ ...field, heapStart, form }) : fixedColumn(field, form);
  });
}

/** TFORMn = rT, rAw, rPT(max) or rQT(max). */
function parseForm(form: string, where: string): Form {
  const match = /^(\d*)(?:([PQ])([LXBIJKAEDCM])|([LXBIJKAEDCM]))(.*)$/.exec(form.toUpperCase());
  if (!match) {
    throw new FormatError(
      `${where}: TFORM is ${JSON.stringify(form)}, expected a count and one of L X B I J K A E D C M, or P or Q before the letter; correct the header or leave the column out`,
    );
  }
  const repeat = match[1] === "" ? 1 : Number(match[1]);
  const pointer = (match[2] ?? "") as Form["pointer"];
  const letter = match[3] ?? match[4]!;
  if (pointer !== "") return { pointer, letter, repeat, bytes: repeat * (pointer === "P" ? 8 : 16) };
  const bytes = letter === "X" ? Math.ceil(repeat / 8) : repeat * ELEMENT_BYTES[letter]!;
  const substring = letter === "A" ? Number(/^\d+/.exec(match[5]!)?.[0] ?? 0) : 0;
  return { pointer, letter, repeat, bytes, ...(substring > 0 && substring < repeat && { substring }) };
}

function fixedColumn(field: Field, form: Form): Column {
  const { letter, repeat } = form;
  const { data, start, nrows, stride, cards } = field;
  const dims = cellAxes(text(cards, "TDIM"), repeat);
  const cells = () => gather(data, start, nrows, stride, form.bytes);
  if (letter === "A") {
    const width = dims?.[0] ?? form.substring ?? repeat;
    const n = width === 0 ? 1 : Math.floor(repeat / width);
    const shape = dims ? dims.slice(1).reverse() : form.substring ? [n] : [];
    return lazyColumn({ ...columnBase(cards, false), format: "A", shape }, () => strings(field, width, n));
  }
  const shape = dims?.toReversed() ?? (repeat === 1 ? [] : [repeat]);
  if (letter === "L" || letter === "X") {
    return lazyColumn({ ...columnBase(cards, false), format: letter, shape }, () =>
      letter === "L" ? logicals(cells()) : bits(cells(), nrows, repeat),
    );
  }
  const { format, dropNull, decode } = numberDecoder(letter, cards);
  return lazyColumn({ ...columnBase(cards, dropNull), format, shape }, () => decode(cells()));
}

/** TDIMn = (a,b,...) as [a, b, ...], if it agrees with the repeat count. */
function cellAxes(tdim: string, repeat: number): number[] | undefined {
  const match = /^\(\s*(\d+(?:\s*,\s*\d+)*)\s*\)$/.exec(tdim);
  const axes = match ? match[1]!.split(",").map(Number) : [];
  return match && axes.reduce((product, n) => product * n, 1) === repeat ? axes : undefined;
}

function strings({ data, start, nrows, stride }: Field, width: number, n: number): string[] {
  const out: string[] = [];
  for (let r = 0; r < nrows; r++) {
    for (let i = 0; i < n; i++) out.push(decodeText(data, start + r * stride + i * width, width));
  }
  return out;
}
