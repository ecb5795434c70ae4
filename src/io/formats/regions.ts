import { SpecError } from "../../errors.js";
import { formatRegions, parseRegions } from "../../sky/region-text.js";
import type { Region } from "../../sky/types.js";
import { textOf } from "./open.js";
import { LIKELY, NO, SURE } from "./sniff.js";
import type { Contents, FileFormat } from "./types.js";

interface Regions extends Contents {
  readonly regions: readonly Region[];
}

const HEAD = /^\s*#\s*(CRTF|Region file format: DS9)/i;
/** A frame, and a shape somewhere behind it. */
const DS9 =
  /^\s*(global.*\n|#.*\n|\s)*(icrs|fk[45]|galactic|j2000|b1950|image|physical)\s*[;\n][\s\S]*\b(circle|ellipse|box|annulus|polygon|point)\b/i;

export const regionsFormat: FileFormat<Regions> = {
  name: "regions",
  about: "regions of the sky (text of DS9 or CASA)",
  holds: ["regions"],
  sniff: ({ text = "" }) => (HEAD.test(text) ? SURE : DS9.test(text.slice(0, 65_536)) ? LIKELY : NO),
  read: (file) => ({ regions: parseRegions(textOf(file, regionsFormat.about)) }),
  write({ regions }, { name, onNote }) {
    if (!/\.(reg|ds9|crtf)$/i.test(name)) {
      throw new SpecError({
        where: name,
        what: "regions are written as text",
        remedy: "end the name in .reg (DS9) or .crtf (CASA)",
      });
    }
    onNote?.(`${name}: the regions are written without the names and looks that a file may give them`);
    const text = /\.crtf$/i.test(name)
      ? formatRegions(regions, "crtf")
      : `# Region file format: DS9 version 4.1\n${formatRegions(regions).replaceAll(";", "\n")}\n`;
    return new Map([[name, new TextEncoder().encode(text)]]);
  },
};
