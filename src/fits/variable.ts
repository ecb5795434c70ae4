import { FormatError } from "../errors.js";
import { decodeNumbers, decodeText, ELEMENT_BYTES, gather } from "./bytes.js";
import { bits, columnBase, type Field, type Form, lazyColumn, logicals, numberDecoder, text } from "./column.js";
import type { Card, Column, FitsArray } from "./types.js";

/** How much more than the heap's bytes its arrays may take, where they overlap: those of a good file overlap only as wholes, which are decoded once. */
const MAX_OVERLAP = 4;

interface VariableField extends Field {
  readonly form: Form;
  /** Byte of `data` where the heap starts. */
  readonly heapStart: number;
}

/** A column of variable-length arrays (FITS 4.0, section 7.3.5): one array, or one string, a row. */
export function variableColumn(field: VariableField): Column {
  const { form, cards } = field;
  const { letter, pointer } = form;
  const isNumber = letter !== "A" && letter !== "L" && letter !== "X";
  const decoder = isNumber ? numberDecoder(letter, cards) : undefined;
  const base = columnBase(cards, decoder?.dropNull ?? false);
  const tdim = text(cards, "TDIM");
  const keywords: readonly Card[] = [
    ...(base.keywords ?? []),
    ...(tdim === "" ? [] : [{ ...cards.get("TDIM")!, key: "TDIM" }]),
  ];
  const format = pointer + (decoder?.format ?? letter);
  return lazyColumn({ ...base, ...(keywords.length > 0 && { keywords }), format, shape: [] }, () => {
    const { counts, starts, ofRow } = distinct(field, descriptors(field));
    const arrays = decodeArrays(field, { counts, starts }, decoder?.decode);
    return ofRow.map((k) => arrays[k]) as string[] | FitsArray[];
  });
}

interface Arrays {
  readonly counts: readonly number[];
  readonly starts: readonly number[];
}

function decodeArrays(
  field: VariableField,
  { counts, starts }: Arrays,
  decode: ((raw: Uint8Array) => FitsArray) | undefined,
): (string | FitsArray)[] {
  const { letter } = field.form;
  if (letter === "A") return counts.map((n, k) => decodeText(field.data, starts[k]!, n));
  const raw = concatenate(field, counts, starts);
  let at = 0;
  if (letter === "X") return counts.map((n) => bits(raw.subarray(at, (at += Math.ceil(n / 8))), 1, n));
  const flat = decode ? decode(raw) : logicals(raw);
  const parts = letter === "C" || letter === "M" ? 2 : 1;
  return counts.map((n) => flat.subarray(at, (at += n * parts)) as FitsArray);
}

/** Bytes of `n` elements. */
function arrayBytes(letter: string, n: number): number {
  return letter === "X" ? Math.ceil(n / 8) : n * ELEMENT_BYTES[letter]!;
}

/** Number of elements and first byte in `data` of each row's array, checked against the heap. */
function descriptors({ data, start, nrows, stride, form, heapStart, where }: VariableField) {
  const counts = new Array<number>(nrows).fill(0);
  const starts = new Array<number>(nrows).fill(heapStart);
  if (form.repeat === 0) return { counts, starts };
  const wide = form.pointer === "Q";
  const raw = gather(data, start, nrows, stride, wide ? 16 : 8);
  const pairs = decodeNumbers(raw, wide ? "K" : "J", { scale: 1, zero: 0 });
  for (let r = 0; r < nrows; r++) {
    const n = Number(pairs[2 * r]!);
    const at = heapStart + Number(pairs[2 * r + 1]!);
    if (n === 0) continue;
    if (n < 0 || at < heapStart || at + arrayBytes(form.letter, n) > data.length) {
      throw new FormatError(
        `${where}: row ${r + 1} points to ${n} elements at byte ${at - heapStart} of the heap, which has ${data.length - heapStart} bytes; the file is damaged, fetch it again`,
        { code: "damaged", where },
      );
    }
    counts[r] = n;
    starts[r] = at;
  }
  return { counts, starts };
}

/** The arrays without those that a row before has too, and which one belongs to each row. */
function distinct({ data, form, where }: VariableField, { counts, starts }: Arrays): Arrays & { ofRow: number[] } {
  const out = { counts: [] as number[], starts: [] as number[], ofRow: new Array<number>(counts.length) };
  const known = new Map<number, number>();
  let total = 0;
  for (let r = 0; r < counts.length; r++) {
    const [n, at] = [counts[r]!, starts[r]!];
    let k = known.get(at);
    if (k === undefined || out.counts[k] !== n) {
      k = out.counts.push(n) - 1;
      out.starts.push(at);
      known.set(at, k);
      total += arrayBytes(form.letter, n);
    }
    out.ofRow[r] = k;
  }
  if (total > MAX_OVERLAP * data.length) {
    throw new FormatError(
      `${where}: the variable-length arrays add up to ${total} bytes in a heap of ${data.length}; the file is damaged, fetch it again`,
      { code: "damaged", where },
    );
  }
  return out;
}

function concatenate({ data, form }: VariableField, counts: readonly number[], starts: readonly number[]) {
  const raw = new Uint8Array(counts.reduce((sum, n) => sum + arrayBytes(form.letter, n), 0));
  let to = 0;
  counts.forEach((n, k) => {
    const size = arrayBytes(form.letter, n);
    raw.set(data.subarray(starts[k]!, starts[k]! + size), to);
    to += size;
  });
  return raw;
}
