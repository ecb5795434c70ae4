import type { OnOffDataset } from "../../datasets/types.js";
import { hasColumns, keyword } from "../hdu.js";
import { ogipOfFile, ogipSpectra } from "../ogip/read.js";
import { writeOgip } from "../ogip/write.js";
import { LIKELY, NO, SURE, tablesOf } from "./sniff.js";
import type { Certainty, DatasetFormat, OpenedFile } from "./types.js";
import { withWriter } from "./with-writer.js";

/** How sure the file is a spectrum, with the word that says of what ("" or TOTAL, BKG, NET). */
export function sniffSpectrum(file: OpenedFile): { readonly certainty: Certainty; readonly role: string } {
  const roles = tablesOf(file)
    .filter((table) => keyword(table, "HDUCLAS1") === "SPECTRUM")
    .map((table) => keyword(table, "HDUCLAS2"));
  // a spectrum may have its background beside it
  if (roles.length > 0) return { certainty: SURE, role: roles.find((role) => role !== "BKG") ?? "BKG" };
  // the name alone is that of other spectra too (csspec)
  const isNamed = tablesOf(file).some(
    (table) =>
      table.name.toUpperCase() === "SPECTRUM" &&
      ["channel", "counts", "rate"].some((column) => hasColumns(table, column)),
  );
  return { certainty: isNamed ? LIKELY : NO, role: "" };
}

export const ogipPhaReader: DatasetFormat = {
  name: "ogip-pha",
  tag: "ogip",
  about: "counts spectrum (OGIP PHA)",
  holds: ["datasets"],
  hasParts: true,
  sniff(file) {
    const { certainty, role } = sniffSpectrum(file);
    return role === "BKG" ? NO : certainty;
  },
  read: async (file, { files, name, onNote }) => ({ datasets: await ogipSpectra(file, files, { name, onNote }) }),
  dataset: {
    types: ["SpectrumDatasetOnOff"],
    read: (file, { files, name, onNote }) => ogipOfFile(file, files, { name, onNote }),
  },
};

export const ogipPhaFormat = /* @__PURE__ */ withWriter(ogipPhaReader, {
  fileName: (_, stem) => `pha_obs${stem}.fits`,
  write(dataset, name, options) {
    const stem = name.replace(/\.(fits?|pha)$/, "");
    return new Map(Object.entries(writeOgip(dataset as OnOffDataset, { ...options, name: stem })));
  },
});
