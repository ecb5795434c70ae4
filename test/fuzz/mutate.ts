/** Seeded damage to a file: what disks, transfers, editors and scripts do to it. */
import type { Choices } from "./random.js";

const CARD = 80;
const BLOCK = 2880;
const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g;

/** What a number in a text may become. */
const NUMBERS = [
  "0",
  "-1",
  "1e400",
  "-1e400",
  "nan",
  "inf",
  ".nan",
  "1e-400",
  "999999999999",
  "4294967296",
  "1.5",
  "x",
  "",
  "1e5",
  "-0",
  "0x10",
  "1_000",
];

const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

type Mutation = (bytes: Uint8Array, c: Choices) => Uint8Array;

/** Where cards of headers begin, as far as the text before the data of the last HDU says. */
function cardStarts(bytes: Uint8Array): number[] {
  const starts: number[] = [];
  let isHeader = false;
  for (let block = 0; block + BLOCK <= bytes.length; block += BLOCK) {
    const head = latin(bytes.subarray(block, block + 8));
    if (head === "SIMPLE  " || head === "XTENSION") isHeader = true;
    if (!isHeader) continue;
    for (let at = block; at < block + BLOCK; at += CARD) {
      const key = latin(bytes.subarray(at, at + 8));
      if (key === "END     ") isHeader = false;
      if (key.trim() !== "" && isHeader) starts.push(at);
    }
  }
  return starts;
}

const byteMutations: readonly Mutation[] = [
  // single bits
  (bytes, { below }) => {
    const out = bytes.slice();
    for (let i = 0; i <= below(4); i++) out[below(out.length)]! ^= 1 << below(8);
    return out;
  },
  (bytes, { below }) => {
    const out = bytes.slice();
    for (let i = 0; i <= below(4); i++) out[below(out.length)] = below(256);
    return out;
  },
  (bytes, { below }) => bytes.slice(0, below(bytes.length)),
  // a piece is lost, or there twice
  (bytes, { below, chance }) => {
    const at = below(bytes.length);
    const n = 1 + below(chance(0.5) ? 16 : bytes.length);
    return chance(0.5)
      ? joined(bytes.subarray(0, at), bytes.subarray(at + n))
      : joined(bytes.subarray(0, at + n), bytes.subarray(at));
  },
  (bytes, { below }) => joined(bytes, new Uint8Array(below(4000)).fill(below(256))),
];

const cardText = (key: string, value: string) => bytesOf(`${key.padEnd(8)}= ${value}`.padEnd(CARD).slice(0, CARD));

const fitsMutations: readonly Mutation[] = [
  // the value of a card becomes another number, or one of another card
  (bytes, { below, chance, pick }) => {
    const starts = cardStarts(bytes);
    if (starts.length === 0) return bytes;
    const [at, from] = [pick(starts), pick(starts)];
    const out = bytes.slice();
    const key = latin(bytes.subarray(at, at + 8)).trimEnd();
    const other = chance(0.4)
      ? latin(bytes.subarray(from + 10, from + CARD))
      : pick([...NUMBERS, "T", "F", "'text'", "'", String(below(40)), `-${below(99)}`]).padStart(20);
    out.set(cardText(key, other), at);
    return out;
  },
  // two cards change places, or values
  (bytes, { chance, pick }) => {
    const starts = cardStarts(bytes);
    if (starts.length === 0) return bytes;
    const [a, b] = [pick(starts), pick(starts)];
    const skip = chance(0.5) ? 8 : 0;
    const out = bytes.slice();
    out.set(bytes.subarray(a + skip, a + CARD), b + skip);
    out.set(bytes.subarray(b + skip, b + CARD), a + skip);
    return out;
  },
  // a digit in a value
  (bytes, { below, pick }) => {
    const starts = cardStarts(bytes);
    if (starts.length === 0) return bytes;
    const at = pick(starts);
    const digits = Array.from({ length: 60 }, (_, i) => at + 10 + i).filter((i) => bytes[i]! >= 48 && bytes[i]! < 58);
    const out = bytes.slice();
    if (digits.length > 0) out[pick(digits)] = 48 + below(10);
    return out;
  },
  // a card becomes a comment
  (bytes, { pick }) => {
    const starts = cardStarts(bytes);
    if (starts.length === 0) return bytes;
    const out = bytes.slice();
    out.set(bytesOf("COMMENT   ".padEnd(10)), pick(starts));
    return out;
  },
];

const lines = (bytes: Uint8Array) => latin(bytes).split("\n");

const textMutations: readonly Mutation[] = [
  // a number becomes another
  (bytes, { pick }) => {
    const text = latin(bytes);
    const found = [...text.matchAll(NUMBER)];
    if (found.length === 0) return bytes;
    const { index, 0: old } = pick(found);
    return bytesOf(text.slice(0, index) + pick(NUMBERS) + text.slice(index + old.length));
  },
  (bytes, { below, chance }) => {
    const all = lines(bytes);
    const [at, to] = [below(all.length), below(all.length)];
    const line = all[at]!;
    if (chance(0.5)) all.splice(at, 1);
    if (chance(0.7)) all.splice(to, 0, line);
    return bytesOf(all.join("\n"));
  },
  // a word of one line stands in another
  (bytes, { pick }) => {
    const text = latin(bytes);
    const words = [...text.matchAll(/[\w.-]+/g)];
    if (words.length === 0) return bytes;
    const { index, 0: old } = pick(words);
    return bytesOf(text.slice(0, index) + pick(words)[0] + text.slice(index + old.length));
  },
  // indents, and signs that mean something
  (bytes, { below, pick }) => {
    const all = lines(bytes);
    const at = below(all.length);
    all[at] = pick([
      ` ${all[at]}`,
      all[at]!.trimStart(),
      `${all[at]}:`,
      `- ${all[at]}`,
      `${all[at]} &a *a`,
      `{${all[at]}`,
      all[at]!.replace(":", ""),
      `? ${all[at]}`,
      `!!binary ${all[at]}`,
    ]);
    return bytesOf(all.join("\n"));
  },
];

/** The files with one to three changes in one of them. */
export function mutated(files: ReadonlyMap<string, Uint8Array>, c: Choices): Map<string, Uint8Array> {
  const name = c.pick([...files.keys()]);
  let bytes = files.get(name)!;
  const special =
    latin(bytes.subarray(0, 6)) === "SIMPLE" ? fitsMutations : isText(bytes) ? textMutations : byteMutations;
  for (let i = 0; i <= c.below(3) && bytes.length > 0; i++) {
    bytes = c.pick(c.chance(0.7) ? special : byteMutations)(bytes, c);
  }
  return new Map(files).set(name, bytes);
}

const isText = (bytes: Uint8Array) => !bytes.subarray(0, 4096).some((byte) => byte < 9);
