/** HISTORY in the primary header of a file that is written already. */
import { CHECKSUMS, sign } from "./checksum-cards.js";
import { formatCard, putText } from "./format.js";
import { BLOCK, CARD, parseHeader } from "./parse.js";
import { dataSize } from "./read.js";

const SUM = /^(CHECKSUM|DATASUM) *=/;

/**
 * The file with these lines of HISTORY in its primary header, and without those that begin with `prefix`. A CHECKSUM is made anew. Lines are printable ASCII of up
 * to 72 characters.
 */
export function withHistory(file: Uint8Array, lines: readonly string[], prefix: string): Uint8Array {
  const { cards, end } = parseHeader(file, 0, "primary header");
  const text = new TextDecoder("latin1").decode(file.subarray(0, end));
  const old = Array.from({ length: end / CARD }, (_, i) => text.slice(i * CARD, (i + 1) * CARD));
  const kept = old
    .slice(
      0,
      old.findIndex((card) => /^END *$/.test(card)),
    )
    .filter((card) => !card.startsWith(`HISTORY ${prefix}`) && !SUM.test(card));
  const isSigned = old.some((card) => SUM.test(card));
  const made = [...lines.map((comment) => ({ key: "HISTORY", comment })), ...(isSigned ? CHECKSUMS : [])];
  const whole = [...kept, ...made.flatMap((card) => formatCard(card, "primary header")), "END".padEnd(CARD)].join("");
  const length = Math.ceil(whole.length / BLOCK) * BLOCK;
  const out = new Uint8Array(length + file.length - end);
  putText(out, 0, whole.padEnd(length));
  out.set(file.subarray(end), length);
  if (isSigned) {
    const { size } = dataSize(cards, "primary header");
    const data = Math.ceil(size / BLOCK) * BLOCK;
    sign(out.subarray(0, length), out.subarray(length, length + data));
  }
  return out;
}

/** The lines of HISTORY in the primary header that begin with `prefix`, without it. */
export function historyOf(file: Uint8Array, prefix: string, where: string): string[] {
  const { cards } = parseHeader(file, 0, where);
  return cards.flatMap(({ key, comment = "" }) =>
    key === "HISTORY" && comment.startsWith(prefix) ? [comment.slice(prefix.length)] : [],
  );
}
