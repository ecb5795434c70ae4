/** Drafts of formats of event data that are known by name alone. */
import { keyword } from "../hdu.js";
import { wrongFile } from "./recognise.js";
import { NO, SURE } from "./sniff.js";
import type { FileFormat } from "./types.js";

const remedy = "convert it to the format that Gammapy reads (GADF 0.2 or 0.3)";
const expected = "event data in GADF 0.2 or 0.3: drafts of other formats are not supported";

function draft({ name, about, sniff }: Pick<FileFormat, "name" | "about" | "sniff">): FileFormat {
  return {
    name,
    about,
    holds: [],
    sniff,
    remedy,
    summary: () => ({ text: `  not read: expected ${expected}; ${remedy}`, data: { supported: false } }),
    check: (file, { registry }) => ({ problems: [wrongFile(file, registry.formats, expected).message] }),
  };
}

/** Very-high-energy Open Data Format, level 1: HDUs say so in HDUCLASS, or have the name of its event list. */
export const vodfFormat = draft({
  name: "vodf",
  about: "event data in a draft of VODF",
  sniff: ({ hdus = [] }) =>
    hdus.some((hdu) => /^VODF/i.test(keyword(hdu, "HDUCLASS")) || /^event-list$/i.test(hdu.name.trim())) ? SURE : NO,
});

/** Advanced Scientific Data Format: a YAML text with blocks of bytes behind it. */
export const asdfFormat = draft({
  name: "asdf",
  about: "ASDF file",
  sniff: ({ bytes }) => (String.fromCharCode(...bytes.subarray(0, 6)) === "#ASDF " ? SURE : NO),
});
