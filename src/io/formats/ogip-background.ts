import { sniffSpectrum } from "./ogip-pha.js";
import { NO } from "./sniff.js";
import type { FileFormat } from "./types.js";

export const ogipBackgroundFormat: FileFormat = {
  name: "ogip-background",
  about: "background spectrum (OGIP PHA)",
  holds: [],
  sniff(file) {
    const { certainty, role } = sniffSpectrum(file);
    return role === "BKG" ? certainty : NO;
  },
  isCompanion: true,
  remedy: "it is read with the spectrum whose BACKFILE names it: give that one",
};
