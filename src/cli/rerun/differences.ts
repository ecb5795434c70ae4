/** Where two results differ, by what is in them. */
import { type Card, type Column, type Hdu, readFits } from "../../fits/index.js";
import { FIT_RESULT_FORMAT } from "../../io/fit-result.js";
import { openYaml } from "../../io/yaml/open.js";
import { readPlain } from "../../io/yaml/source.js";

export interface Difference {
  /** Key, HDU and column, line. */
  readonly where: string;
  readonly before: unknown;
  readonly after: unknown;
  /** after - before, of numbers. */
  readonly difference?: number;
}

/** Of the values there are, nobody reads more. */
const LISTED = 20;

/** Of files without their provenance; `folder`: where the second one was written, which its texts may name. */
export function differencesOf(before: Uint8Array, after: Uint8Array, folder: string): readonly Difference[] {
  if (sameBytes(before, after)) return [];
  const [start, text] = [
    String.fromCharCode(...before.subarray(0, 40)),
    (bytes: Uint8Array) => new TextDecoder().decode(bytes),
  ];
  const out: Difference[] = [];
  const add = (one: Difference) => {
    if (!isMoved(one, folder) && out.push(one) === LISTED) out.push({ where: "...", before: "", after: "" });
  };
  if (start.startsWith("SIMPLE")) compareFits(readFits(before), readFits(after), add);
  else if (/^\s*\{/.test(start)) comparePlain(JSON.parse(text(before)), JSON.parse(text(after)), "", add);
  else if (start.startsWith(`format: ${FIT_RESULT_FORMAT}`))
    comparePlain(plain(text(before)), plain(text(after)), "", add);
  else if (before.subarray(0, 4096).includes(0)) add({ where: "bytes", before: before.length, after: after.length });
  else compareLines(text(before).split("\n"), text(after).split("\n"), add);
  return out.slice(0, LISTED + 1);
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Whether a text differs only by the folder that it was written to. */
function isMoved({ before, after }: Difference, folder: string): boolean {
  if (typeof before !== "string" || typeof after !== "string" || !after.startsWith(`${folder}/`)) return false;
  const rest = after.slice(folder.length + 1);
  return before === rest || before.endsWith(`/${rest}`);
}

type Add = (one: Difference) => void;

const plain = (text: string): unknown => {
  const source = openYaml(text, "");
  return readPlain(source, source.document.contents);
};

const isObject = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === "object" && x !== null;

export function comparePlain(before: unknown, after: unknown, where: string, add: Add): void {
  if (Object.is(before, after)) return;
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const inner = Array.isArray(before) ? `${where}[${key}]` : where === "" ? key : `${where}.${key}`;
      comparePlain(before[key], after[key], inner, add);
    }
    return;
  }
  add(changed(where, before, after));
}

function changed(where: string, before: unknown, after: unknown): Difference {
  const both = typeof before === "number" && typeof after === "number";
  return { where, before, after, ...(both && { difference: after - before }) };
}

function compareFits(before: readonly Hdu[], after: readonly Hdu[], add: Add): void {
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const [a, b] = [before[i], after[i]];
    const at = `HDU ${i} (${a?.name ?? b?.name})`;
    if (a === undefined || b === undefined) add({ where: at, before: a?.name ?? "absent", after: b?.name ?? "absent" });
    else {
      compareCards(a.header, b.header, at, add);
      if (a.kind === "image" && b.kind === "image") compareValues(a.data, b.data, at, add);
      if (a.kind === "table" && b.kind === "table") compareColumns(a.columns, b.columns, at, add);
    }
  }
}

function compareCards(before: readonly Card[], after: readonly Card[], at: string, add: Add): void {
  const cards = (header: readonly Card[]) =>
    new Map(
      header
        .filter(({ key }) => !/^(CHECKSUM|DATASUM)$/.test(key))
        .map((card, i) => [named(card, i), card.value ?? card.comment]),
    );
  const [a, b] = [cards(before), cards(after)];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    if (a.get(key) !== b.get(key)) add(changed(`${at}: ${key}`, a.get(key), b.get(key)));
  }
}

/** Cards of texts stand more than once. */
const named = ({ key, value }: Card, i: number) => (value === undefined ? `${key} (card ${i + 1})` : key);

function compareColumns(before: readonly Column[], after: readonly Column[], at: string, add: Add): void {
  for (const column of before) {
    const other = after.find(({ name }) => name === column.name);
    if (other === undefined) add({ where: `${at}: column ${column.name}`, before: "there", after: "absent" });
    else
      compareValues(
        column.data as ArrayLike<unknown>,
        other.data as ArrayLike<unknown>,
        `${at}: column ${column.name}`,
        add,
      );
  }
  for (const { name } of after) {
    if (!before.some((column) => column.name === name))
      add({ where: `${at}: column ${name}`, before: "absent", after: "there" });
  }
}

/** The first value that differs stands for all of them, with how many there are and the largest difference. */
function compareValues(
  before: ArrayLike<unknown> | null,
  after: ArrayLike<unknown> | null,
  at: string,
  add: Add,
): void {
  const [a, b] = [before ?? [], after ?? []];
  if (a.length !== b.length) {
    add(changed(`${at}: number of values`, a.length, b.length));
    return;
  }
  const odd = Array.from({ length: a.length }, (_, i) => i).filter((i) => !same(a[i], b[i]));
  const [first] = odd;
  if (first === undefined) return;
  const steps = odd.map((i) => Math.abs(Number(b[i]) - Number(a[i]))).filter((x) => x > 0);
  const most = steps.reduce((x, y) => Math.max(x, y), 0);
  add(
    changed(
      `${at}: ${odd.length} of ${a.length} values, by up to ${most.toPrecision(3)}; the first, [${first}]`,
      a[first],
      b[first],
    ),
  );
}

const same = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || (isObject(a) && isObject(b) && JSON.stringify(a) === JSON.stringify(b));

function compareLines(before: readonly string[], after: readonly string[], add: Add): void {
  if (before.length !== after.length) add(changed("number of lines", before.length, after.length));
  for (let i = 0; i < Math.min(before.length, after.length); i++) {
    if (before[i] !== after[i]) add({ where: `line ${i + 1}`, before: before[i], after: after[i] });
  }
}
