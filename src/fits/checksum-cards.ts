/** The cards CHECKSUM and DATASUM of an HDU. */
import { encodeChecksum, sum32 } from "./checksum.js";
import { formatCard, putText } from "./format.js";
import { CARD } from "./parse.js";
import type { Card } from "./types.js";

const dataSumCard = (value: string): Card => ({ key: "DATASUM", value, comment: "data unit checksum" });

/** The last cards of a header, before its sums are known. */
export const CHECKSUMS: readonly Card[] = [
  { key: "CHECKSUM", value: "0".repeat(16), comment: "HDU checksum" },
  dataSumCard("0"),
];

/** Puts the sums of the data, then of the whole HDU, into the two cards that stand before END. */
export function sign(header: Uint8Array, data: Uint8Array): void {
  let end = header.length - 1;
  while (header[end] === 0x20) end--;
  const datasum = end - 2 - CARD;
  const sum = sum32(data);
  putText(header, datasum, formatCard(dataSumCard(String(sum)), "DATASUM").join(""));
  // a text value starts after the keyword, "= " and the quote
  putText(header, datasum - CARD + 11, encodeChecksum(sum32(header, sum)));
}
